import type {BackupPlace} from '../backup-place.ts';
import {findMirrorFolder} from '../find-mirror-folder.ts';
import {uuidPrefix} from '../folder-name.ts';
import type {MirrorNote} from '../mirror-note.ts';
import type {Problems} from '../problems.ts';
import {createProgress} from '../progress.ts';
import type {RepositoryOutcome} from '../repository-backup.ts';
import type {ListedRepository} from '../repository-list.ts';
import type {RepositoryMirror} from '../repository-session.ts';
import {repositorySource} from './repair-source.ts';
import {type Mended, type MirrorInRun, mendAfterFailure} from './verify-in-run.ts';

/** A repository's mirror, as its verification in a run sees it. */
export function inRun(opened: RepositoryMirror): MirrorInRun & {
	readonly note: MirrorNote;
	readonly oldestSnapshot: string | undefined;
	readonly problems: Problems;
} {
	const {place, repository, note, before, problems} = opened;
	return {
		...mirrorOf(place, repository),
		note,
		oldestSnapshot: [...before.snapshots.keys()][0],
		problems,
	};
}

/**
Does a repository's backup. Where its mirror turns out to be damaged, that is repaired, and the backup is made once more.

@throws what the backup throws.
*/
export async function withMending(
	place: BackupPlace,
	repository: ListedRepository,
	backUp: (isMended: boolean) => Promise<RepositoryOutcome>,
): Promise<RepositoryOutcome> {
	try {
		return await backUp(false);
	} catch (error) {
		const mended = await mend(place, repository, error);
		if (mended === undefined) {
			throw error;
		}

		const outcome = await backUp(true);
		return {
			...outcome,
			status: mended.isWhole ? outcome.status : 'partial',
			problems: [...mended.problems, ...outcome.problems],
		};
	}
}

async function mend(
	place: BackupPlace,
	repository: ListedRepository,
	error: unknown,
): Promise<Mended | undefined> {
	const {slug, uuid} = repository;
	const prefix = uuidPrefix(uuid);
	if (prefix === undefined) {
		return undefined;
	}

	const {folder} = await findMirrorFolder(place, {slug, uuid, uuidPrefix: prefix});
	return mendAfterFailure(folder, mirrorOf(place, repository), error);
}

function mirrorOf(place: BackupPlace, {slug, uuid}: ListedRepository): MirrorInRun {
	const {organization, pool, report, clock} = place;
	return {
		place,
		kind: 'repository',
		identity: uuid,
		source: repositorySource(organization, pool, slug),
		progress: createProgress(slug, report, clock),
	};
}
