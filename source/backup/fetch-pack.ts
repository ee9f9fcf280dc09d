import {join} from 'node:path';
import {GitRefused} from '../accounts/pool-types.ts';
import {synchroniseFolder} from '../system/durable-file.ts';
import {GitFailed} from '../system/git.ts';
import {sanitize} from '../system/sanitize.ts';
import {areInFirstPack, holdsNothing} from './first-pack.ts';
import {askGit} from './git-request.ts';
import {packRequests} from './git-requests.ts';
import type {Mirror, MirrorReader} from './mirror.ts';
import {isOwnFailure} from './own-failure.ts';
import {delimiter, flush, packetLine} from './packet-lines.ts';
import {BrokenPackets, readPackets} from './packet-stream.ts';
import type {Upstream} from './upstream.ts';

/** A connection on which nothing moves for so long is given up. Bitbucket may think for minutes before it sends. */
const patience = 10 * 60_000;

/** What git says of objects that its checks refuse; old histories contain such. */
const malformedObject = /fsck error|^error: object [0-9a-f]{40,64}: /im;

/** Upstream does not have any more what it advertised: somebody pushed in the meantime. */
export class NotOurRef extends Error {
	override name = 'NotOurRef';
}

/** Something that was said to be here is not, or has not come: all of it is to be fetched. */
export class NotConnected extends Error {
	override name = 'NotConnected';
}

export type FetchPackOptions = {
	readonly mirror: Mirror;
	readonly upstream: Upstream;
	/** Ids of the objects that are asked for, with all that they reach. */
	readonly wants: readonly string[];
	/** Ids of what is here already, with all that it reaches: the server leaves that out. */
	readonly haves: readonly string[];
	readonly onProgressLine?: (line: string) => void;
};

/**
Fetches objects into the mirror; no ref is changed. One request, where `git fetch` takes three after it was found out what there is:
the `fetch` of protocol version 2 (https://git-scm.com/docs/protocol-v2), of which the pack goes straight into `git index-pack`.

Everything wanted is proven to be here with all that it reaches when this returns, and on disk.

@returns whether objects were taken that do not pass git's own checks.
@throws RequestFailed, GitFailed, NotOurRef, NotConnected.
*/
export async function fetchPack(options: FetchPackOptions): Promise<{readonly isUnchecked: boolean}> {
	const isFirst = options.haves.length === 0 && (await holdsNothing(options.mirror));
	let isUnchecked = false;
	try {
		await fetchOnce(options, ['--strict']);
	} catch (error) {
		if (!(error instanceof GitFailed && malformedObject.test(error.stderr)) || isOwnFailure(error)) {
			throw error;
		}

		await fetchOnce(options, []);
		isUnchecked = true;
	}

	await synchroniseFolder(join(options.mirror.folder, 'objects', 'pack'));
	const isProven = isFirst && !isUnchecked && (await areInFirstPack(options.mirror, options.wants));
	if (!isProven && !(await isConnected(options.mirror, options.wants, options.haves))) {
		throw new NotConnected('what the Git server sent is not whole');
	}

	return {isUnchecked};
}

async function fetchOnce(options: FetchPackOptions, checks: readonly string[]): Promise<void> {
	const {mirror, upstream, onProgressLine} = options;
	const {name, pool, cloneUrl, only} = upstream;
	const request = {
		method: 'POST',
		url: `${cloneUrl}/git-upload-pack`,
		type: 'application/x-git-upload-pack-result',
		body: requestFor(options),
		patience,
	} as const;
	await pool.withGit({repository: name, requests: packRequests, only}, async ({signIn}) =>
		askGit(request, signIn, mirror.signal, async body => {
			if (body === undefined) {
				throw new GitRefused('connection', 'the Git server answered with something that is no pack');
			}

			try {
				await mirror.write(['index-pack', '--stdin', '--fix-thin', '-v', ...checks], {
					input: packIn(body),
					...(onProgressLine === undefined ? {} : {onProgressLine}),
				});
			} catch (error) {
				throw reasonOf(error);
			}
		}),
	);
}

/** What is wanted and what is here, said at once: with `done` the server sends without a further question. */
function requestFor({wants, haves}: FetchPackOptions): string {
	return [
		packetLine('command=fetch\n'),
		packetLine('object-format=sha1\n'),
		delimiter,
		packetLine('thin-pack\n'),
		packetLine('ofs-delta\n'),
		packetLine('no-progress\n'),
		...wants.map(id => packetLine(`want ${id}\n`)),
		...haves.map(id => packetLine(`have ${id}\n`)),
		packetLine('done\n'),
		flush,
	].join('');
}

/** The pack in an answer: what comes in the first band after the line `packfile`. */
async function* packIn(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let isPack = false;
	let isWhole = false;
	let band: number | undefined;
	/** What has come of a line; bytes. */
	let line = '';
	for await (const piece of readPackets(body)) {
		if (piece.kind !== 'data') {
			isWhole ||= isPack && piece.kind === 'flush';
			continue;
		}

		let {data} = piece;
		if (isPack && piece.isStart) {
			band = data[0];
			data = data.subarray(1);
		}

		if (isPack && band === bands.pack) {
			yield data;
		} else if (!isPack || band === bands.error) {
			line += data.toString('latin1');
			if (piece.isEnd) {
				isPack = heed(Buffer.from(line, 'latin1').toString().trimEnd(), band);
				line = '';
			}
		}
	}

	if (!isWhole) {
		throw new BrokenPackets('The answer of the Git server breaks off.');
	}
}

/** What comes mixed after the line `packfile`, each packet with the band's number before it; the second tells progress. */
const bands = {pack: 1, error: 3} as const;

/**
Heeds a line of an answer.

@param band Undefined before the pack; then only complaints are lines.
@returns whether the pack comes after it.
*/
function heed(line: string, band: number | undefined): boolean {
	if (band === undefined && !line.startsWith('ERR ')) {
		return line === 'packfile';
	}

	const message = `the Git server said: ${sanitize(band === undefined ? line.slice(4) : line).trim()}`;
	throw /not our ref/.test(line) ? new NotOurRef(message) : new GitRefused('connection', message);
}

/** What an error of taking in the pack comes to: it may come as a whole the next time, or it builds on what is not here. */
function reasonOf(error: unknown): unknown {
	if (error instanceof BrokenPackets) {
		return new GitRefused('connection', error.message);
	}

	if (!(error instanceof GitFailed) || isOwnFailure(error)) {
		return error;
	}

	if (/did not receive expected object|unresolved delta/i.test(error.stderr)) {
		return new NotConnected(error.message, {cause: error});
	}

	return /early EOF|unexpected disconnect|pack is corrupted|inflate/i.test(error.stderr)
		? new GitRefused('connection', error.message)
		: error;
}

/**
Whether objects are in a mirror, with all that they reach.

@param except Ids of which that is known already.
*/
export async function isConnected(
	mirror: MirrorReader,
	ids: readonly string[],
	except: readonly string[],
): Promise<boolean> {
	try {
		await mirror.read(['rev-list', '--objects', '--quiet', '--stdin'], {
			input: [...ids.map(id => `${id}\n`), ...except.map(id => `^${id}\n`)].join(''),
		});
		return true;
	} catch (error) {
		if (error instanceof GitFailed && !isOwnFailure(error)) {
			return false;
		}

		throw error;
	}
}
