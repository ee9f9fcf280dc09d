import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const token = `ATATT3xFfGF0${'aB3_-'.repeat(10)}=1A2B3C4D`;

for (const columns of [80, 40]) {
	test(`a token in a field that is kept in clear is never shown and never saved, at ${columns} columns`, async context => {
		const saved: unknown[] = [];
		const services = createFakeServices({
			addPlan: async draft => {
				saved.push(draft);
				throw new Error('saved');
			},
		});
		const app = openApp(context, services, {columns, rows: 24, startAt: {screen: 'plan'}});
		await app.waitFor('> Name');
		const held = (): void => {
			assert.ok(!app.text().includes(token.slice(0, 16)), app.text());
		};

		app.type(`weekly${keys.tab}${keys.tab}${keys.tab}`);
		await app.waitFor('> But not');
		app.type(token);
		await app.waitFor(new RegExp(`• +${token.length}`));
		held();
		await app.waitFor('a token: delete it here');
		app.type(keys.save);
		await app.waitFor(/! a token: delete it here/);
		assert.deepEqual(saved, []);
		// Left and come back to, it is masked all the same; nothing else of the entry is lost.
		app.type(keys.shiftTab);
		await app.waitFor('> Repositories');
		held();
		app.type(keys.tab);
		await app.waitFor('> But not');
		app.type(`${keys.backspace.repeat(token.length)}archived-*`);
		await app.waitFor('archived-*');
		app.type(keys.save);
		await app.waitFor('✗ saved');
		assert.equal(saved.length, 1);
	});
}
