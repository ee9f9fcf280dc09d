import assert from 'node:assert/strict';
import {test} from 'node:test';
import {coverageOf} from '../../source/backup/covered-repositories.ts';
import {mirrorFolderName, safeSlug, snippetFolderName, uuidPrefix} from '../../source/backup/folder-name.ts';
import {nextSnapshotId, snapshotId, snapshotTime} from '../../source/backup/snapshot-id.ts';
import {isTurn, turnCycle} from '../../source/backup/turn.ts';

for (const [slug, safe] of [
	['web-frontend', 'web-frontend'],
	['.github', '_github'],
	['..', '_'],
	['../../etc/passwd', '_/../etc/passwd'.replace(/\//g, '_')],
	['-rf', '_rf'],
	['a b\u0000c\n', 'a_b_c_'],
	['ünï', '_n_'],
	['', '_'],
	['x'.repeat(300), 'x'.repeat(100)],
] as const) {
	test(`folder of the slug ${JSON.stringify(slug.slice(0, 20))}`, () => {
		assert.equal(safeSlug(slug), safe);
	});
}

test('a repository’s folder ends with the start of its uuid; what is no uuid has none', () => {
	assert.equal(uuidPrefix('{3F2A9C01-1111-4222-8333-444455556666}'), '3f2a9c01');
	assert.equal(mirrorFolderName('web', '3f2a9c01'), 'web-3f2a9c01.git');
	for (const text of ['', '{}', '../x', '{3f2a9c01}', '3f2a9c01-1111-4222-8333-44445555666g']) {
		assert.equal(uuidPrefix(text), undefined);
	}
});

test('no snippet has the folder of a repository', () => {
	assert.equal(snippetFolderName('kMB7x'), 'snippet-kMB7x.git');
	assert.doesNotMatch(snippetFolderName('abc-12345678'), /-[0-9a-f]{8}\.git$/);
});

test('ids of snapshots are times, and never go backwards', () => {
	const now = Date.parse('2026-11-22T13:15:00.123Z');
	assert.equal(snapshotId(now), '20261122T131500.123Z');
	assert.equal(snapshotTime('20261122T131500.123Z'), now);
	assert.equal(nextSnapshotId(now, undefined), '20261122T131500.123Z');
	assert.equal(nextSnapshotId(now, '20261122T131500.123Z'), '20261122T131500.124Z');
	assert.equal(nextSnapshotId(now, '20261231T235959.999Z'), '20270101T000000.000Z');
	assert.ok(Number.isNaN(snapshotTime('yesterday')));
});

test('each repository has one turn in a cycle, and not all have it at once', () => {
	const start = Date.parse('2026-11-22T02:00:00Z');
	const day = 86_400_000;
	const turnsOn = new Array<number>(7).fill(0);
	for (let repository = 0; repository < 70; repository += 1) {
		const uuid = `{${repository}}`;
		let takenAt = start;
		for (let run = 1; run <= 14; run += 1) {
			if (isTurn(uuid, new Date(takenAt).toISOString(), start + run * day)) {
				assert.ok(start + run * day - takenAt <= turnCycle);
				takenAt = start + run * day;
				turnsOn[run % 7] = (turnsOn[run % 7] ?? 0) + 1;
			}
		}
	}

	assert.equal(
		turnsOn.reduce((sum, count) => sum + count, 0),
		140,
	);
	assert.ok(Math.max(...turnsOn) < 70, `${turnsOn}`);
	assert.ok(isTurn('{1}', undefined, start));
	assert.ok(isTurn('{1}', 'rubbish', start));
	assert.ok(isTurn('{1}', new Date(start + 1).toISOString(), start), 'a clock that went backwards');
});

for (const [include, exclude, slug, expected] of [
	[[], [], 'anything', true],
	[[], [], '.github', true],
	[['web-*'], [], 'web-frontend', true],
	[['web-*'], [], 'api', false],
	[['*'], [], '.github', true],
	[[], ['archived-*'], 'archived-2019', false],
	[['web-*', 'api'], ['web-old'], 'web-old', false],
	[['web-*', 'api'], ['web-old'], 'api', true],
] as const) {
	test(`a plan with ${JSON.stringify({include, exclude})} ${expected ? 'covers' : 'leaves out'} ${slug}`, () => {
		assert.equal(coverageOf({include: [...include], exclude: [...exclude]})(slug), expected);
	});
}
