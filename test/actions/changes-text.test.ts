import assert from 'node:assert/strict';
import {test} from 'node:test';
import {changesSections, changesText, fileLabel} from '../../source/actions/changes-text.ts';
import type {SnapshotChanges} from '../../source/backup/reading/snapshot-changes.ts';

const noRefs = {added: [], moved: [], removed: []};
const nothing: SnapshotChanges = {
	head: undefined,
	branches: noRefs,
	tags: noRefs,
	otherRefs: noRefs,
	pullRequests: {added: [], updated: [], removed: []},
	pipelines: {added: [], updated: [], removed: []},
	files: [],
};

/** Names of refs are byte strings. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1');
const id = '1'.repeat(40);
const names = (...all: string[]) => all.map(name => ({name, id}));
const moved = (isForward: boolean | undefined, ...all: string[]) =>
	all.map(name => ({name, before: id, after: '2'.repeat(40), isForward}));

const texts: ReadonlyArray<readonly [Partial<SnapshotChanges>, string]> = [
	[
		{
			branches: {
				...noRefs,
				moved: [
					...moved(true, 'refs/heads/main', 'refs/heads/a', 'refs/heads/b', 'refs/heads/c'),
					...moved(false, 'refs/heads/old'),
				],
			},
			tags: {...noRefs, added: names('refs/tags/v2')},
			pullRequests: {added: [41, 42], updated: [1, 2, 3, 4, 5], removed: []},
			files: [{path: 'settings/hooks.json', status: 'changed'}],
		},
		'4 branches moved (main, a, b, …), branch old force-pushed, tag v2 new, 2 pull requests new (#41, #42), 5 pull requests updated (#1, #2, #3, …), webhooks changed',
	],
	[{branches: {...noRefs, moved: moved(undefined, 'refs/heads/main')}}, 'branch main moved'],
	[{branches: {...noRefs, removed: names('refs/heads/main')}}, 'branch main gone'],
	[
		{otherRefs: {...noRefs, moved: moved(undefined, 'refs/notes/commits')}},
		'other ref refs/notes/commits moved',
	],
	[{head: {before: 'refs/heads/master', after: 'refs/heads/main'}}, 'default branch main'],
	[{head: {before: 'refs/heads/master', after: undefined}}, 'no default branch any more'],
	[{pipelines: {added: [7], updated: [], removed: []}}, 'pipeline 7 new'],
	[
		{
			files: ['hooks', 'deploy-keys', 'runners', 'environments'].map(name => ({
				path: `settings/${name}.json`,
				status: 'changed' as const,
			})),
		},
		'4 settings changed (webhooks, deploy keys, pipeline runners, …)',
	],
	[
		{branches: {...noRefs, added: names(bytes('refs/heads/café'), bytes('refs/heads/\u001b[31mred\u202e'))}},
		'2 branches new (café, red)',
	],
	[{branches: {...noRefs, added: names(`refs/heads/${'x'.repeat(100)}`)}}, `branch ${'x'.repeat(59)}… new`],
];

for (const [changes, text] of texts) {
	test(text, () => {
		assert.equal(changesText({...nothing, ...changes}), text);
	});
}

test('files are called what people call them', () => {
	for (const [path, label] of [
		['settings/branching-model.json', 'branching model'],
		['settings/unheard-of.json', 'settings/unheard-of'],
		['downloads.json', 'downloads'],
		['members.json', 'members'],
		['projects/WEB/default-reviewers.json', 'default reviewers of projects (WEB)'],
		['something/else.json', 'something/else'],
	] as const) {
		assert.equal(fileLabel(path), label);
	}
});

test('details have a row for each thing, and a section only where there is one', () => {
	const sections = changesSections(
		{
			...nothing,
			branches: {added: names('refs/heads/new'), moved: moved(true, 'refs/heads/main'), removed: []},
			pullRequests: {added: [41], updated: [7, 9], removed: [3]},
			files: [
				{path: 'repository.json', status: 'changed'},
				{path: 'downloads.json', status: 'changed'},
			],
		},
		{
			pullRequests: [
				{id: 7, title: 'Old', state: {before: 'OPEN', after: 'MERGED'}, comments: 2, tasks: -1},
				{id: 41, title: undefined, state: {before: undefined, after: 'OPEN'}, comments: 0, tasks: 0},
			],
			repositoryFields: ['description', 'name'],
			downloads: {added: ['new.zip'], removed: ['old.zip']},
			lfsObjects: {added: [], removed: []},
		},
	);
	assert.deepEqual(sections, [
		{
			title: 'Branches',
			rows: [
				['main', 'moved on', '1111111111 → 2222222222'],
				['new', 'new', '1111111111'],
			],
		},
		{
			title: 'Pull requests',
			rows: [
				['#7', 'updated', 'Old', 'OPEN → MERGED, 2 comments more, 1 task fewer'],
				['#41', 'new', '', 'OPEN'],
				['#9', 'updated'],
				['#3', 'gone'],
			],
		},
		{
			title: 'Downloads',
			rows: [
				['new.zip', 'new'],
				['old.zip', 'gone'],
			],
		},
		{title: 'Settings and more', rows: [['repository description', 'changed', 'description, name']]},
	]);
});
