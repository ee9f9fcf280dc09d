import type {Aside} from '../aside.ts';
import {takeOver} from '../draft.ts';
import type {Drafting} from '../drafting.ts';
import type {Mirror} from '../mirror.ts';
import {areSame} from '../same-content.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import type {CommitPlace, PresentCommits} from './present-commits.ts';
import type {PullRequestWork} from './pull-request-work.ts';

export type TakeDraftedOptions = {
	readonly mirror: Mirror;
	readonly tree: SnapshotTree;
	readonly drafting: Drafting;
	readonly aside: Aside;
	readonly withGit: boolean;
	readonly withStatuses: boolean;
};

/**
Takes those over from the draft that are whole there, of which the list shows nothing new, and to which the same files belong
now: what they are follows from the kinds of data that a plan chooses, and from whether its commits have come to a branch.
*/
export async function takeDrafted(
	works: readonly PullRequestWork[],
	commits: PresentCommits,
	{mirror, tree, drafting, aside, withGit, withStatuses}: TakeDraftedOptions,
): Promise<readonly boolean[]> {
	const taken: boolean[] = [];
	for (const {pullRequest, changed} of works) {
		const drafted =
			changed === undefined ? undefined : drafting.left?.units.get(`pull-requests/${pullRequest.id}`);
		const isFitting =
			drafted !== undefined &&
			drafted.data.includes('git') === withGit &&
			drafted.data.includes('statuses') === withStatuses &&
			!(withStatuses && pullRequest.state === 'OPEN') &&
			!(drafted.files.has('patch') && needsNoPatch(commits.placeOf(pullRequest)));
		const isTaken =
			isFitting &&
			changed !== undefined &&
			(await isSame(drafted.files.get('pull-request.json'), await aside.get(changed.slip), mirror));
		if (isTaken) {
			takeOver(`pull-requests/${pullRequest.id}`, drafted, tree);
		}

		taken.push(isTaken);
	}

	return taken;
}

/** Whether the commit came with a branch, or nobody knows. */
function needsNoPatch(where: CommitPlace): boolean {
	return where === 'fetched' || where === 'unknown';
}

async function isSame(saved: string | undefined, contents: Buffer, mirror: Mirror): Promise<boolean> {
	const [same = false] = await areSame(mirror, [{saved, contents}]);
	return same;
}
