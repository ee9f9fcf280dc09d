import type {LastSnapshot} from '../last-snapshot.ts';

/** What the last snapshot holds of the pull requests of a repository. */
export type SavedPullRequests = {
	readonly ids: ReadonlySet<number>;
	/** Id of a file of a pull request; undefined where it has none. */
	readonly file: (id: number, name: string) => string | undefined;
	/** Whether something of the pull requests could not be read: a file, or their list. */
	readonly isLacking: (path: string) => boolean;
	/** Whether nothing is lacking of any, the statuses of builds too where they are wanted. */
	readonly areWhole: (withStatuses: boolean) => boolean;
};

export function findSavedPullRequests(last: LastSnapshot | undefined): SavedPullRequests {
	const ids = new Set<number>();
	for (const [path, {type}] of last?.entries ?? []) {
		const [, id] = /^pull-requests\/(\d+)$/.exec(path) ?? [];
		if (id !== undefined && type === 'tree') {
			ids.add(Number(id));
		}
	}

	const lacking = new Set(
		(last?.record?.incomplete ?? []).map(({path}) => path).filter(path => /^pull-requests(\/|$)/.test(path)),
	);
	const file = (id: number, name: string): string | undefined => {
		const entry = last?.entries.get(`pull-requests/${id}/${name}`);
		return entry?.type === 'blob' ? entry.id : undefined;
	};

	return {
		ids,
		file,
		isLacking: path => lacking.has(path),
		areWhole: withStatuses =>
			last?.record !== undefined &&
			lacking.size === 0 &&
			(!withStatuses || [...ids].every(id => file(id, 'statuses.json') !== undefined)),
	};
}
