import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import type {Place} from '../../source/app/navigation.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';

const places: ReadonlyArray<readonly [Place, string]> = [
	[{screen: 'devops'}, 'web-frontend'],
	[{screen: 'credentials', workspace: 'acme', repository: 'repository-0'}, 'primary'],
	[{screen: 'plan', name: 'nightly'}, 'Organization'],
];

const size = fc.tuple(fc.integer({min: 5, max: 200}), fc.integer({min: 3, max: 60}));

for (const [place, content] of places) {
	test(`resize: however it came to its size, ${place.screen} is drawn as if it had begun with it`, async context => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(size, {minLength: 1, maxLength: 6}),
				fc.constantFrom([80, 24], [40, 12], [120, 40], [39, 30]),
				async (sizes, [columns = 80, rows = 24]) => {
					const app = openApp(context, createFakeServices(), {columns: 100, rows: 30, startAt: place});
					await app.waitFor(content);
					for (const [width, height] of sizes) {
						app.resize(width, height);
						// Some sizes are drawn before the next one comes, some are not.
						if (width % 2 === 0) {
							await app.settled();
						}
					}

					app.resize(columns, rows);
					await app.settled();
					const fresh = openApp(context, createFakeServices(), {columns, rows, startAt: place});
					await fresh.settled();
					await fresh.waitFor(columns < 40 ? 'too small' : content);
					await fresh.settled();
					assert.equal(app.text(), fresh.text());
				},
			),
			{numRuns: 8, examples: [[[[60, 20]], [39, 30]]]},
		);
	});
}
