import {lstat, mkdir, readdir, realpath, rename} from 'node:fs/promises';
import {basename, dirname, join, sep} from 'node:path';
import {makeFolders} from '../system/make-folders.ts';
import {UserError} from '../system/user-error.ts';
import {mirrorFolderName} from './folder-name.ts';
import {readMirrorNote} from './mirror-note.ts';

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

/**
The folder of a repository's mirror, found by its uuid: when the slug changed, it is renamed, and its history goes on. It
is not made here.

@throws UserError where something else stands in its place.
*/
export async function findMirrorFolder(
	workspaceFolder: string,
	repository: {readonly slug: string; readonly uuid: string; readonly uuidPrefix: string},
): Promise<string> {
	const wanted = join(workspaceFolder, mirrorFolderName(repository.slug, repository.uuidPrefix));
	const whose = await ownerOf(wanted);
	if (whose === repository.uuid || whose === 'unknown') {
		return wanted;
	}

	if (whose !== undefined) {
		throw new UserError(
			`${wanted} holds another repository (${whose}). Move it away, or use another destination.`,
		);
	}

	const names = await readdir(workspaceFolder);
	for (const name of names.filter(other => other.endsWith(`-${repository.uuidPrefix}.git`)).sort()) {
		const folder = join(workspaceFolder, name);
		const owner = await ownerOf(folder);
		if (owner === repository.uuid || owner === 'unknown') {
			await rename(folder, wanted);
			return wanted;
		}
	}

	return wanted;
}

/** Makes a folder that only its owner may read, directly below one that exists; refuses a symbolic link in its place. */
export async function makeFolder(folder: string): Promise<void> {
	await mkdir(folder, {mode: 0o700}).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') {
			throw error;
		}
	});
	await assertRealFolder(folder);
}

/** @throws UserError where a folder is a link, no folder, or lies elsewhere than its path says. */
export async function assertRealFolder(folder: string): Promise<void> {
	const found = await lstat(folder);
	const parent = await realpath(dirname(folder));
	if (!found.isDirectory() || (await realpath(folder)) !== parent + sep + basename(folder)) {
		throw new UserError(
			`${folder} is a link, or no folder; a backup writes only to folders of its own. Move it away.`,
		);
	}
}

/** Uuid of the repository whose mirror a folder is; undefined where there is no folder, `unknown` where its note is lost. */
async function ownerOf(folder: string): Promise<string | undefined> {
	const found = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') {
			return undefined;
		}

		throw error;
	});
	return found === undefined ? undefined : ((await readMirrorNote(folder))?.uuid ?? 'unknown');
}
