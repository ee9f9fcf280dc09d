import type {Random} from '../random.ts';
import type {User} from '../world.ts';
import type {FileContent, PlannedCommit} from './history-plan.ts';

export type Person = Pick<User, 'displayName' | 'email'>;

export type CommitDraft = {
	readonly parents: readonly number[];
	readonly author: Person;
	readonly committer?: Person;
	readonly message: string;
	readonly changes: ReadonlyMap<string, FileContent | null>;
};

/**
 * Collects commits one after the other. Time is counted in ticks while the history grows, as nobody knows yet how long it will
 * be; `timeOf` spreads the ticks over the span in the end, unevenly but in order.
 */
export type HistoryBuilder = {
	/** The new commit's mark. */
	readonly commit: (draft: CommitDraft) => number;
	readonly filesAt: (mark: number) => ReadonlyMap<string, FileContent>;
	/** A mark for something that is no commit (an annotated tag). */
	readonly newMark: () => number;
	/** The tick of now; each commit and each call moves it on. */
	readonly tick: () => number;
	readonly finish: (span: {readonly start: number; readonly end: number}) => {
		readonly commits: readonly PlannedCommit[];
		/** Epoch milliseconds, whole seconds. */
		readonly timeOf: (tick: number) => number;
	};
};

/** `grown` is what a fork has of its parent: these commits keep their marks, files and times. */
export function createHistoryBuilder(
	random: Random,
	grown: {
		readonly commits: readonly PlannedCommit[];
		readonly filesAt: (mark: number) => ReadonlyMap<string, FileContent>;
	} = {commits: [], filesAt: () => new Map()},
): HistoryBuilder {
	const drafts: Array<CommitDraft & {readonly mark: number; readonly tick: number}> = [];
	const files = new Map<number, ReadonlyMap<string, FileContent>>();
	let lastMark = Math.max(0, ...grown.commits.map(({mark}) => mark));
	let ticks = 0;

	const newMark = () => ++lastMark;
	const tick = () => ++ticks;
	const filesAt = (mark: number) => files.get(mark) ?? grown.filesAt(mark);

	return {
		newMark,
		tick,
		filesAt,
		commit(draft) {
			const mark = newMark();
			const parent = draft.parents[0];
			const after = new Map(parent === undefined ? [] : filesAt(parent));
			for (const [path, content] of draft.changes) {
				if (content === null) {
					after.delete(path);
				} else {
					after.set(path, content);
				}
			}

			files.set(mark, after);
			drafts.push({...draft, mark, tick: tick()});
			return mark;
		},
		finish({start, end}) {
			const step = (end - start) / (ticks + 1);
			const jitter = Array.from({length: ticks + 1}, () => random.next() * 0.9);
			const timeOf = (at: number) => {
				const time = start + step * (Math.min(at, ticks) + (jitter[at] ?? 0));
				return Math.floor(time / 1000) * 1000;
			};

			const commits = drafts.map(({mark, author, committer, message, parents, changes, tick: at}) => ({
				mark,
				author,
				committer: committer ?? author,
				time: timeOf(at),
				message,
				parents,
				changes,
			}));
			return {commits: [...grown.commits, ...commits], timeOf};
		},
	};
}
