import type {SavedComment} from './pull-request-schemas.ts';

/** A comment at its place in the discussion. */
export type ThreadedComment = {
	readonly comment: SavedComment;
	/** How many comments it answers, one after the other; 0 for one that answers none. */
	readonly depth: number;
};

/**
Comments in the order in which they are read: each with its answers below it, all by their time. One that answers a comment that
is not there, or itself in a circle, stands for itself.
*/
export function threadComments(comments: readonly SavedComment[]): readonly ThreadedComment[] {
	const sorted = [...comments].sort(byTime);
	const known = new Set(sorted.map(({id}) => id));
	const answers = new Map<number, SavedComment[]>();
	const beginnings: SavedComment[] = [];
	for (const comment of sorted) {
		const parent = comment.parent?.id;
		if (parent === undefined || !known.has(parent)) {
			beginnings.push(comment);
		} else {
			const group = answers.get(parent);
			if (group === undefined) {
				answers.set(parent, [comment]);
			} else {
				group.push(comment);
			}
		}
	}

	const threaded: ThreadedComment[] = [];
	const placed = new Set<SavedComment>();
	// What goes in a circle is reached from no beginning.
	for (const beginning of [...beginnings, ...sorted]) {
		place(beginning, answers, placed, threaded);
	}

	return threaded;
}

/** Without recursion: an answer to an answer may go on for thousands. */
function place(
	beginning: SavedComment,
	answers: ReadonlyMap<number, readonly SavedComment[]>,
	placed: Set<SavedComment>,
	threaded: ThreadedComment[],
): void {
	const waiting: ThreadedComment[] = [{comment: beginning, depth: 0}];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const {comment, depth} = next;
		if (!placed.has(comment)) {
			placed.add(comment);
			threaded.push(next);
			const below = answers.get(comment.id) ?? [];
			waiting.push(...below.toReversed().map(answer => ({comment: answer, depth: depth + 1})));
		}
	}
}

function byTime(left: SavedComment, right: SavedComment): number {
	const [one = '', other = ''] = [left.created_on, right.created_on];
	return one === other ? left.id - right.id : one < other ? -1 : 1;
}
