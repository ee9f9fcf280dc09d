import {lstat} from 'node:fs/promises';
import {join} from 'node:path';
import {namesIn} from '../system/names-in.ts';
import {UserError} from '../system/user-error.ts';
import {slugIn, workspaceFolderName} from './folder-name.ts';
import {readMirrorNote} from './mirror-note.ts';

/** A mirror that lies in a destination. */
export type ListedMirror = {
	readonly folder: string;
	/** Name of the folder: `web-frontend-3f2a9c01.git`. */
	readonly folderName: string;
	readonly kind: 'repository' | 'workspace' | 'snippet';
	/** What people call it: a repository's slug, a snippet's id, `workspace`. */
	readonly name: string;
	/** Of a repository; undefined where its note is lost. */
	readonly uuid: string | undefined;
	/** ISO-8601 time since when the repository is gone upstream, where a run has found that out. */
	readonly archivedSince: string | undefined;
};

/**
The mirrors of a workspace in a destination, sorted by name; found by looking, so that it works without any catalog.

@param isWanted Whether the folder of a name is of interest: the others are not looked into.
@returns an empty list where there is no such folder.
*/
export async function listMirrors(
	destination: string,
	workspace: string,
	isWanted: (folderName: string) => boolean = () => true,
): Promise<readonly ListedMirror[]> {
	const workspaceFolder = join(destination, workspace);
	const mirrors: ListedMirror[] = [];
	for (const folderName of await namesIn(workspaceFolder)) {
		const folder = join(workspaceFolder, folderName);
		if (!folderName.endsWith('.git') || !isWanted(folderName) || !(await isFolder(folder))) {
			continue;
		}

		const note = await readMirrorNote(folder);
		mirrors.push({
			folder,
			folderName,
			...describe(folderName, note?.slug),
			uuid: note?.uuid,
			archivedSince: note?.archivedSince,
		});
	}

	return mirrors.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/**
A mirror by what a person calls it: slug, uuid or the folder's name.

@throws UserError (wrong usage) where there is none, or more than one.
*/
export function findMirror(mirrors: readonly ListedMirror[], name: string): ListedMirror {
	const exact = mirrors.filter(
		mirror => mirror.folderName === name || mirror.uuid === name || mirror.uuid === `{${name}}`,
	);
	const found = exact.length > 0 ? exact : mirrors.filter(mirror => mirror.name === name);
	const [first] = found;
	if (first === undefined) {
		throw new UserError(`There is no backup of "${name}". ${knownText(mirrors)}`, {exitCode: 2});
	}

	if (found.length > 1) {
		throw new UserError(
			`"${name}" is the name of ${found.length} backups; say which: ${found.map(({folderName}) => folderName).join(', ')}.`,
			{exitCode: 2},
		);
	}

	return first;
}

/** So many names are listed at most. */
const shownNames = 20;

function knownText(mirrors: readonly ListedMirror[]): string {
	if (mirrors.length === 0) {
		return 'Nothing was backed up to this destination yet.';
	}

	const names = mirrors.slice(0, shownNames).map(({name}) => name);
	const more = mirrors.length - names.length;
	return `There are: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function describe(folderName: string, slug: string | undefined): Pick<ListedMirror, 'kind' | 'name'> {
	if (folderName === workspaceFolderName) {
		return {kind: 'workspace', name: 'workspace'};
	}

	const [, snippet] = /^snippet-([^-]+)\.git$/.exec(folderName) ?? [];
	return snippet === undefined
		? {kind: 'repository', name: slug ?? slugIn(folderName)}
		: {kind: 'snippet', name: snippet};
}

/** No link; and nothing where another run has just given it another name. */
async function isFolder(path: string): Promise<boolean> {
	try {
		return (await lstat(path)).isDirectory();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return false;
		}

		throw error;
	}
}
