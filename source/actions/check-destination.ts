import {constants} from 'node:fs';
import {access, stat, statfs} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import type {Workplace} from './workplace.ts';

/** What is known of a folder before backups are put into it. Nothing is made or written to find out. */
export type DestinationCheck = {
	/** The folder as it will be used. */
	readonly path: string;
	readonly state: 'exists' | 'can-be-made' | 'not-writable' | 'not-a-folder' | 'unreachable';
	/** The nearest folder above that is there, where the destination itself is not. */
	readonly nearest?: string;
	readonly freeBytes?: number;
};

/** @param destination As it was entered; empty means the home's own backups. */
export async function checkDestination(workplace: Workplace, destination: string): Promise<DestinationCheck> {
	const path = destination.trim() === '' ? workplace.home.backups : resolve(destination.trim());
	try {
		const nearest = await nearestExisting(path);
		if (!(await stat(nearest)).isDirectory()) {
			return {path, state: 'not-a-folder', ...(nearest === path ? {} : {nearest})};
		}

		const freeBytes = await freeBytesOf(nearest);
		const free = freeBytes === undefined ? {} : {freeBytes};
		if (!(await isWritable(nearest))) {
			return {path, state: 'not-writable', ...(nearest === path ? {} : {nearest}), ...free};
		}

		return nearest === path
			? {path, state: 'exists', ...free}
			: {path, state: 'can-be-made', nearest, ...free};
	} catch {
		return {path, state: 'unreachable'};
	}
}

async function nearestExisting(path: string): Promise<string> {
	let folder = path;
	while (!(await isThere(folder))) {
		folder = dirname(folder);
	}

	return folder;
}

async function isThere(path: string): Promise<boolean> {
	try {
		await stat(path);
		return true;
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		// Below a file nothing is: the file is what is looked at.
		if ((code === 'ENOENT' || code === 'ENOTDIR') && dirname(path) !== path) {
			return false;
		}

		throw error;
	}
}

async function isWritable(folder: string): Promise<boolean> {
	return access(folder, constants.W_OK | constants.X_OK).then(
		() => true,
		() => false,
	);
}

async function freeBytesOf(folder: string): Promise<number | undefined> {
	try {
		const {bavail, bsize} = await statfs(folder);
		return bavail * bsize;
	} catch {
		return undefined;
	}
}
