import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	backupPlace,
	frozenForgotten,
	frozenSnapshots,
	repositorySnapshots,
	verification,
} from './fake-backups.ts';
import {createFakeServices, plans} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

/* What is done to backups: verified, thinned out. */

const list = {screen: 'snapshots', workspace: 'acme', repository: 'repository-0'} as const;
const verify = {screen: 'verification', ...backupPlace} as const;
const forget = {screen: 'forget', ...backupPlace} as const;
const sizes = [
	{columns: 80, rows: 24},
	{columns: 40, rows: 12},
] as const;

for (const size of sizes) {
	const at = `at ${size.columns}x${size.rows}`;

	test(`verify: asks whether to repair, and says what was found; the list says when, ${at}`, async context => {
		let verifiedAt: string | undefined;
		const services = createFakeServices({
			snapshots: async () => ({...repositorySnapshots, verifiedAt}),
			verify: async (_of, repair) => {
				verifiedAt = '2026-11-22T11:59:00.000Z';
				return [
					{...verification, findings: [{kind: 'pack', state: 'repaired', text: `repair is ${repair}`}]},
				];
			},
		});
		const app = openApp(context, services, {...size, startAt: list});
		await app.waitFor('never verified');
		app.type('v');
		await app.waitFor('> Verify, and repair');
		assert.match(app.text(), /fetched anew/);
		app.type('j');
		await app.waitFor('> Only verify');
		await app.waitFor(/left as\s+it is/);
		app.type(keys.enter);
		await app.waitFor('✓ web-frontend: repaired');
		app.type('G');
		await app.waitFor(/fetched anew from\s+Bitbucket/);
		app.type('g');
		const seen: string[] = [];
		for (let page = 0; page < 3; page += 1) {
			await app.settled();
			seen.push(app.text());
			app.type(keys.pageDown);
		}

		assert.match(seen.join('\n'), /✓ repaired: repair is false/);
		app.type(keys.escape);
		await app.waitFor('✓ verified today');
	});

	test(`verify: shows how far it is and can be cancelled, ${at}`, async context => {
		const services = createFakeServices({
			verify: async (_of, _repair, report, signal) => {
				report({stage: 'reading', done: 1234, total: 12_345, unit: 'objects'});
				return new Promise((_resolve, reject) => {
					signal.addEventListener('abort', () => reject(signal.reason));
				});
			},
		});
		const app = openApp(context, services, {...size, startAt: verify});
		await app.waitFor('> Verify, and repair');
		app.type(keys.enter);
		await app.waitFor(/reading +.*1,234 of 12,345 obj/);
		app.type('x');
		await app.waitFor('Cancel the verification?');
		app.type(keys.enter);
		await app.waitFor('1,234 of');
		app.type(keys.escape);
		await app.waitFor('Cancel the verification?');
		app.type(keys.right + keys.enter);
		await app.waitFor('was cancelled');
		await app.waitFor('> Verify, and repair');
	});

	test(`forget: what would stay and why, what would go; confirmed, what went, ${at}`, async context => {
		const services = createFakeServices();
		const app = openApp(context, services, {...size, startAt: list});
		await app.waitFor('3 branches');
		app.type('f');
		await app.waitFor('7 snapshots stay, 17 would go');
		await app.waitFor('The rules of the plan: daily=7');
		assert.match(app.text(), /stays +daily, newest/);
		app.type('G');
		await app.waitFor(/2026-10-30 .* would go/);
		app.type('d');
		await app.waitFor('Forget 17 snapshots?');
		assert.match(app.text(), /> Cancel +Forget them/);
		app.type(keys.enter);
		await app.waitFor('would go');
		assert.equal(services.calls.length, 0);
		app.type('d');
		await app.waitFor('Forget 17 snapshots?');
		app.type(`${keys.right}${keys.enter}g`);
		await app.waitFor('✓ 7 snapshots stay, 17 gone');
		assert.deepEqual(
			services.calls.map(({name}) => name),
			['forget'],
		);
		assert.doesNotMatch(app.text(), /d Forget/);
	});

	test(`forget: frozen, nothing goes until the change is accepted, ${at}`, async context => {
		let isFrozen = true;
		const services = createFakeServices({
			snapshots: async () => frozenSnapshots,
			...(() => {
				const {inspectForget} = createFakeServices();
				return {
					inspectForget: async (...of: Parameters<typeof inspectForget>) =>
						isFrozen ? frozenForgotten : inspectForget(...of),
				};
			})(),
			acceptChange: async () => {
				isFrozen = false;
				return '120 of 130 refs are gone upstream';
			},
		});
		const app = openApp(context, services, {...size, startAt: list});
		await app.waitFor('! frozen since');
		app.type('f');
		await app.waitFor('24 snapshots stay, 0 would go');
		app.type('d');
		await app.waitFor('nothing is removed until');
		app.type('c');
		await app.waitFor('Accept the change?');
		assert.match(app.text(), /> Cancel +Accept/);
		app.type(keys.escape);
		await app.waitFor('! frozen since');
		app.type('c');
		await app.waitFor('Accept the change?');
		app.type(keys.right + keys.enter);
		await app.waitFor('✓ Accepted: 120 of 130');
		await app.waitFor('17 would go');
		app.type('d');
		await app.waitFor('Forget 17 snapshots?');
	});
}

test('forget: frozen, also where the plan keeps everything, the change can be accepted', async context => {
	const [plan] = plans;
	assert.ok(plan);
	let isFrozen = true;
	const services = createFakeServices({
		plans: async () => [{...plan, plan: {...plan.plan, keep: {}}}],
		snapshots: async () => (isFrozen ? frozenSnapshots : repositorySnapshots),
		acceptChange: async () => {
			isFrozen = false;
			return '120 of 130 refs are gone upstream';
		},
	});
	const app = openApp(context, services, {...sizes[1], startAt: forget});
	await app.waitFor('keeps every snapshot');
	await app.waitFor('! frozen since');
	app.type('c');
	await app.waitFor('Accept the change?');
	app.type(keys.right + keys.enter);
	await app.waitFor('✓ Accepted: 120 of 130');
	await app.settled();
	assert.doesNotMatch(app.text(), /! frozen/);
});

test('verify: what went wrong is said, and one may try again', async context => {
	const services = createFakeServices({
		verify: async () => {
			throw new Error('There is no backup of "web-frontend".');
		},
	});
	const app = openApp(context, services, {...sizes[0], startAt: verify});
	await app.waitFor('> Verify, and repair');
	app.type(keys.enter);
	await app.waitFor('✗ There is no backup of "web-frontend".');
	await app.waitFor('> Verify, and repair');
});

test('verify: every state has its words', async context => {
	for (const [state, expected] of [
		['whole', '✓ web-frontend: whole'],
		['damaged', '✗ web-frontend: damaged'],
		['not-verified', '! web-frontend: not verified'],
	] as const) {
		const services = createFakeServices({verify: async () => [{...verification, state}]});
		const app = openApp(context, services, {...sizes[0], startAt: verify});
		await app.waitFor('> Verify, and repair');
		app.type(keys.enter);
		await app.waitFor(expected);
	}
});

test('forget: a plan that keeps everything says where that is changed, and is not asked', async context => {
	const [plan] = plans;
	assert.ok(plan);
	const services = createFakeServices({
		plans: async () => [{...plan, plan: {...plan.plan, keep: {}}}],
		inspectForget: async () => {
			throw new Error('not to be asked');
		},
	});
	const app = openApp(context, services, {...sizes[0], startAt: forget});
	await app.waitFor('keeps every snapshot');
	await app.settled();
	assert.doesNotMatch(app.text(), /not to be asked/);
	app.type('d');
	await app.waitFor('There is nothing to remove yet.');
	app.type('e');
	await app.waitFor('Plans › nightly › Edit');
});

test('forget: what cannot be looked at, and what fails, is said', async context => {
	const looking = openApp(
		context,
		createFakeServices({
			inspectForget: async () => ({
				name: 'web-frontend',
				kind: 'repository',
				view: undefined,
				freed: 0,
				failure: 'another run works on it',
			}),
		}),
		{...sizes[0], startAt: forget},
	);
	await looking.waitFor('✗ another run works on it');
	const removing = openApp(
		context,
		createFakeServices({
			forget: async () => {
				throw new Error('/srv/backup cannot be written: read-only file system.');
			},
		}),
		{...sizes[0], startAt: forget},
	);
	await removing.waitFor('17 would go');
	removing.type('d');
	await removing.waitFor('Forget 17 snapshots?');
	removing.type(keys.right + keys.enter);
	await removing.waitFor('✗ /srv/backup cannot be written');
});

test('verify and forget: in read-only nothing can be begun', async context => {
	for (const [place, shown] of [
		[verify, 'This is read-only'],
		[{...forget}, '17 would go'],
	] as const) {
		const services = createFakeServices();
		const app = openApp(context, services, {...sizes[0], startAt: place, readOnly: true});
		await app.waitFor(shown);
		app.type(`${keys.enter}dc`);
		await app.settled();
		assert.equal(services.calls.length, 0);
		assert.doesNotMatch(app.text(), /Forget 17|start|d Forget/);
	}
});
