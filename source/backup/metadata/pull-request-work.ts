import {blobId} from '../git-objects.ts';
import {listFile} from './list-file.ts';
import {isDue, type MetadataKind, type Sign} from './metadata-kind.ts';
import {kindsOf, metadataKinds} from './metadata-kinds.ts';
import type {ChangedPullRequest} from './pull-request-changes.ts';
import type {PullRequest} from './pull-request-list.ts';
import type {SavedPullRequests} from './saved-pull-requests.ts';

/** A pull request of which something is due. */
export type PullRequestWork = {
	readonly pullRequest: PullRequest;
	/** Set where it is new or listed otherwise than before. */
	readonly changed: ChangedPullRequest | undefined;
	readonly signs: ReadonlySet<Sign>;
};

/** What belongs to a pull request, by the names in the table. */
export const partKinds: ReadonlyMap<string, MetadataKind> = new Map([
	...kindsOf('pull request', 'pull-requests'),
	...kindsOf('pull request', 'statuses'),
]);

/** Names of the files that a pull request may have. */
export const partNames: readonly string[] = [metadataKinds['pull-requests'], ...partKinds.values()].map(
	({file}) => nameOf(file),
);

const emptyListId = blobId(listFile([]));

/** What of a pull request is to be read now, by the names in the table. */
export function dueParts(
	{pullRequest: {id}, signs}: PullRequestWork,
	{saved, withStatuses}: {readonly saved: SavedPullRequests; readonly withStatuses: boolean},
): ReadonlySet<string> {
	const due = [...partKinds].filter(([, kind]) => {
		const name = nameOf(kind.file);
		if (kind.data === 'statuses' && !withStatuses) {
			return false;
		}

		// In a full pass lists are read again where there is something in them: new elements change a number.
		const mine = hasSome(saved, id, name) ? signs : new Set([...signs].filter(sign => sign !== 'full-pass'));
		const isMissing = kind.data === 'statuses' && saved.file(id, name) === undefined;
		return isDue(kind, mine, isMissing || saved.isLacking(`pull-requests/${id}/${name}`));
	});
	return new Set(due.map(([name]) => name));
}

/** Whether the last snapshot holds a list of a pull request that is not empty. */
export function hasSome(saved: SavedPullRequests, id: number, name: string): boolean {
	const file = saved.file(id, name);
	return file !== undefined && file !== emptyListId;
}

function nameOf(file: string): string {
	return file.replace(/.*\//, '');
}
