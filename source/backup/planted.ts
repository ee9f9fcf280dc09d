import type {Dirent} from 'node:fs';
import {lstat, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../system/user-error.ts';

/** What redirects git elsewhere, or hides history from it. A mirror has none of these. */
const strangers = [
	'commondir',
	'shallow',
	'config.worktree',
	'worktrees',
	// Git would write to a log that is there, wherever it leads.
	'logs',
	'info/grafts',
	'objects/info/alternates',
	'objects/info/http-alternates',
	// Here an object can stand in for another one.
	'refs/replace',
];

const folders = new Set([
	'objects',
	'objects/pack',
	'objects/info',
	'refs',
	'info',
	'lfs',
	'downloads',
	'lfs/objects',
	'lfs/tmp',
	'downloads/tmp',
]);
const files = new Set(['config', 'HEAD', 'packed-refs']);

/** Where everything is looked at that git, or we, would open by its name. Below `refs` and in the folders of loose objects too. */
const lookedInto = ['', 'objects', 'objects/pack', 'objects/info', 'info', 'lfs', 'downloads'];

/**
Looks for what somebody put into a mirror that leads out of it, hides something in it, or would keep whoever opens it waiting for
ever: links, pipes, devices, files in place of folders.

What is in the files is not judged here: configuration is written anew, hooks are never run, objects bear the hash of what they hold.

@throws UserError naming what does not belong there.
*/
export async function assertNothingPlanted(folder: string): Promise<void> {
	for (const name of strangers) {
		if (await isThere(join(folder, name))) {
			throw planted(join(folder, name));
		}
	}

	for (const name of lookedInto) {
		for (const entry of await entriesOf(join(folder, name))) {
			const below = name === '' ? entry.name : `${name}/${entry.name}`;
			if (!isExpected(below, entry)) {
				throw planted(join(folder, below));
			}

			if (name === 'objects' && /^[0-9a-f]{2}$/.test(entry.name)) {
				await assertPlainFiles(join(folder, below));
			}
		}
	}

	await assertPlainRefs(join(folder, 'refs'));
}

function isExpected(path: string, entry: Dirent): boolean {
	if (folders.has(path)) {
		return entry.isDirectory();
	}

	return files.has(path) ? entry.isFile() : entry.isFile() || entry.isDirectory();
}

async function assertPlainFiles(folder: string): Promise<void> {
	const stranger = (await entriesOf(folder)).find(entry => !entry.isFile());
	if (stranger !== undefined) {
		throw planted(join(folder, stranger.name));
	}
}

async function assertPlainRefs(folder: string): Promise<void> {
	for (const entry of await entriesOf(folder)) {
		if (entry.isDirectory()) {
			await assertPlainRefs(join(folder, entry.name));
		} else if (!entry.isFile()) {
			throw planted(join(folder, entry.name));
		}
	}
}

async function isThere(path: string): Promise<boolean> {
	try {
		await lstat(path);
		return true;
	} catch (error) {
		if (isAbsence(error)) {
			return false;
		}

		throw error;
	}
}

/** @returns none where there is no such folder. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
	try {
		return await readdir(folder, {withFileTypes: true});
	} catch (error) {
		if (isAbsence(error)) {
			return [];
		}

		throw error;
	}
}

function isAbsence(error: unknown): boolean {
	const {code} = error as NodeJS.ErrnoException;
	return code === 'ENOENT' || code === 'ENOTDIR';
}

/** @param path What does not belong there. */
export function planted(path: string): UserError {
	return new UserError(
		`${path} does not belong into a mirror and could lead git astray. Look who put it there, and move it away.`,
	);
}
