import {threadComments} from './comment-threads.ts';
import {code, joined, line, person, quote, time} from './markdown.ts';
import type {SavedActivity, SavedComment, SavedTask} from './pull-request-schemas.ts';

/** Answers are indented; from here on they stand below one another. */
const deepest = 6;

/** The comments, each with its answers below it. */
export function commentLines(comments: readonly SavedComment[]): readonly string[] {
	return threadComments(comments).flatMap(({comment, depth}) => {
		const indentation = '  '.repeat(Math.min(depth, deepest));
		const text = comment.deleted ? [] : quote(comment.content?.raw, `${indentation}  `);
		return [`${indentation}- ${commentHead(comment)}`, ...text];
	});
}

function commentHead(comment: SavedComment): string {
	const {user, created_on: created, updated_on: updated, deleted, pending, resolution} = comment;
	const isEdited = updated !== undefined && created !== undefined && time(updated) !== time(created);
	return joined(
		[
			`**${person(user)}**, ${time(created)}`,
			placeOf(comment),
			isEdited && !deleted ? `edited ${time(updated)}` : undefined,
			pending ? 'pending' : undefined,
			deleted ? '**deleted**' : undefined,
			resolution === undefined
				? undefined
				: `resolved by ${person(resolution.user)}, ${time(resolution.created_on)}`,
		],
		'; ',
	);
}

/** File and line of a comment on a change. A line that was taken away is one of the old side. */
function placeOf({inline}: SavedComment): string | undefined {
	if (inline?.path === undefined) {
		return undefined;
	}

	const {path, from, to, start_from: startFrom, start_to: startTo, outdated} = inline;
	const lines =
		to !== undefined
			? ` line ${range(startTo, to)}`
			: from === undefined
				? ''
				: ` line ${range(startFrom, from)} of the old side`;
	return `on ${code(path)}${lines}${outdated ? ' (outdated)' : ''}`;
}

function range(start: number | undefined, end: number): string {
	return start === undefined || start === end ? String(end) : `${start}–${end}`;
}

/** The tasks as boxes, those that are done ticked. */
export function taskLines(tasks: readonly SavedTask[], comments: readonly SavedComment[]): readonly string[] {
	const byId = new Map(comments.map(comment => [comment.id, comment]));
	return tasks.flatMap(task => {
		const isDone = task.state === 'RESOLVED';
		const comment = task.comment?.id === undefined ? undefined : byId.get(task.comment.id);
		const [first = '> (no text)', ...rest] = quote(task.content?.raw);
		const about = joined(
			[
				`${person(task.creator)}, ${time(task.created_on)}`,
				comment === undefined ? undefined : `on a comment of ${person(comment.user)}`,
				isDone ? `done by ${person(task.resolved_by)}, ${time(task.resolved_on)}` : undefined,
				isDone || task.state === undefined || task.state === 'UNRESOLVED' ? undefined : line(task.state),
			],
			'; ',
		);
		return [
			`- [${isDone ? 'x' : ' '}] ${first.replace(/^> /, '')} (${about})`,
			...rest.map(text => `      ${text.replace(/^> ?/, '')}`.trimEnd()),
		];
	});
}

/** What happened, the oldest first. */
export function activityLines(activities: readonly SavedActivity[]): readonly string[] {
	let before: SavedUpdate | undefined;
	return activities
		.map(activity => ({at: dateOf(activity), activity}))
		.sort((left, right) => (left.at === right.at ? 0 : left.at < right.at ? -1 : 1))
		.map(({at, activity}) => {
			const text = activityText(activity, before);
			before = activity.update ?? before;
			return `- ${joined([time(at), text], ': ')}`;
		});
}

type SavedUpdate = NonNullable<SavedActivity['update']>;

function dateOf({update, comment, approval, changes_requested: requested}: SavedActivity): string {
	return update?.date ?? comment?.created_on ?? approval?.date ?? requested?.date ?? '';
}

/** @param before The update before it, which it is told apart from. */
function activityText(activity: SavedActivity, before: SavedUpdate | undefined): string {
	const {update, comment, approval, changes_requested: requested} = activity;
	if (update !== undefined) {
		return updateText(update, before);
	}

	if (comment !== undefined) {
		return joined([`${person(comment.user)} commented`, placeOf(comment)], ' ');
	}

	if (approval !== undefined) {
		return `${person(approval.user)} approved`;
	}

	return requested === undefined
		? `something else happened (${line(Object.keys(activity).filter(isOther).join(', ')) || 'nothing says what'})`
		: `${person(requested.user)} requested changes`;
}

const endings: Readonly<Record<string, string>> = {
	MERGED: 'merged it',
	DECLINED: 'declined it',
	SUPERSEDED: 'superseded it',
	OPEN: 'opened it again',
};

function updateText(update: SavedUpdate, before: SavedUpdate | undefined): string {
	const who = person(update.author);
	const reason = line(update.reason);
	const hash = update.source?.commit?.hash;
	const pushed = hash === undefined || hash === before?.source?.commit?.hash ? undefined : `at ${code(hash)}`;
	const changed = Object.keys(update.changes)
		.filter(name => name !== 'status')
		.map(line);
	const what =
		before === undefined
			? 'opened it'
			: update.state === before.state
				? 'updated it'
				: (endings[update.state ?? ''] ?? `made it ${line(update.state)}`);
	return joined(
		[
			joined([who, what, pushed], ' '),
			changed.length === 0 ? undefined : `changed ${changed.join(', ')}`,
			reason === '' ? undefined : `reason: ${reason}`,
		],
		'; ',
	);
}

function isOther(name: string): boolean {
	return name !== 'pull_request';
}
