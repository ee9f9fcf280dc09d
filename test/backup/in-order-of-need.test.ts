import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inOrderOfNeed} from '../../source/backup/in-order-of-need.ts';
import {RepositorySchema} from '../../source/bitbucket/resources.ts';

test('order of need: never backed up comes first, then what was backed up longest ago; equals keep their order', () => {
	const backups: Readonly<Record<string, string | undefined>> = {
		today: '2026-11-22T13:15:00.000Z',
		yesterday: '2026-11-21T13:15:00.000Z',
		never: undefined,
		rubbish: 'some day',
		'also-today': '2026-11-22T13:15:00.000Z',
	};
	const repositories = Object.keys(backups).map(slug =>
		RepositorySchema.parse({slug, uuid: `{${slug}}`, full_name: `acme/${slug}`, name: slug, links: {}}),
	);
	const ordered = inOrderOfNeed(repositories, ({slug}) => {
		const lastBackupAt = backups[slug];
		const entry = {workspace: 'acme', uuid: slug, slug, plan: 'nightly', lastRunAt: ''};
		return lastBackupAt === undefined ? entry : {...entry, lastBackupAt};
	});
	assert.deepEqual(
		ordered.map(({slug}) => slug),
		['never', 'rubbish', 'yesterday', 'today', 'also-today'],
	);
	assert.deepEqual(
		inOrderOfNeed(repositories, () => undefined),
		repositories,
	);
});
