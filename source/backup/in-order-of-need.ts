import type {BackupMemoryEntry} from './backup-memory.ts';

/**
Repositories in the order in which a run takes them: first those that were never backed up, then those whose last complete
backup is longest ago. So a run that is broken off, again and again perhaps, gets to all of them in the end.

Equals stay in the order in which they came.

@param entryOf What earlier runs found out about a repository.
*/
export function inOrderOfNeed<Repository>(
	repositories: Iterable<Repository>,
	entryOf: (repository: Repository) => BackupMemoryEntry | undefined,
): readonly Repository[] {
	return [...repositories]
		.map(repository => ({repository, at: lastBackup(entryOf(repository))}))
		.sort((left, right) => left.at - right.at)
		.map(({repository}) => repository);
}

/** Milliseconds since the epoch; 0 where there was none. */
function lastBackup(entry: BackupMemoryEntry | undefined): number {
	const moment = Date.parse(entry?.lastBackupAt ?? '');
	return Number.isNaN(moment) ? 0 : moment;
}
