import type {Repository} from '../bitbucket/resources.ts';
import type {BackupMemoryEntry} from './backup-memory.ts';

/**
Repositories in the order in which a run takes them: first those that were never backed up, then those whose last complete
backup is longest ago. So a run that is broken off, again and again perhaps, gets to all of them in the end.

Equals stay in the order in which they came.

@param entryOf What earlier runs found out about a repository.
*/
export function inOrderOfNeed(
	repositories: readonly Repository[],
	entryOf: (repository: Repository) => BackupMemoryEntry | undefined,
): readonly Repository[] {
	const lastBackup = new Map(
		repositories.map(repository => {
			const at = entryOf(repository)?.lastBackupAt;
			const moment = at === undefined ? Number.NaN : Date.parse(at);
			return [repository, Number.isNaN(moment) ? 0 : moment];
		}),
	);
	return [...repositories].sort((left, right) => (lastBackup.get(left) ?? 0) - (lastBackup.get(right) ?? 0));
}
