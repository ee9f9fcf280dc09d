import {readdir} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {uuidPrefix, uuidPrefixIn} from './folder-name.ts';
import {readMirrorNote} from './mirror-note.ts';

/** The mirror of a repository in the folder of another workspace, from which it was transferred to this one. */
export type MirrorElsewhere = {
	readonly folder: string;
	/** Slug of the workspace in whose folder it lies. */
	readonly workspace: string;
};

/**
Looks into the folders of the other workspaces of a destination for mirrors of repositories that have none in their own: a
repository keeps its uuid when it is transferred. Only the notes of mirrors are believed; links are not followed.

@param workspaceFolder Real path of the folder of the workspace that the repositories belong to now.
@param uuids With their braces.
@returns what was found, by uuid.
*/
export async function findMirrorsElsewhere(
	workspaceFolder: string,
	uuids: Iterable<string>,
): Promise<ReadonlyMap<string, MirrorElsewhere>> {
	const sought = new Set(uuids);
	const prefixes = new Set([...sought].map(uuidPrefix));
	const found = new Map<string, MirrorElsewhere>();
	if (sought.size === 0) {
		return found;
	}

	const destination = dirname(workspaceFolder);
	for (const workspace of await foldersIn(destination)) {
		if (workspace === basename(workspaceFolder)) {
			continue;
		}

		for (const name of await foldersIn(join(destination, workspace))) {
			const prefix = uuidPrefixIn(name);
			const folder = join(destination, workspace, name);
			const uuid =
				prefix !== undefined && prefixes.has(prefix) ? (await readMirrorNote(folder))?.uuid : undefined;
			if (uuid !== undefined && sought.has(uuid) && !found.has(uuid)) {
				found.set(uuid, {folder, workspace});
			}
		}
	}

	return found;
}

/** Names of the folders in a folder, sorted; none where it is gone, or somebody else's that we may not look into. */
async function foldersIn(folder: string): Promise<readonly string[]> {
	try {
		const entries = await readdir(folder, {withFileTypes: true});
		return entries
			.filter(entry => entry.isDirectory())
			.map(({name}) => name)
			.sort();
	} catch (error) {
		if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return [];
		}

		throw error;
	}
}
