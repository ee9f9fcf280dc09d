import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type KnownRepository, lossTexts, takeCensus, vanishedTexts} from '../../source/backup/census.ts';

const now = Date.parse('2026-11-22T02:00:00.000Z');
const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString();

const known = (
	slug: string,
	{inMemory, inNote}: {inMemory?: string; inNote?: string} = {},
): KnownRepository => ({
	uuid: `{${slug}}`,
	slug,
	archivedSince: inMemory,
	mirror: {folder: `/backups/${slug}`, archivedSince: inNote},
});

const slugs = (repositories: readonly KnownRepository[]): string[] => repositories.map(({slug}) => slug);

test('census: who has vanished, who is archived already, who is back', () => {
	const census = takeCensus(
		[
			known('there'),
			known('gone'),
			known('archived', {inMemory: daysAgo(90), inNote: daysAgo(90)}),
			known('in-the-note-alone', {inNote: daysAgo(90)}),
			known('in-memory-alone', {inMemory: daysAgo(90)}),
			known('back', {inMemory: daysAgo(1)}),
			known('back-by-its-note', {inNote: daysAgo(1)}),
		],
		new Set(['{there}', '{back}', '{back-by-its-note}', '{new}']),
		now,
	);
	assert.deepEqual(slugs(census.vanished), ['gone']);
	assert.deepEqual(slugs(census.archived), ['archived', 'in-the-note-alone', 'in-memory-alone']);
	assert.deepEqual(slugs(census.returned), ['back', 'back-by-its-note']);
	assert.equal(census.loss, 'none');
});

const many = (count: number, name: string, since?: string): KnownRepository[] =>
	Array.from({length: count}, (_, index) =>
		known(`${name}-${index}`, since === undefined ? {} : {inMemory: since}),
	);

for (const [text, there, gone, archived, listed, loss] of [
	['nothing was ever backed up', 0, 0, [], 0, 'none'],
	['one of ten', 9, 1, [], 9, 'none'],
	['half', 5, 5, [], 5, 'none'],
	['more than half', 4, 6, [], 4, 'most'],
	['most of a few', 1, 2, [], 1, 'none'],
	['all that was backed up, while others are listed', 0, 5, [], 3, 'most'],
	['more than half, two days ago', 4, 0, [[6, daysAgo(2)]], 4, 'most'],
	['more than half, piece by piece within a week', 4, 2, [[4, daysAgo(6)]], 4, 'most'],
	['more than half, long ago', 4, 1, [[60, daysAgo(8)]], 4, 'none'],
	['everything', 0, 5, [], 0, 'everything'],
	['the only one', 0, 1, [], 0, 'everything'],
	['everything, long ago', 0, 0, [[5, daysAgo(300)]], 0, 'everything'],
] as const) {
	test(`a list without ${text}: ${loss === 'none' ? 'no alarm' : `an alarm, ${loss}`}`, () => {
		const census = takeCensus(
			[
				...many(there, 'there'),
				...many(gone, 'gone'),
				...archived.flatMap(([count, since], index) => many(count, `archived-${index}`, since)),
			],
			new Set([...many(there, 'there'), ...many(listed - there, 'new')].map(({uuid}) => uuid)),
			now,
		);
		assert.equal(census.loss, loss);
		assert.equal(lossTexts(census, 'acme').length, loss === 'none' ? 0 : 1);
	});
}

test('who has vanished is told in one sentence, however many they are and whatever they are called', () => {
	assert.deepEqual(vanishedTexts([], 'acme'), []);
	const [one = ''] = vanishedTexts([known('we\u001b[31mb')], 'acme');
	assert.match(one, /^web is not listed in the workspace acme any more: .*its backup is kept/);
	const [several = ''] = vanishedTexts(many(7, 'old'), 'acme');
	assert.match(
		several,
		/^7 repositories are not listed .* \(old-0, old-1, old-2, old-3, old-4 and 2 more\): .* are kept/,
	);
});
