import {GitRefused} from '../accounts/pool-types.ts';
import {parseFirstAdvertisement, parseLsRefs} from './advertisement.ts';
import {askGit, type GitRequest} from './git-request.ts';
import {delimiter, flush, packetLine} from './packet-lines.ts';
import type {RefList} from './ref-list.ts';
import type {Upstream} from './upstream.ts';

/** What upstream has, and whether its server speaks protocol version 2. */
export type Advertisement = RefList & {readonly isVersion2: boolean};

/** Every ref and where HEAD points, in protocol version 2; a server needs no greeting before it. */
const lsRefs = packetLine('command=ls-refs\n') + delimiter + packetLine('symrefs\n') + flush;

/**
Every ref that upstream has now, and where its HEAD points. Spoken in process over a kept connection it takes one request,
where `git ls-remote` takes processes, a refused sign-in and three.

@throws RequestFailed when no account gets an answer.
*/
export async function readAdvertisement(
	{name, cloneUrl, pool}: Upstream,
	signal: AbortSignal,
): Promise<Advertisement> {
	const ask = async <Result>(
		request: Omit<GitRequest, 'patience'>,
		read: (body: Buffer | undefined) => Result,
	): Promise<Result> =>
		pool.withGit({repository: name, requests: 1}, async ({signIn}) =>
			askGit({...request, patience}, signIn, signal, async body =>
				read(body === undefined ? undefined : Buffer.concat(await Array.fromAsync(body))),
			),
		);

	const refs = await ask(
		{
			method: 'POST',
			url: `${cloneUrl}/git-upload-pack`,
			type: 'application/x-git-upload-pack-result',
			body: lsRefs,
		},
		body => (body === undefined ? undefined : parseLsRefs(body)),
	);
	if (refs !== undefined) {
		return {...refs, isVersion2: true};
	}

	// A server that does not speak version 2 lists its refs when it is greeted.
	return ask(
		{
			method: 'GET',
			url: `${cloneUrl}/info/refs?service=git-upload-pack`,
			type: 'application/x-git-upload-pack-advertisement',
		},
		body => {
			const listed = body === undefined ? undefined : parseFirstAdvertisement(body);
			if (listed === undefined) {
				throw new GitRefused('connection', 'what the Git server answered is no list of refs');
			}

			return {...listed, isVersion2: false};
		},
	);
}

/** Milliseconds. */
const patience = 60_000;
