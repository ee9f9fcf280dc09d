import {lstat, mkdir, realpath} from 'node:fs/promises';
import {basename, dirname, join, sep} from 'node:path';
import {makeFolders} from '../system/make-folders.ts';
import {UserError} from '../system/user-error.ts';

/**
The folder of one workspace in a destination, made where it does not exist.

@returns its real path.
@throws UserError where something else stands in its place.
*/
export async function openWorkspaceFolder(destination: string, workspace: string): Promise<string> {
	await makeFolders(destination);
	const folder = join(await realpath(destination), workspace);
	await makeFolder(folder);
	return folder;
}

/** Makes a folder that only its owner may read, directly below one that exists; refuses a symbolic link in its place. */
export async function makeFolder(folder: string): Promise<void> {
	if (!(await isThere(folder))) {
		await mkdir(folder, {mode: 0o700}).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') {
				throw error;
			}
		});
	}

	await assertRealFolder(folder);
}

/** @throws UserError where a folder is a link, no folder, or lies elsewhere than its path says. */
export async function assertRealFolder(folder: string): Promise<void> {
	const [found, parent, real] = await Promise.all([
		lstat(folder),
		realpath(dirname(folder)),
		realpath(folder).catch(() => undefined),
	]);
	if (!found.isDirectory() || real !== parent + sep + basename(folder)) {
		throw new UserError(
			`${folder} is a link, or no folder; a backup writes only to folders of its own. Move it away.`,
		);
	}
}

/** Whether anything stands at a path. A link is not followed. */
export async function isThere(path: string): Promise<boolean> {
	try {
		await lstat(path);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return false;
		}

		throw error;
	}
}
