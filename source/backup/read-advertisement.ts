import got, {RequestError} from 'got';
import {GitRefused, type GitSignIn} from '../accounts/pool-types.ts';
import {userAgent} from '../accounts/user-agent.ts';
import {basicAuthorization} from '../bitbucket/authentication.ts';
import {parseFirstAdvertisement, parseLsRefs} from './advertisement.ts';
import {delimiter, flush, packetLine} from './packet-lines.ts';
import type {RefList} from './ref-list.ts';
import type {Upstream} from './upstream.ts';

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
): Promise<RefList> {
	const ask = async <Result>(
		request: GitHttpRequest,
		read: (body: Buffer | undefined) => Result,
	): Promise<Result> =>
		pool.withGit({repository: name, requests: 1}, async ({signIn}) =>
			read(await send(request, signIn, signal)),
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
		return refs;
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

			return listed;
		},
	);
}

type GitHttpRequest = {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	/** Content type of the answer. */
	readonly type: string;
	readonly body?: string;
};

/** @returns the answer's body; undefined where it is of another type. */
async function send(
	{method, url, type, body}: GitHttpRequest,
	signIn: GitSignIn,
	signal: AbortSignal,
): Promise<Buffer | undefined> {
	try {
		const answer = await got(url, {
			method,
			headers: {
				'user-agent': userAgent,
				accept: type,
				authorization: basicAuthorization(signIn.username, signIn.password),
				...(body === undefined
					? {}
					: {'content-type': 'application/x-git-upload-pack-request', 'git-protocol': 'version=2'}),
			},
			...(body === undefined ? {} : {body}),
			responseType: 'buffer',
			followRedirect: false,
			throwHttpErrors: false,
			retry: {limit: 0},
			timeout: {connect: 10_000, response: 90_000, socket: 60_000},
			signal,
		});
		const reason = refusalOf(method, answer.statusCode);
		if (reason !== undefined) {
			throw new GitRefused(reason, `the Git server said ${answer.statusCode} to the question for refs`);
		}

		return answer.headers['content-type'] === type ? Buffer.from(answer.body) : undefined;
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof RequestError
			? new GitRefused('connection', `the Git server could not be reached (${error.code})`)
			: error;
	}
}

/** Why another account, or a later attempt, may get what this one did not; other answers are no refusal. */
function refusalOf(method: GitHttpRequest['method'], status: number): GitRefused['reason'] | undefined {
	switch (status) {
		case 401:
			return 'unauthorized';
		case 403:
		case 404:
		case 410:
			// Who may not see a repository is told that there is none. A server may also refuse who does not greet first.
			return method === 'GET' ? 'forbidden' : undefined;
		case 429:
			return 'rate-limited';
		default:
			return status >= 500 ? 'connection' : undefined;
	}
}
