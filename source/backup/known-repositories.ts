import type {BackupMemory} from './backup-memory.ts';
import type {KnownRepository} from './census.ts';
import {uuidPrefix} from './folder-name.ts';
import {listMirrors} from './list-mirrors.ts';

/**
The repositories of a workspace that were backed up before: those that the memory holds, and those whose mirrors lie in a
destination. The memory may be lost, and it may hold what was backed up elsewhere.
*/
export async function listKnownRepositories(options: {
	readonly memory: BackupMemory;
	readonly destination: string;
	readonly workspace: string;
}): Promise<readonly KnownRepository[]> {
	const {memory, destination, workspace} = options;
	const known = new Map<string, KnownRepository>();
	for (const {uuid, slug, archivedSince} of memory.list(workspace)) {
		known.set(uuid, {uuid, slug, archivedSince, mirror: undefined});
	}

	for (const {kind, uuid, name, folder, archivedSince} of await listMirrors(destination, workspace)) {
		if (kind === 'repository' && uuid !== undefined) {
			const found = known.get(uuid) ?? {uuid, slug: name, archivedSince: undefined};
			known.set(uuid, {...found, mirror: {folder, archivedSince}});
		}
	}

	// What is no uuid was never a repository of Bitbucket's.
	return [...known.values()].filter(({uuid}) => uuidPrefix(uuid) !== undefined);
}
