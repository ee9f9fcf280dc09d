import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Clock} from '../system/clock.ts';
import {longMirrorFolderName, mirrorFolderName, uuidPrefixIn} from './folder-name.ts';
import {isThere} from './mirror-folder.ts';
import {mirrorOwner} from './mirror-owner.ts';
import {moveMirror} from './move-mirror.ts';

export type MirrorSearch = {
	/** Real path of the folder that holds the workspace's mirrors. */
	readonly workspaceFolder: string;
	readonly clock: Clock;
	readonly signal: AbortSignal;
};

export type SoughtRepository = {
	readonly slug: string;
	/** With its braces. */
	readonly uuid: string;
	readonly uuidPrefix: string;
};

/**
The folder of a repository's mirror among those of its workspace, found by its uuid: when the slug changed, it is renamed, and
its history goes on. It is not made here.

@throws UserError where another run works on a mirror that has to be renamed.
*/
export async function findMirrorFolder(
	search: MirrorSearch,
	repository: SoughtRepository,
): Promise<{readonly folder: string; readonly isThere: boolean}> {
	const {workspaceFolder} = search;
	const {slug, uuid, uuidPrefix} = repository;
	const usual = join(workspaceFolder, mirrorFolderName(slug, uuidPrefix));
	const whose = await ownerOf(usual, search);
	if (whose === uuid || whose === 'unknown') {
		return {folder: usual, isThere: true};
	}

	const folder = whose === undefined ? usual : join(workspaceFolder, longMirrorFolderName(slug, uuid));
	const found = await findAmong(search, repository);
	if (found !== undefined && found !== folder) {
		await moveMirror(found, folder, search);
	}

	return {folder, isThere: found !== undefined};
}

/** The mirror of a repository under another slug, or under its long name. */
async function findAmong(
	search: MirrorSearch,
	{uuid, uuidPrefix}: SoughtRepository,
): Promise<string | undefined> {
	const names = await readdir(search.workspaceFolder);
	let nameless: string | undefined;
	for (const name of names.filter(other => uuidPrefixIn(other) === uuidPrefix).sort()) {
		const folder = join(search.workspaceFolder, name);
		const owner = await ownerOf(folder, search);
		if (owner === uuid) {
			return folder;
		}

		nameless ??= owner === 'unknown' ? folder : undefined;
	}

	return nameless;
}

/** Uuid of the repository whose mirror a folder is; undefined where there is no folder, `unknown` where nothing tells. */
async function ownerOf(folder: string, {signal}: MirrorSearch): Promise<string | undefined> {
	const owner = await mirrorOwner(folder, signal);
	return owner ?? ((await isThere(folder)) ? 'unknown' : undefined);
}
