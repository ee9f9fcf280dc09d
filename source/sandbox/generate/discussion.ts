import type {Random} from '../random.ts';
import type {Comment, Task, User} from '../world.ts';
import {phrase} from './phrase.ts';
import {isoTime} from './timeline.ts';
import {generalRemarks, inlineRemarks, replies, taskTexts} from './vocabulary.ts';

/** A file that a pull request changes, with how many lines each side has. */
export type ChangedFile = {readonly path: string; readonly oldLines: number; readonly newLines: number};

export type Discussion = {readonly comments: Comment[]; readonly tasks: Task[]};

/** Comments on the whole and on lines, answers, a deleted one, and tasks; between two moments. Ids are drawn from `newId`. */
export function generateDiscussion(
	random: Random,
	options: {
		readonly speakers: readonly User[];
		readonly files: readonly ChangedFile[];
		/** Epoch milliseconds. */
		readonly from: number;
		readonly until: number;
		readonly newId: () => number;
		readonly open: boolean;
	},
): Discussion {
	const {speakers, files, from, until, newId, open} = options;
	const count = random.integer(0, 7);
	const step = (until - from) / (count + 1);
	const comments: Comment[] = [];
	for (let index = 0; index < count; index++) {
		const time = from + step * (index + random.next() * 0.9);
		const parent = index > 0 && random.chance(0.3) ? random.pick(comments) : undefined;
		const inline = parent === undefined && files.length > 0 && random.chance(0.5);
		const deleted = random.chance(0.1);
		const raw = phrase(random, parent ? replies : inline ? inlineRemarks : generalRemarks);
		const edited = random.chance(0.15) ? time + step * 0.05 : time;
		comments.push({
			id: newId(),
			user: random.pick(speakers).uuid,
			createdOn: isoTime(time),
			updatedOn: isoTime(edited),
			raw: deleted ? '' : raw,
			deleted,
			...(parent && {parent: parent.id}),
			...(inline && {inline: place(random, random.pick(files))}),
			...(inline &&
				random.chance(0.3) && {
					resolved: {user: random.pick(speakers).uuid, on: isoTime(edited + step * 0.05)},
				}),
			pending: false,
		});
	}

	return {comments, tasks: generateTasks(random, {speakers, comments, from, until, newId, open})};
}

/** Some stand for themselves, some belong to a comment. Those of a closed pull request are mostly done. */
function generateTasks(
	random: Random,
	options: {
		readonly speakers: readonly User[];
		readonly comments: readonly Comment[];
		readonly from: number;
		readonly until: number;
		readonly newId: () => number;
		readonly open: boolean;
	},
): Task[] {
	const {speakers, comments, from, until, newId, open} = options;
	const spoken = comments.filter(({deleted}) => !deleted);
	return Array.from({length: random.chance(0.6) ? random.integer(1, 3) : 0}, () => {
		const comment = spoken.length > 0 && random.chance(0.6) ? random.pick(spoken) : undefined;
		const earliest = comment ? Date.parse(comment.createdOn) : from;
		const created = earliest + (until - earliest) * random.next() * 0.5;
		const resolved = created + (until - created) * random.next();
		const done = random.chance(open ? 0.3 : 0.9);
		return {
			id: newId(),
			creator: random.pick(speakers).uuid,
			createdOn: isoTime(created),
			updatedOn: isoTime(done ? resolved : created),
			state: done ? 'RESOLVED' : 'UNRESOLVED',
			raw: phrase(random, taskTexts),
			pending: false,
			...(done && {resolvedOn: isoTime(resolved), resolvedBy: random.pick(speakers).uuid}),
			...(comment && {comment: comment.id}),
		};
	});
}

/** A line of the new side, one of the old side (it was removed), or the file as a whole. */
function place(random: Random, file: ChangedFile): NonNullable<Comment['inline']> {
	const outdated = random.chance(0.15);
	if (file.newLines > 0 && random.chance(0.7)) {
		return {path: file.path, from: null, to: random.integer(1, file.newLines), outdated};
	}

	if (file.oldLines > 0) {
		return {path: file.path, from: random.integer(1, file.oldLines), to: null, outdated};
	}

	return {path: file.path, from: null, to: null, outdated};
}
