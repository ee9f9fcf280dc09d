import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import type {BackupServices} from '../../source/app/backup-services.ts';
import type {AppServices} from '../../source/app/services.ts';
import {
	changesTextOf,
	frozenSnapshots,
	makeSnapshots,
	repositoryBackup,
	repositorySnapshots,
	snapshots,
} from './fake-backups.ts';
import {createFakeServices} from './fake-services.ts';
import {type OpenApp, openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const place = {screen: 'snapshots', workspace: 'acme', repository: 'repository-0'} as const;
const comfortable = {columns: 80, rows: 24} as const;
const small = {columns: 40, rows: 12} as const;

const open = (
	context: TestContext,
	services: AppServices,
	size: {readonly columns: number; readonly rows: number} = comfortable,
): OpenApp => openApp(context, services, {...size, startAt: place});

test('snapshots: from a repository by its section, and from its tile by a key', async context => {
	const app = openApp(context, createFakeServices(), comfortable);
	await app.waitFor('web-frontend');
	app.type('e');
	await app.waitFor('Snapshots (24)');
	app.type(`G${keys.enter}`);
	await app.waitFor('repository-0 › Edit › Snapshots');
	await app.waitFor('branch main moved, pull request #40');
	app.type(keys.escape);
	await app.waitFor('Additional credentials (4)');
	app.type(keys.escape);
	await app.waitFor('[Edit]');
	app.type('s');
	await app.waitFor('DevOps › acme › repository-0 › Snapshots');
	app.type(keys.escape);
	await app.waitFor('[Edit]');
});

for (const size of [comfortable, small]) {
	test(`snapshots: newest first, with what changed, at ${size.columns}x${size.rows}`, async context => {
		const app = open(context, createFakeServices(), size);
		await app.waitFor('✓ verified 3 days ago');
		await app.waitFor(/> 2026-11-22 \d\d:\d\d.* 3 branches moved/);
		assert.match(app.text(), /2026-11-20 .*! (2 missing +)?pull requests l/);
		assert.match(app.text(), /2026-11-17 .*✗/);
		app.type('G');
		await app.waitFor(/> 2026-10-30 .* the first one/);
		assert.match(app.rows().at(-1) ?? '', /Enter open .*Esc back {2}\? help/);
	});
}

test('snapshots: of the selected one there is what has no room in the list', async context => {
	const app = open(context, createFakeServices());
	await app.waitFor('3 branches moved');
	app.type('jj');
	await app.waitFor('! 2 LFS objects are missing upstream');
	assert.match(app.text(), /made by nightly: git, lfs, pull-requests, settings/);
	assert.match(app.text(), /126 refs · 42 pull requests/);
});

test('snapshots: what changed is read of what is in sight, at most once, and never holds the list up', async context => {
	const asked: string[] = [];
	let answer = (): void => undefined;
	const held = new Promise<void>(resolve => {
		answer = resolve;
	});
	const many = makeSnapshots(5000);
	const services = createFakeServices({
		snapshots: async () => ({...repositorySnapshots, snapshots: many}),
		changesTexts: async (_of, pairs) => {
			asked.push(...pairs.map(({after}) => after));
			await held;
			return new Map(pairs.map(({after}) => [after, `changed before ${after}`]));
		},
	});
	const app = open(context, services);
	await app.waitFor('reading what changed');
	app.type('jjj');
	await app.waitFor(/> 2026-11-19/);
	answer();
	await app.waitFor(`changed before ${many[3]?.id ?? ''}`);
	app.type('G');
	await app.waitFor(/> \d{4}-\d\d-\d\d .* the first one/);
	await app.settled();
	app.type('g');
	await app.waitFor(/> 2026-11-22/);
	await app.settled();
	assert.equal(new Set(asked).size, asked.length, 'nothing is asked for twice');
	assert.ok(asked.length < 60, `${asked.length} of 5,000 were compared`);
});

test('snapshots: frozen and archived are said above the list', async context => {
	const app = open(
		context,
		createFakeServices({
			snapshots: async () => ({
				...frozenSnapshots,
				verifiedAt: undefined,
				archivedSince: '2026-03-02T10:00:00.000Z',
			}),
		}),
	);
	await app.waitFor('– never verified');
	const text = app.text().replaceAll(/\s+/g, ' ');
	assert.match(
		text,
		/! frozen since 2026-11-20: 120 of 130 refs are gone upstream\. Nothing of it is removed/,
	);
	assert.match(text, /▪ archived: gone upstream since 2026-03-02, kept as it is/);
});

test('snapshots: of several backups the first is shown, and each has a section of its own', async context => {
	const services = createFakeServices({
		backups: async () => [
			repositoryBackup,
			{...repositoryBackup, plan: 'weekly', destination: '/mnt/second', snapshots: 3},
		],
		snapshots: async ({plan}) => ({
			...repositorySnapshots,
			snapshots: plan === 'weekly' ? makeSnapshots(3) : snapshots,
		}),
	});
	const app = open(context, services);
	await app.waitFor('One of 2 backups, the one in /srv/backup');
	await app.waitFor('of 24');
	const repository = openApp(context, services, {
		...comfortable,
		startAt: {screen: 'repository', workspace: 'acme', repository: 'repository-0'},
	});
	await repository.waitFor(/Snapshots \(24\) +in \/srv\/backup/);
	await repository.waitFor(/Snapshots \(3\) +in \/mnt\/second/);
	repository.type(`G${keys.enter}`);
	await repository.waitFor('3 snapshots');
	assert.doesNotMatch(repository.text(), /One of 2/);
});

test('snapshots: of a backup that a run makes just now its section says so, and nothing of another one', async context => {
	const folder = '/srv/backup/acme/web-frontend-0a1b2c3d.git';
	const services = createFakeServices({
		backups: async () => [
			{
				...repositoryBackup,
				snapshots: undefined,
				problem: `Another run works on ${folder}; let it end, then try again.`,
				isBusy: true,
			},
			{
				...repositoryBackup,
				destination: '/mnt/second',
				snapshots: undefined,
				problem: 'It cannot be opened.',
			},
		],
	});
	const app = openApp(context, services, {
		...comfortable,
		startAt: {screen: 'repository', workspace: 'acme', repository: 'repository-0'},
	});
	await app.waitFor(/Snapshots \(\?\) +It cannot be opened\. +\[Open\]/);
	assert.match(app.text(), /Snapshots \(\?\) +· a run writes it, in \/srv\/backup +\[Open\]/);
	assert.doesNotMatch(app.text(), /Another run/);
});

test('snapshots: found damaged is more than when it was verified', async context => {
	const services = createFakeServices({
		snapshots: async () => ({...repositorySnapshots, isDamaged: true}),
	});
	const app = open(context, services, small);
	await app.waitFor('✗ found damaged');
	assert.doesNotMatch(app.text(), /verified 3 days/);
});

const nothings: ReadonlyArray<readonly [string, Partial<BackupServices>, RegExp]> = [
	['being read', {snapshots: async () => new Promise(() => undefined)}, /reading the snapshots/],
	['no backup', {backups: async () => []}, /no backup of it in the destination of any plan/],
	[
		'no snapshot',
		{snapshots: async () => ({...repositorySnapshots, snapshots: []})},
		/There is no snapshot yet/,
	],
	[
		'damaged',
		{
			snapshots: async () => {
				throw new Error(
					'The backup of web-frontend is damaged (a pack cannot be read). See what is wrong with it with: bucket-brigade verify nightly web-frontend',
				);
			},
		},
		/✗ The backup of web-frontend is damaged .* verify nightly web-frontend/,
	],
];

for (const [name, parts, expected] of nothings) {
	for (const size of [comfortable, small]) {
		test(`snapshots: ${name}, at ${size.columns}x${size.rows}`, async context => {
			const app = open(context, createFakeServices(parts), size);
			await app.waitFor(/reading|no backup|no snapshot|damaged/);
			await app.settled();
			assert.match(app.text().replaceAll(/\s+/g, ' '), expected);
			app.type(keys.enter);
			await app.waitFor(/There is no snapshot yet|Nothing was read yet/);
		});
	}
}

test('snapshots: a backup that cannot be read can be verified all the same', async context => {
	const services = createFakeServices({
		snapshots: async () => {
			throw new Error('The backup of web-frontend is damaged.');
		},
	});
	const app = open(context, services, small);
	await app.waitFor('✗ The backup of web-frontend');
	app.type('v');
	await app.waitFor('> Verify, and repair');
});

test('snapshots: what there is no room for above the list is marked', async context => {
	const app = open(context, createFakeServices({snapshots: async () => frozenSnapshots}), small);
	await app.waitFor('! frozen since');
	assert.match(app.text(), /upstream\. Nothing of it.*…\n/);
	assert.match(app.text(), /> 2026-11-22/);
});

test('snapshots: where what changed cannot be read the list is there, and says why', async context => {
	const services = createFakeServices({
		changesTexts: async () => {
			throw new Error('The backup of web-frontend is damaged.');
		},
	});
	const app = open(context, services);
	await app.waitFor('✗ The backup of web-frontend is damaged.');
	await app.waitFor(/> 2026-11-22/);
});

test('snapshots: one is marked, then compared with another one, the earlier first', async context => {
	const app = open(context, createFakeServices());
	await app.waitFor('3 branches moved');
	app.type('m');
	await app.waitFor(/>\*2026-11-22/);
	app.type('jjj');
	await app.waitFor('m compare');
	app.type('m');
	await app.waitFor(`${snapshots[3]?.id ?? ''} → ${snapshots[0]?.id ?? ''}`);
	assert.match(app.text(), /main +moved on +1a2b3c4d5e → 6f7a8b9c0d/);
	assert.match(app.text(), /a-branch-with-a-name-that-is-much-too-long-for-any-column-that-anybody/);
	app.type('G');
	await app.waitFor('setting 11  changed');
	app.type(keys.escape);
	await app.waitFor(/\*2026-11-22/);
	// Escape takes the mark away first, then goes back.
	app.type(keys.escape);
	await app.waitFor(/ {2}2026-11-22/);
	await app.waitFor('m mark');
});

for (const size of [comfortable, small]) {
	test(`snapshot: its record and everything that changed, at ${size.columns}x${size.rows}`, async context => {
		const app = open(context, createFakeServices(), size);
		await app.waitFor('3 branches');
		app.type(`jj${keys.enter}`);
		await app.waitFor(/› 2026-11-20/);
		await app.waitFor(/Snapshot +20261120T113000\.000Z/);
		const seen: string[] = [];
		for (let page = 0; page < 12; page += 1) {
			await app.settled();
			seen.push(app.text());
			app.type(keys.pageDown);
		}

		const text = seen.join('\n').replaceAll(/\s+/g, ' ');
		assert.match(text, /Default branch main/);
		assert.match(text, /126: 98 branches, 30 tags/);
		assert.match(text, /! LFS objects: 2 of 5 are missing upstream/);
		assert.match(text, /webhooks: the scope read:webhook:bitbucket is missing/);
		assert.match(text, /Changed since 2026-11-19/);
		assert.match(text, /old-design/);
		assert.match(text, /setting 11 changed/);
		assert.doesNotMatch(text, /\u001b/);
	});
}

test('snapshot: the first one has none before it; what it is stays there when what changed cannot be read', async context => {
	const app = open(
		context,
		createFakeServices({
			compare: async () => {
				throw new Error('A pack cannot be read.');
			},
		}),
	);
	await app.waitFor('3 branches');
	app.type(keys.enter);
	await app.waitFor('✗ A pack cannot be read.');
	await app.waitFor(/Default branch main/);
	app.type(`${keys.escape}G${keys.enter}`);
	await app.waitFor('It is the first snapshot');
});

test('snapshots: read-only offers to look, and nothing that changes something', async context => {
	const app = openApp(context, createFakeServices(), {...comfortable, startAt: place, readOnly: true});
	await app.waitFor('3 branches moved');
	assert.doesNotMatch(app.text(), /Restore|verify|forget/);
	app.type('rvf');
	await app.settled();
	assert.match(app.text(), /repository-0 › Snapshots/);
	app.type(keys.enter);
	await app.waitFor(/Default branch main/);
	assert.match(app.text(), /p pull requests/);
	assert.doesNotMatch(app.text(), /Restore/);
});

test('snapshots: ASCII alone where it is asked for, but for names', async context => {
	const services = createFakeServices({
		changesTexts: async (_of, pairs) =>
			new Map(pairs.map(({after}) => [after, changesTextOf(after).replace('データ湖', 'lake')])),
	});
	const app = openApp(context, services, {...comfortable, startAt: place, ascii: true});
	await app.waitFor('branch lake new');
	assert.match(app.text(), /^[\u0000-\u007f]*$/);
});
