import {metadataKinds} from '../backup/metadata/metadata-kinds.ts';
import type {ChangeDetails, DescribedPullRequest} from '../backup/reading/describe-changes.ts';
import {
	branchPrefix,
	type ChangedFile,
	isNothing,
	type MovedRef,
	type NumberedChanges,
	type RefChanges,
	type SnapshotChanges,
	tagPrefix,
} from '../backup/reading/snapshot-changes.ts';
import {countOf, formatNumber} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';

/*
What changed between two snapshots, in people's words: one line for a list, and the details by sections.
*/

/** So many names stand in a line before the rest is only counted. */
const shownNames = 3;
const longestName = 60;

/** `3 branches moved (main, dev, …), branch old force-pushed, tag v2 new, 2 pull requests new (#41, #42)`. */
export function changesText(changes: SnapshotChanges): string {
	if (isNothing(changes)) {
		return 'the same data, only what could not be read differs';
	}

	const {branches, tags, otherRefs, pullRequests, pipelines, files} = changes;
	const forced = branches.moved.filter(({isForward}) => isForward === false);
	const moved = branches.moved.filter(({isForward}) => isForward !== false);
	return [
		...phrases(named({...branches, moved}), 'branch', 'branches', 'moved'),
		...phrase(forced.map(shortName), 'branch', 'branches', 'force-pushed'),
		...phrases(named(tags), 'tag', 'tags', 'moved'),
		...phrases(named(otherRefs), 'other ref', 'other refs', 'moved'),
		...headText(changes),
		...numberPhrases(pullRequests, 'pull request', '#'),
		...numberPhrases(pipelines, 'pipeline', ''),
		...filesText(files),
	].join(', ');
}

type Names = {
	readonly added: readonly string[];
	readonly moved: readonly string[];
	readonly removed: readonly string[];
};

function named({added, moved, removed}: RefChanges): Names {
	return {added: added.map(shortName), moved: moved.map(shortName), removed: removed.map(shortName)};
}

function numberPhrases(
	{added, updated, removed}: NumberedChanges,
	noun: string,
	sign: string,
): readonly string[] {
	const texts = (numbers: readonly number[], what: string): readonly string[] =>
		phrase(
			numbers.map(number => `${sign}${number}`),
			noun,
			`${noun}s`,
			what,
		);
	return [...texts(added, 'new'), ...texts(updated, 'updated'), ...texts(removed, 'gone')];
}

function phrases({added, moved, removed}: Names, one: string, many: string, verb: string): readonly string[] {
	return [
		...phrase(moved, one, many, verb),
		...phrase(added, one, many, 'new'),
		...phrase(removed, one, many, 'gone'),
	];
}

function phrase(names: readonly string[], one: string, many: string, what: string): readonly string[] {
	const [first] = names;
	if (first === undefined) {
		return [];
	}

	if (names.length === 1) {
		return [`${one} ${first} ${what}`];
	}

	const shown = names.slice(0, shownNames).join(', ');
	return [`${countOf(names.length, one, many)} ${what} (${shown}${names.length > shownNames ? ', …' : ''})`];
}

function headText({head}: SnapshotChanges): readonly string[] {
	if (head === undefined) {
		return [];
	}

	return [
		head.after === undefined
			? 'no default branch any more'
			: `default branch ${shortName({name: head.after})}`,
	];
}

function filesText(files: readonly ChangedFile[]): readonly string[] {
	const settings = files.filter(({path}) => path.startsWith('settings/'));
	const others = files.filter(({path}) => !path.startsWith('settings/'));
	const each = ({path, status}: ChangedFile): string => `${fileLabel(path)} ${statusWord(status)}`;
	const shown = settings.slice(0, shownNames).map(({path}) => fileLabel(path));
	return [
		...(others.length > shownNames
			? [
					`${formatNumber(others.length)} files changed (${others
						.slice(0, shownNames)
						.map(({path}) => fileLabel(path))
						.join(', ')}, …)`,
				]
			: others.map(each)),
		...(settings.length > shownNames
			? [`${formatNumber(settings.length)} settings changed (${shown.join(', ')}, …)`]
			: settings.map(each)),
	];
}

function statusWord(status: ChangedFile['status']): string {
	return status === 'added' ? 'new' : status === 'removed' ? 'gone' : 'changed';
}

const plainLabels: Readonly<Record<string, string>> = {
	'repository.json': 'repository description',
	'snippet.json': 'snippet description',
	'comments.json': 'comments',
	'downloads.json': 'downloads',
	'lfs.json': 'LFS objects',
};

/** What people call a file of a snapshot. */
export function fileLabel(path: string): string {
	const [, project] = /^projects\/([^/]+)\//.exec(path) ?? [];
	const template = project === undefined ? path : path.replace(project, '{key}');
	const label = plainLabels[path] ?? kindLabels.get(template)?.replace(/^the /, '');
	return sanitize((label ?? path.replace(/\.json$/, '')) + (project === undefined ? '' : ` (${project})`));
}

/** By the paths of their files in a snapshot. */
const kindLabels: ReadonlyMap<string, string> = new Map(
	Object.values(metadataKinds).map(({file, label}) => [file, label]),
);

/** A part of the details: what it is about, and rows of what, how, and more. */
export type ChangesSection = {readonly title: string; readonly rows: ReadonlyArray<readonly string[]>};

/** Everything that changed, a row each. Cells are not sanitized. */
export function changesSections(changes: SnapshotChanges, details: ChangeDetails): readonly ChangesSection[] {
	const {branches, tags, otherRefs, head, pipelines, files} = changes;
	const sections: readonly ChangesSection[] = [
		{
			title: 'Default branch',
			rows: head === undefined ? [] : [[`${headName(head.before)} → ${headName(head.after)}`]],
		},
		{title: 'Branches', rows: refRows(branches)},
		{title: 'Tags', rows: refRows(tags)},
		{title: 'Other refs', rows: refRows(otherRefs)},
		{title: 'Pull requests', rows: pullRequestRows(changes, details)},
		{title: 'Pipelines', rows: numberRows(pipelines)},
		{title: 'Downloads', rows: sideRows(details.downloads)},
		{title: 'LFS objects', rows: sideRows(details.lfsObjects)},
		{title: 'Settings and more', rows: fileRows(files, details)},
	];
	return sections.filter(({rows}) => rows.length > 0);
}

function headName(name: string | undefined): string {
	return name === undefined ? 'none' : shortName({name});
}

function refRows({added, moved, removed}: RefChanges): ReadonlyArray<readonly string[]> {
	return [
		...moved.map(ref => [shortName(ref), moveWord(ref), `${shortId(ref.before)} → ${shortId(ref.after)}`]),
		...added.map(ref => [shortName(ref), 'new', shortId(ref.id)]),
		...removed.map(ref => [shortName(ref), 'gone', shortId(ref.id)]),
	];
}

function moveWord({name, isForward}: MovedRef): string {
	if (!name.startsWith(branchPrefix) || isForward === undefined) {
		return 'moved';
	}

	return isForward ? 'moved on' : 'force-pushed';
}

function pullRequestRows(
	{pullRequests}: SnapshotChanges,
	details: ChangeDetails,
): ReadonlyArray<readonly string[]> {
	const added = new Set(pullRequests.added);
	const described = new Set(details.pullRequests.map(({id}) => id));
	return [
		...details.pullRequests.map(one => [
			`#${one.id}`,
			added.has(one.id) ? 'new' : 'updated',
			one.title ?? '',
			pullRequestText(one),
		]),
		// Of these only what was said or done in them changed.
		...pullRequests.updated.filter(id => !described.has(id)).map(id => [`#${id}`, 'updated']),
		...pullRequests.removed.map(id => [`#${id}`, 'gone']),
	];
}

function pullRequestText({state, comments, tasks}: DescribedPullRequest): string {
	const hasMoved = state.before !== undefined && state.before !== state.after;
	return [
		hasMoved ? `${state.before} → ${state.after ?? 'unknown'}` : (state.after ?? ''),
		...difference(comments, 'comment'),
		...difference(tasks, 'task'),
	]
		.filter(text => text !== '')
		.join(', ');
}

function difference(count: number, noun: string): readonly string[] {
	return count === 0 ? [] : [`${countOf(Math.abs(count), noun)} ${count > 0 ? 'more' : 'fewer'}`];
}

function numberRows({added, updated, removed}: NumberedChanges): ReadonlyArray<readonly string[]> {
	return [
		...added.map(number => [String(number), 'new']),
		...updated.map(number => [String(number), 'updated']),
		...removed.map(number => [String(number), 'gone']),
	];
}

function sideRows({added, removed}: ChangeDetails['downloads']): ReadonlyArray<readonly string[]> {
	return [...added.map(name => [name, 'new']), ...removed.map(name => [name, 'gone'])];
}

function fileRows(
	files: readonly ChangedFile[],
	{repositoryFields, downloads, lfsObjects}: ChangeDetails,
): ReadonlyArray<readonly string[]> {
	const told = new Set([
		...(downloads.added.length + downloads.removed.length > 0 ? ['downloads.json'] : []),
		...(lfsObjects.added.length + lfsObjects.removed.length > 0 ? ['lfs.json'] : []),
	]);
	return files
		.filter(({path}) => !told.has(path))
		.map(({path, status}) => [
			fileLabel(path),
			statusWord(status),
			...(path === 'repository.json' ? [repositoryFields.join(', ')] : []),
		]);
}

function shortId(id: string): string {
	return id.slice(0, 10);
}

/** A ref's name as people read it: bytes as UTF-8, without the part that its kind says already. */
function shortName({name}: {readonly name: string}): string {
	const whole = sanitize(refText(name));
	const short = whole.startsWith(branchPrefix)
		? whole.slice(branchPrefix.length)
		: whole.startsWith(tagPrefix)
			? whole.slice(tagPrefix.length)
			: whole;
	return short.length > longestName ? `${short.slice(0, longestName - 1)}…` : short;
}

/** A ref's name, which is a byte string, as text. */
export function refText(name: string): string {
	return Buffer.from(name, 'latin1').toString('utf8');
}
