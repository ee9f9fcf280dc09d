import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Clock} from '../system/clock.ts';
import {writeDurably} from '../system/durable-file.ts';
import {GitFailed, type GitOptions, git, lockedExitCode, streamGit} from '../system/git.ts';
import {readPlainFile} from '../system/plain-file.ts';
import {tryProcessLock} from '../system/process-lock.ts';
import {MirrorBusy} from './mirror-busy.ts';
import {isConfigOurs, writeMirrorConfig} from './mirror-config.ts';
import {assertRealFolder, makeFolder} from './mirror-folder.ts';
import {listMirror, listMirrorTop, type MirrorListing} from './mirror-listing.ts';
import {assertNothingPlanted} from './planted.ts';
import {createWritingMark, findStaleFiles, findStaleGitFiles, removeStaleFiles} from './stale-files.ts';

export type MirrorGitOptions = Pick<
	GitOptions,
	'input' | 'signIn' | 'noProgressMilliseconds' | 'onProgressLine' | 'environment'
>;

/** A bare repository in the destination that is only looked at; a run may work on it meanwhile. */
export type MirrorReader = {
	readonly folder: string;
	/** Ends whatever is done with it. */
	readonly signal: AbortSignal;
	/** Runs a git that changes nothing. @throws GitFailed */
	readonly read: (arguments_: readonly string[], options?: MirrorGitOptions) => Promise<Buffer>;
	/** The same, for what is too much to be held in memory: hands out what git prints, piece by piece. @throws GitFailed */
	readonly stream: (arguments_: readonly string[], options?: MirrorGitOptions) => AsyncIterable<Buffer>;
};

/** A bare repository in the destination, locked for this process. */
export type Mirror = MirrorReader & {
	/** Runs a git that writes; it holds the mirror for as long as it lives, also when this process is killed. @throws GitFailed */
	readonly write: (arguments_: readonly string[], options?: MirrorGitOptions) => Promise<Buffer>;
	readonly close: () => void;
};

/** Names that neither git nor its sweeping knows. The first is held by the process, the second by each git that writes. */
export const processGuard = 'bucket-brigade.guard';
const gitGuard = 'bucket-brigade.git-guard';

/** How long a git that a killed run left behind is waited for. */
const patienceMilliseconds = 120_000;
const pollMilliseconds = 250;

/**
Opens the mirror in a folder for this process alone; makes it where it does not exist. Whatever a killed run left
unfinished in it is cleared away, its configuration is written anew.

@throws UserError when another process works on it, or when something is planted in it.
*/
export async function openMirror(folder: string, clock: Clock, signal: AbortSignal): Promise<Mirror> {
	await makeFolder(folder);
	// Before anything is opened by its name. Only who has the lock can rely on what stands below.
	assertNothingPlanted(folder, await listMirrorTop(folder));
	const lock = tryProcessLock(join(folder, processGuard));
	if (lock === undefined) {
		throw new MirrorBusy(`Another run works on ${folder}; let it end, then run the plan again.`);
	}

	const {read, stream} = reader(folder, signal);
	const runGuarded: Mirror['write'] = async (arguments_, options = {}) =>
		waitForGuard(clock, signal, async () =>
			git({
				...options,
				gitDirectory: folder,
				arguments: arguments_,
				signal,
				lockFile: join(folder, gitGuard),
			}),
		);
	const mark = createWritingMark(folder);

	try {
		const listing = await listMirror(folder);
		assertNothingPlanted(folder, listing);
		await makeLayout(folder, listing);
		await writeMirrorConfig(folder);
		if (mark.isThere() || (await findStaleFiles(folder, listing)).length > 0) {
			await waitForLeftBehind(folder, runGuarded);
			await removeStaleFiles(await findStaleFiles(folder, await listMirror(folder)));
			mark.remove();
		}
	} catch (error) {
		lock.release();
		throw error;
	}

	let sweeping = Promise.resolve();
	const write: Mirror['write'] = async (arguments_, options) => {
		for (let seen: unknown; seen !== sweeping; ) {
			seen = sweeping;
			await sweeping;
		}

		try {
			return await mark.during(async () => runGuarded(arguments_, options));
		} catch (error) {
			// What git left of it would keep a full disk full. While another git writes, it is not told apart from what that one needs.
			if (!isLocked(error) && !mark.isThere()) {
				sweeping = sweepAfter(folder);
				await sweeping;
			}

			throw error;
		}
	};

	return {folder, signal, read, stream, write, close: lock.release};
}

/**
Opens a mirror that exists to look at it. Only where its configuration is not what it should be is it written anew, which
takes the mirror for a moment.

@throws UserError when something is planted in it, or it is no mirror.
*/
export async function openMirrorReader(folder: string, signal: AbortSignal): Promise<MirrorReader> {
	await assertRealFolder(folder);
	assertNothingPlanted(folder, await listMirror(folder));
	if (!(await isConfigOurs(folder))) {
		const lock = tryProcessLock(join(folder, processGuard));
		if (lock === undefined) {
			throw new MirrorBusy(`Another run works on ${folder}; let it end, then try again.`);
		}

		try {
			await writeMirrorConfig(folder);
		} finally {
			lock.release();
		}
	}

	return reader(folder, signal);
}

function reader(folder: string, signal: AbortSignal): MirrorReader {
	return {
		folder,
		signal,
		read: async (arguments_, options = {}) =>
			git({...options, gitDirectory: folder, arguments: arguments_, signal}),
		stream: (arguments_, options = {}) =>
			streamGit({...options, gitDirectory: folder, arguments: arguments_, signal}),
	};
}

/** Runs a git that holds the guard, as soon as nobody else does. */
async function waitForGuard(clock: Clock, signal: AbortSignal, run: () => Promise<Buffer>): Promise<Buffer> {
	const deadline = clock.elapsed() + patienceMilliseconds;
	for (;;) {
		try {
			return await run();
		} catch (error) {
			if (!isLocked(error) || clock.elapsed() >= deadline) {
				throw error;
			}

			await clock.wait(pollMilliseconds, signal);
		}
	}
}

/** Clears away what a git left that failed or was ended. Nobody is told where that fails too: the next run does it again. */
async function sweepAfter(folder: string): Promise<void> {
	try {
		await removeStaleFiles(await findStaleGitFiles(folder, await listMirror(folder)));
	} catch {}
}

/** Whoever of a killed run still writes has ended once we get hold of the guard. */
async function waitForLeftBehind(folder: string, runGuarded: Mirror['write']): Promise<void> {
	try {
		await runGuarded(['version']);
	} catch (error) {
		throw isLocked(error)
			? new MirrorBusy(
					`A git of a run that ended still works on ${folder}; let it end, then run the plan again.`,
					{cause: error},
				)
			: error;
	}
}

function isLocked(error: unknown): boolean {
	return error instanceof GitFailed && error.exitCode === lockedExitCode;
}

const maximumHeadBytes = 4096;

/** What makes a folder a bare repository; cheaper than a `git init`, and whole after any interruption of it. */
async function makeLayout(folder: string, listing: MirrorListing): Promise<void> {
	for (const name of ['objects/pack', 'objects/info', 'refs']) {
		if (!listing.has(name)) {
			await mkdir(join(folder, name), {recursive: true});
		}
	}

	const head = await readPlainFile(join(folder, 'HEAD'), maximumHeadBytes);
	if (!/^ref: refs\/heads\/\S+\n$/.test(head?.toString('latin1') ?? '')) {
		await writeDurably(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
	}
}
