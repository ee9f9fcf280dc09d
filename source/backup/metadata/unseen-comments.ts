import * as z from 'zod';
import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {elementsIn} from './list-file.ts';
import type {SavedPullRequests} from './saved-pull-requests.ts';

/** By the ids of comments, what tells one state of a comment from another. */
export type CommentMarks = ReadonlyMap<number, string>;

const CommentSchema = z.looseObject({
	id: z.number(),
	updated_on: z.string().optional(),
	deleted: z.boolean().optional(),
	content: z.looseObject({raw: z.string().nullish()}).nullish(),
});

/** The id of a comment with its mark; undefined where it is none. Only what all lists of comments say of one counts. */
export function markOf(comment: unknown): readonly [number, string] | undefined {
	const parsed = CommentSchema.safeParse(comment).data;
	if (parsed === undefined) {
		return undefined;
	}

	const {id, updated_on: updatedOn, deleted, content} = parsed;
	return [id, deleted ? 'deleted' : JSON.stringify([updatedOn, content?.raw])];
}

/** So many pull requests are looked into at a time. */
const atOnce = 100;

/**
The pull requests of which there are comments, or other words in a comment, that are not in the last snapshot: nobody knows
whether Bitbucket lets a pull request's date move for them, and its number of comments is the same after an edit.

@param comments Those in the list of all activity, by pull request.
@returns ids.
*/
export async function findUnseenComments(
	comments: ReadonlyMap<number, CommentMarks>,
	ids: readonly number[],
	{mirror, saved}: {readonly mirror: MirrorReader; readonly saved: SavedPullRequests},
): Promise<ReadonlySet<number>> {
	const talkedAbout = ids.filter(id => comments.has(id));
	const unseen = new Set<number>();
	for (let begin = 0; begin < talkedAbout.length; begin += atOnce) {
		const some = talkedAbout.slice(begin, begin + atOnce);
		const files = await readFiles(
			mirror,
			some.map(id => saved.file(id, 'comments.json') ?? 'absent'),
		);
		for (const [index, id] of some.entries()) {
			if (hasUnseen(comments.get(id) ?? new Map(), files[index])) {
				unseen.add(id);
			}
		}
	}

	return unseen;
}

function hasUnseen(comments: CommentMarks, file: Buffer | undefined): boolean {
	const known = new Map(file === undefined ? [] : elementsIn(file).flatMap(({value}) => markedOrNone(value)));
	return [...comments].some(([id, mark]) => {
		const before = known.get(id);
		// A list of comments may leave out the deleted ones.
		return before !== mark && !(before === undefined && mark === 'deleted');
	});
}

function markedOrNone(comment: unknown): ReadonlyArray<readonly [number, string]> {
	const mark = markOf(comment);
	return mark === undefined ? [] : [mark];
}
