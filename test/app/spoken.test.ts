import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {Place} from '../../source/app/navigation.ts';
import {backupPlace, frozenForgotten, pullRequests, snapshots, workspacePlace} from './fake-backups.ts';
import {createFakeServices, now, quota, runEnd, runEvents} from './fake-services.ts';
import {type OpenApp, openApp} from './open-app.ts';
import {createScriptedRun, scriptedRunId} from './scripted-run.ts';
import {keys} from './terminal.ts';

/* What a screen reader is told: the same facts, and nothing that is drawn. */

const snapshot = snapshots[0]?.id ?? '';
const before = snapshots[2]?.id ?? '';
const runPlace = {screen: 'run', run: scriptedRunId} as const;
const repository = {workspace: 'acme', repository: 'repository-0'} as const;

function open(
	context: TestContext,
	startAt: Place,
	services: Parameters<typeof createFakeServices>[0] = {},
): OpenApp {
	return openApp(context, createFakeServices(services), {
		columns: 400,
		rows: 60,
		startAt,
		environment: {INK_SCREEN_READER: 'true'},
	});
}

/** No lines of boxes and tables, no bars, no charts, no moving sign, and no masks: only words. */
function assertNothingIsDrawn(app: OpenApp): void {
	assert.doesNotMatch(app.text(), /[\u2500-\u259f\u2800-\u28ff•]/);
	// In ASCII these are bars, tables and charts.
	assert.doesNotMatch(app.text(), /\[[#.: ]+\]|[#*=+]{3}|\+-{2}|^\|/m);
}

function assertSays(app: OpenApp, facts: readonly (string | RegExp)[]): void {
	for (const fact of facts) {
		const says = typeof fact === 'string' ? app.text().includes(fact) : fact.test(app.text());
		assert.ok(says, `${String(fact)} is not in:\n${app.text()}`);
	}

	assertNothingIsDrawn(app);
}

test('spoken: a live run, each account with its quota, each repository with its state; its problems to their end', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, runPlace, {...run.services, now: () => now});
	await app.waitFor('developer-tools, waiting');
	assertSays(app, [
		'running 5 min 0 s, ends about',
		'primary, api, 812 of 1,000 used, 50 kept in reserve, frees in 41 min 0 s, 38 requests a minute',
		/^primary, git, 260 of 60,000 used/m,
		/^bot-1 and 1 more credential, api, 640 of 1,000 used/m,
		'bot-2, api, 950 of 1,000 used, 50 kept in reserve, used up, frees in 2 min 10 s',
		/ci-token, api, 310 of 3,500 used.*the limit is told by Bitbucket/,
		'bot-3, failed: Bitbucket refused the sign-in of "bot-3" (401): Token is expired. The run goes on without it.',
		'Repositories: 4 of 14, 1 failed, 1 partial, 2 running, 1 saved, 1 unchanged, 8 waiting, following',
		'payments-core, failed: fetch: the connection was reset, tried 5 times',
		'selected: web-frontend, running, pull requests, 1,240 of 1,800 pull requests',
		'legacy-erp, saved, 1 min 10 s, 120 kB, 16 requests',
	]);
	app.type(keys.tab);
	await app.waitFor('Problems: 3');
	assertSays(app, [
		'selected: bot-3, Bitbucket refused',
		'billing-service, 2 LFS objects are missing upstream',
	]);
});

test('spoken: a paused run stands still, a 429 and what others send are said, and a past run says what was sent', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, runPlace, {...run.services, now: () => now});
	await app.waitFor('developer-tools, waiting');
	run.write(
		quota('user:{1}', 'primary', 700, {frozenUntil: new Date(now + 90_000).toISOString()}),
		quota('user:{2}', 'bot-1', 640, {others: 12, oneByOne: true}),
		{type: 'paused'},
	);
	app.type(keys.down);
	await app.waitFor('paused since');
	await app.waitFor('web-frontend, paused');
	assertSays(app, [
		/primary, api, 700 of 1,000 used, 50 kept in reserve, answered 429, goes on at \d\d:\d1/,
		/bot-1 and 1 more credential, .*others sent 12, requests go one by one/,
	]);
	const past = open(context, runPlace, {...createScriptedRun([...runEvents, runEnd]).services});
	await past.waitFor('developer-tools, not begun');
	assertSays(past, [
		'primary, api, 1,240 sent, 3 answered 429, 812 of 1,000 used',
		'data-lake, not finished: the next run goes on from there',
		'partial, 4 min 50 s, 3,420 requests',
	]);
});

const places: ReadonlyArray<
	readonly [
		place: Place,
		facts: readonly (string | RegExp)[],
		services?: Parameters<typeof createFakeServices>[0],
	]
> = [
	[
		{screen: 'snapshots', ...repository},
		[
			'verified 3 days ago',
			/^selected: 2026-11-22 \d\d:\d\d:\d\d, complete, made by nightly, 128 refs, 42 pull requests, 3 branches moved .*, pull request #38 updated$/m,
			/^2026-11-20 .*, attention: 2 missing, made by nightly/m,
			/^2026-11-17 .*, error: unreadable, branch main moved/m,
			/, the first one$/m,
		],
	],
	[
		{screen: 'snapshot', ...backupPlace, snapshot},
		['Refs 128: 98 branches, 30 tags', 'It lacks nothing.', 'Changed since', 'old-design force-pushed'],
	],
	[
		{screen: 'comparison', ...backupPlace, before, after: snapshot},
		[
			'Branches (3)',
			'main moved on 1a2b3c4d5e → 6f7a8b9c0d',
			'#42 new Checkout in one step OPEN, 4 comments more',
		],
	],
	[
		{screen: 'pull-requests', ...backupPlace, snapshot},
		[
			'selected: #42, OPEN, Change number 42, by Ada Example, changed 2026-11-20',
			pullRequests[3]?.title ?? '?',
		],
	],
	[
		{screen: 'pull-request', ...backupPlace, snapshot, number: 42},
		['# #42 Checkout in one step', 'comment 1:'],
	],
	[
		{screen: 'restore', ...backupPlace, snapshot},
		[
			/^selected: Snapshot: 2026-11-22 .*, the newest, 1 of 24$/m,
			'As: bare repository, 1 of 3',
			'Folder: empty',
			'Metadata: on, pull requests, settings',
		],
	],
	[
		{screen: 'verification', ...backupPlace},
		['Read every byte of the backup of repository-0?', 'selected: Verify, and repair', 'Only verify'],
	],
	[
		{screen: 'forget', ...backupPlace},
		[
			'7 snapshots stay, 17 would go',
			'The rules of the plan: daily=7',
			/2026-11-22 .* stays daily, newest snapshot/,
		],
	],
	[
		{screen: 'forget', ...backupPlace},
		[/attention: frozen since 2026-11-20: 120 of 130 refs are gone upstream/, 'c accept change'],
		{inspectForget: async () => frozenForgotten},
	],
	[
		{screen: 'workspace-backups', workspace: 'acme'},
		[
			'selected: workspace acme, 24 snapshots, verified 3 days ago',
			'snippet kMB7x, 3 snapshots',
			'never verified',
		],
	],
	[{screen: 'files', ...workspacePlace, snapshot}, ['selected: members, 4.2 kB, members.json']],
	[
		{screen: 'plans'},
		[
			'selected: nightly, of acme, 1 account, never run, schedule 0 2 * * *, next run 23 Nov 02:00, repositories all but archived-*',
		],
	],
	[
		{screen: 'runs'},
		[
			/selected: nightly, .*, attention: partial, 4 min 50 s, 9 saved, 3 unchanged, 1 partial, 1 failed, 3,420 requests/,
		],
	],
];

for (const [place, facts, services] of places) {
	test(`spoken: ${place.screen} says ${String(facts[0])}`, async context => {
		const app = open(context, place, services);
		await app.waitFor('Keys:');
		await app.settled();
		assertSays(app, facts);
	});
}

test('spoken: of a secret its length is said and nothing of it, and what is typed is said', async context => {
	const app = open(context, {screen: 'credential', ...repository});
	await app.waitFor('selected: Kind: API token');
	app.type(`${keys.tab}bot-9${keys.tab}bot@acme.example${keys.tab}ATATT-not-to-be-heard`);
	await app.waitFor(/: 21 characters/);
	assertSays(app, ['Label: bot-9', ': bot@acme.example']);
	assert.doesNotMatch(app.text(), /ATATT|heard|\*\*/);
	app.type(keys.backspace);
	await app.waitFor(/: 20 characters/);
});

test('spoken: what is under way says how far it is, without a bar', async context => {
	const app = open(
		context,
		{screen: 'verification', ...backupPlace},
		{
			verify: async (_of, _repair, report, signal) => {
				report({stage: 'reading', done: 12_000, total: 34_000, unit: 'objects'});
				return new Promise((_resolve, reject) => {
					signal.addEventListener('abort', () => reject(signal.reason));
				});
			},
		},
	);
	await app.waitFor('selected: Verify');
	app.type(keys.enter);
	await app.waitFor('12,000 of 34,000 objects');
	assertSays(app, ['verifying repository-0', 'x cancel']);
});
