import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {RepositoryTile} from '../../source/actions/repositories.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';

const tileOf = (backup: Partial<RepositoryTile['backup']>): RepositoryTile => ({
	name: 'web-frontend',
	slug: 'web-frontend',
	uuid: '{w}',
	isUpstream: true,
	plans: ['nightly'],
	backup: {
		workspace: 'acme',
		uuid: '{w}',
		slug: 'web-frontend',
		plan: 'nightly',
		lastRunAt: '2026-11-22T11:30:00.000Z',
		status: 'backed-up',
		...backup,
	},
});

for (const [what, backup, expected] of [
	[
		'was verified',
		{snapshot: '20261122T113000.000Z', verifiedAt: '2026-11-19T11:30:00.000Z'},
		/Verified +3 days ago/,
	],
	['was never verified', {snapshot: '20261122T113000.000Z'}, /Verified +never/],
	['has no backup', {}, /Verified +–/],
] as const) {
	test(`app: a repository says that it ${what}`, async context => {
		const services = createFakeServices({knownRepositories: async () => [tileOf(backup)]});
		const app = openApp(context, services, {
			startAt: {screen: 'repository', workspace: 'acme', repository: 'web-frontend'},
		});
		await app.waitFor('Verified');
		assert.match(app.text(), expected);
	});
}
