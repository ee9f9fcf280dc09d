import {lstat, mkdtemp, readdir, rm, statfs} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {tryProcessLock} from '../../system/process-lock.ts';

const prefix = 'bucket-brigade-verify-';
const guard = 'guard';

/** A folder for what is tried out, outside of the mirror; made when it is first asked for. */
export type WorkFolder = {
	/** @param bytes That will be written there at most, about. @throws The file system's error. */
	readonly open: (bytes: number) => Promise<string>;
	/** Removes it with everything in it. */
	readonly close: () => Promise<void>;
};

/**
@param mirrorFolder Where the system's folder for temporary files has no room, it is made beside the mirror.
*/
export function createWorkFolder(mirrorFolder: string): WorkFolder {
	let opened: Promise<{readonly folder: string; readonly close: () => Promise<void>}> | undefined;
	return {
		open: async bytes => {
			opened ??= make(mirrorFolder, bytes);
			return (await opened).folder;
		},
		close: async () => {
			const made = opened;
			opened = undefined;
			// One that could not be made needs not be removed.
			await (await made?.catch(() => undefined))?.close();
		},
	};
}

async function make(
	mirrorFolder: string,
	bytes: number,
): Promise<{readonly folder: string; readonly close: () => Promise<void>}> {
	const beside = dirname(mirrorFolder);
	const places = [tmpdir(), beside];
	for (const place of places) {
		await removeAbandoned(place);
	}

	const folder = await mkdtemp(join((await hasRoom(tmpdir(), bytes)) ? tmpdir() : beside, prefix));
	const lock = tryProcessLock(join(folder, guard));
	return {
		folder,
		close: async () => {
			lock?.release();
			await rm(folder, {recursive: true, force: true, maxRetries: 3});
		},
	};
}

async function hasRoom(place: string, bytes: number): Promise<boolean> {
	try {
		const {bavail, bsize} = await statfs(place);
		return bavail * bsize > 2 * bytes;
	} catch {
		return false;
	}
}

/** What a killed process left: nobody holds its guard any more. */
async function removeAbandoned(place: string): Promise<void> {
	const names = await readdir(place).catch(() => []);
	for (const name of names.filter(each => each.startsWith(prefix))) {
		const folder = join(place, name);
		const found = await lstat(folder).catch(() => undefined);
		const isOurs = found?.isDirectory() && found.uid === process.getuid?.();
		if (isOurs && (await isAbandoned(folder))) {
			await rm(folder, {recursive: true, force: true}).catch(() => undefined);
		}
	}
}

async function isAbandoned(folder: string): Promise<boolean> {
	try {
		// One that is being made has no guard yet.
		await lstat(join(folder, guard));
		const lock = tryProcessLock(join(folder, guard));
		lock?.release();
		return lock !== undefined;
	} catch {
		return false;
	}
}
