import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {CredentialSummary} from '../../source/actions/credentials.ts';
import type {OrganizationSummary} from '../../source/actions/organizations.ts';
import type {PlanSummary} from '../../source/actions/plans.ts';
import {
	type Beginnings,
	firstSteps,
	nextStep,
	stepText,
} from '../../source/app/screens/first-steps/first-steps.ts';
import {destinationText} from '../../source/app/screens/plan/destination-text.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {createFakeServices, credentials, now, plans} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const nothing: Beginnings = {
	organizations: 0,
	additionalCredentials: 0,
	plans: 0,
	runs: 0,
	isSkipped: false,
};

const table: ReadonlyArray<readonly [Partial<Beginnings>, string, string]> = [
	[{}, 'next later later later', 'step 1 of 4, then additional credentials'],
	[{organizations: 1}, 'done next later later', 'step 2 of 4, then the first plan'],
	[{organizations: 1, isSkipped: true}, 'done left out next later', 'step 3 of 4, then the first run'],
	[{organizations: 1, additionalCredentials: 2}, 'done done next later', 'step 3 of 4, then the first run'],
	[{organizations: 1, plans: 1}, 'done left out done next', 'step 4 of 4'],
	// Added after it was left out: it is done.
	[
		{organizations: 1, additionalCredentials: 1, isSkipped: true, plans: 1},
		'done done done next',
		'step 4 of 4',
	],
	[{organizations: 1, plans: 1, runs: 3}, 'done left out done done', ''],
	// A plan was removed, or made by a command: what is missing is next.
	[{organizations: 1, plans: 0, runs: 3}, 'done left out next done', 'step 3 of 4'],
	[{plans: 1, runs: 1}, 'next left out done done', 'step 1 of 4'],
];

for (const [beginnings, states, text] of table) {
	test(`first steps: ${JSON.stringify(beginnings)} is ${states}`, () => {
		const steps = firstSteps({...nothing, ...beginnings});
		assert.equal(steps.map(({state}) => state).join(' '), states);
		assert.equal(stepText(steps), text);
		assert.equal(nextStep(steps)?.state, states.includes('next') ? 'next' : undefined);
	});
}

const primary = credentials[0] as CredentialSummary;
const connected: OrganizationSummary = {
	workspace: 'acme',
	apiUrl: 'https://api.bitbucket.org/2.0',
	gitUrl: 'https://bitbucket.org',
	reservePercent: 5,
	primaryCredential: 'primary',
	additionalCredentials: [],
	plans: [],
};

/** Services on a store that is empty at first. */
function emptyStore() {
	const organizations: OrganizationSummary[] = [];
	const stored: CredentialSummary[] = [];
	const made: PlanSummary[] = [];
	const started: string[] = [];
	const check = {
		state: 'ok' as const,
		checkedAt: new Date(now).toISOString(),
		account: {id: 'user:{1}', name: 'Backup Primary'},
	};
	const services = createFakeServices({
		organizations: async () =>
			organizations.map(one => ({...one, additionalCredentials: stored.slice(1).map(({label}) => label)})),
		repositories: async () => [],
		knownRepositories: async () => [],
		credentials: async () => [...stored],
		plans: async () => [...made],
		runs: async () => [],
		addOrganization: async draft => {
			organizations.push(connected);
			stored.push(primary);
			const organization = OrganizationSchema.parse({
				workspace: draft.workspace,
				primaryCredential: {
					id: 'id-primary',
					label: 'primary',
					kind: 'api-token',
					username: 'a@b.example',
					addedAt: new Date(now).toISOString(),
				},
			});
			return {organization, check};
		},
		addCredential: async (_workspace, {label, kind}) => {
			stored.push({...primary, id: `id-${label}`, label, isPrimary: false});
			return {credential: {id: `id-${label}`, label, kind, addedAt: new Date(now).toISOString()}, check};
		},
		addPlan: async draft => {
			const plan = PlanSchema.parse(draft);
			made.push({...(plans[0] as PlanSummary), name: plan.name, plan});
			return plan;
		},
		startRun: async name => {
			started.push(name);
			return '20261122T115500.000Z-nightly';
		},
	});
	return {services, made, started};
}

test('first steps: by the hand from an empty store to the first run, with defaults that suit', async context => {
	const {services, made, started} = emptyStore();
	const app = openApp(context, services, {columns: 80, rows: 24});
	await app.waitFor('> 1 Connect an organization');
	assert.match(app.text(), /read:user:bitbucket +whose quota a request counts against/);
	// To the end of what is to be known, and what saving does.
	app.type('G');
	await app.waitFor('Nothing is changed at Bitbucket.');
	await app.waitFor('admin:repository:bitbucket');
	app.type(keys.enter);
	await app.waitFor('step 1 of 4, then additional credentials');
	app.type(`acme\u000f`);
	await app.waitFor('› Scopes');
	await app.waitFor('read:pullrequest:bitbucket');
	app.type(keys.escape);
	await app.waitFor(/Workspace +acme/);
	app.type(`${keys.tab}${keys.tab}${keys.tab}backup@acme.example${keys.tab}ATATT3xFirst${keys.save}`);
	await app.waitFor('> 2 Additional credentials');
	assert.match(app.text(), /✓ 1 Connect an organization +done/);
	assert.match(app.text(), /may be left out/);
	app.type(keys.enter);
	await app.waitFor('step 2 of 4, then the first plan');
	app.type(`${keys.tab}bot-1${keys.tab}bot@acme.example${keys.tab}ATATT3xSecond${keys.save}`);
	await app.waitFor('> 3 The first plan');
	app.type(keys.enter);
	await app.waitFor('step 3 of 4, then the first run');
	await app.waitFor(/Name +nightly/);
	await app.waitFor('1 credential of 1 switched on');
	// Nothing was entered: it is left without a question, and one finds it again.
	app.type(keys.escape);
	await app.waitFor(/Plans +0 plans/);
	app.type('1');
	await app.waitFor('> 3 The first plan');
	app.type(keys.enter);
	await app.waitFor('1 credential of 1 switched on');
	app.type(`${keys.up}${keys.up}`);
	await app.waitFor(/\/home\/backups is made by the first run below \/srv, 1\.4 TB\s+free/);
	app.type(keys.save);
	await app.waitFor('> 4 The first run');
	assert.equal(made[0]?.plan.name, 'nightly');
	assert.deepEqual(made[0]?.plan.advanced.additionalCredentials, {enabled: true, credentials: ['id-bot-1']});
	app.type(keys.enter);
	await app.waitFor('used/limit');
	assert.deepEqual(started, ['nightly']);
});

test('first steps: additional credentials may be left out; what was left is found again in DevOps', async context => {
	const {services} = emptyStore();
	const app = openApp(context, services, {columns: 80, rows: 24});
	await app.waitFor('> 1 Connect an organization');
	app.type(keys.enter);
	await app.waitFor('step 1 of 4');
	app.type(`acme${keys.tab.repeat(3)}backup@acme.example${keys.tab}ATATT3xFirst${keys.save}`);
	await app.waitFor('> 2 Additional credentials');
	app.type('s');
	await app.waitFor('> 3 The first plan');
	assert.match(app.text(), /– 2 Additional credentials +left out/);
	app.type(keys.escape);
	await app.waitFor('n next step');
	app.type('n');
	await app.waitFor('> 3 The first plan');
	app.type('a');
	await app.waitFor('› Add new');
});

test('first steps: a form that was begun is not lost by leaving it, and read-only goes no step', async context => {
	const app = openApp(context, emptyStore().services, {columns: 80, rows: 24});
	await app.waitFor('> 1 Connect an organization');
	app.type(`${keys.enter}acme${keys.escape}`);
	await app.waitFor('Drop the changes?');
	app.type(keys.enter);
	await app.waitFor(/Workspace +acme/);
	const reader = openApp(context, emptyStore().services, {columns: 80, rows: 24, readOnly: true});
	await reader.waitFor('> 1 Connect an organization');
	await reader.waitFor('Read-only: start without --read-only to go on.');
	reader.type(keys.enter);
	await reader.settled();
	assert.match(reader.text(), /> 1 Connect an organization/);
});

const path = '/srv/backup';
const destinations: ReadonlyArray<readonly [string, Parameters<typeof destinationText>[1], RegExp, boolean]> =
	[
		['', undefined, /empty: the home's own/, false],
		[
			'',
			{path: '/home/backups', state: 'exists', freeBytes: 2e9},
			/^\/home\/backups is there, 2\.0 GB free$/,
			false,
		],
		[path, {path, state: 'exists'}, /^it is there$/, false],
		[
			path,
			{path, state: 'can-be-made', nearest: '/srv', freeBytes: 1e12},
			/made by the first run below \/srv, 1\.0 TB/,
			false,
		],
		[path, {path, state: 'not-writable', nearest: '/srv'}, /^\/srv may not be written to/, true],
		[path, {path, state: 'not-a-folder'}, /^\/srv\/backup is a file/, true],
		[path, {path, state: 'unreachable'}, /cannot be looked at/, true],
		['~/backup', {path: '/x/~/backup', state: 'can-be-made', nearest: '/x'}, /write the whole path/, true],
	];

for (const [entered, check, text, isProblem] of destinations) {
	test(`destination: ${JSON.stringify(entered)} that is ${check?.state ?? 'not known yet'}`, () => {
		const told = destinationText(entered, check);
		assert.match(told.text, text);
		assert.equal(told.isProblem, isProblem);
	});
}
