import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {test} from 'node:test';
import fc from 'fast-check';
import {render} from 'ink';
import {createElement} from 'react';
import {App} from '../../source/app/app.tsx';
import {steady, widthOf} from '../../source/app/cells.ts';
import {decideDisplay} from '../../source/app/display.ts';
import {noOverrides} from '../../source/app/input/key-overrides.ts';
import {createKeySource} from '../../source/app/input/key-source.ts';
import type {Place} from '../../source/app/navigation.ts';
import {asciiSigns, unicodeSigns} from '../../source/app/theme.ts';
import type {RunEvent} from '../../source/runs/events.ts';
import {
	compared,
	forgotten,
	inspected,
	pullRequests,
	repositoryBackup,
	repositorySnapshots,
	snapshotFiles,
	snapshots,
	workspaceBackups,
} from './fake-backups.ts';
import {createFakeServices, credentials, plans, repositories, runEvents} from './fake-services.ts';

/** What people, other programs and attackers call things. No box signs: the borders are looked for by them. */
const pieces = fc.constantFrom(
	'web-frontend',
	'データ湖',
	'한국어',
	'ｱｲｳ',
	'👩‍👩‍👧',
	'🇵🇱',
	'👍🏽',
	'🤷🏽‍♀️',
	'🏳️‍🌈',
	'क्‍ष',
	'⚙️',
	'1️⃣',
	'🚀✨',
	'e\u0301\u0301\u0302\u0303\u0304',
	'Z̷͙͝a̴̎l̸g̵o',
	'שלום',
	'مرحبا',
	'क्षि',
	'กำ',
	'\u202eevil\u202c',
	'\u200b',
	'\u001b[31mred\u001b[0m',
	'\u001b]0;title\u0007',
	'\t',
	'\n',
	' ',
	'ﷺ',
	'ß…',
	'a'.repeat(80),
);
const hostile = fc.array(pieces, {minLength: 1, maxLength: 8}).map(parts => parts.join(''));

const repository = {workspace: 'acme', repository: 'repository-0'} as const;

const placesOf = (name: string): readonly Place[] => [
	{screen: 'devops'},
	{screen: 'repository', workspace: name, repository: 'repository-0'},
	{screen: 'credentials', ...repository},
	{screen: 'credential', ...repository, label: name},
	{screen: 'plans'},
	{screen: 'plan', name},
	{screen: 'run', run: '20261122T115500.000Z-nightly'},
	{screen: 'runs'},
	{screen: 'settings'},
	{screen: 'first-steps'},
	{screen: 'add-organization'},
	{screen: 'snapshots', workspace: name, repository: name},
	{screen: 'snapshot', ...called(name), snapshot: newest},
	{screen: 'comparison', ...called(name), before: oldest, after: newest},
	{screen: 'pull-requests', ...called(name), snapshot: newest},
	{screen: 'pull-request', ...called(name), snapshot: newest, number: 42},
	{screen: 'restore', ...called(name), snapshot: newest},
	{screen: 'verification', ...called(name)},
	{screen: 'forget', ...called(name)},
	{screen: 'workspace-backups', workspace: name},
	{screen: 'files', ...called(name), kind: 'snippet', snapshot: newest},
	{screen: 'file', ...called(name), kind: 'workspace', snapshot: newest, path: name},
];

const newest = snapshots[0]?.id ?? '';
const oldest = snapshots.at(-1)?.id ?? '';

/** A backup that has the name wherever it can. */
function called(name: string) {
	return {workspace: name, repository: name, backup: {plan: name, folder: name}} as const;
}

/** Every text of a value is the name; ids and times stay what they are. */
function renamedAll<Value>(value: Value, name: string): Value {
	return JSON.parse(JSON.stringify(value), (key, text) =>
		typeof text === 'string' && !['id', 'at', 'before', 'after', 'verifiedAt', 'state', 'kind'].includes(key)
			? name
			: text,
	);
}

/** Everything that has a name has this one. */
function servicesCalled(name: string) {
	const fake = createFakeServices();
	const renamed = (event: RunEvent): RunEvent =>
		JSON.parse(JSON.stringify(event), (key, value) =>
			['repository', 'label', 'reason', 'stage'].includes(key) && typeof value === 'string' && key !== 'stage'
				? `${name}${value}`
				: value,
		);
	return createFakeServices({
		organizations: async () => (await fake.organizations()).map(one => ({...one, workspace: name})),
		repositories: async () =>
			repositories.map(one => ({...one, name, description: name, plans: [name, name]})),
		knownRepositories: async () =>
			repositories.map(one => ({...one, name, description: name, project: {key: name, name}, plans: [name]})),
		credentials: async () =>
			credentials.map(one => ({
				...one,
				id: `${one.id}`,
				label: name,
				username: name,
				account: {id: one.id, name},
				plans: [name],
			})),
		plans: async () =>
			plans.map(one => ({
				...one,
				name,
				organization: name,
				plan: {...one.plan, name, organization: name, include: [name], schedule: name, destination: name},
			})),
		runs: async () => (await fake.runs()).map(one => ({...one, plan: name, organization: name})),
		followRun: async function* () {
			yield* runEvents.map(renamed);
			await new Promise(() => undefined);
		},
		backups: async () => [{...repositoryBackup, plan: name, destination: name, folder: name}],
		snapshots: async () => renamedAll(repositorySnapshots, name),
		changesTexts: async (_of, pairs) => new Map(pairs.map(({after}) => [after, name])),
		snapshot: async (_of, id) => renamedAll(inspected(id), name),
		compare: async (_of, pair) => ({...renamedAll(compared, name), ...pair}),
		pullRequests: async (_of, snapshot) => ({
			repository: name,
			snapshot,
			pullRequests: renamedAll(pullRequests, name),
		}),
		pullRequest: async () => `# ${name}\n\n> ${name}\n- ${name} ${name} ${name}`,
		inspectForget: async () => ({...forgotten, name}),
		workspaceBackups: async () =>
			workspaceBackups.map(one => ({...one, plan: name, destination: name, name, title: name})),
		snapshotFiles: async (_of, snapshot) => ({
			repository: name,
			snapshot,
			files: snapshotFiles.map((one, index) => ({...one, path: `${index}${name}`, label: name})),
		}),
		snapshotFile: async () => `${name}\n${name} ${name} ${name}`,
		settings: async () => [{section: name, name, value: name, isProblem: true}],
	});
}

/** The last frame of a screen, as Ink writes it, before any terminal has a word in how wide it is. */
async function frameOf(place: Place, name: string, columns: number, rows: number, ascii: boolean) {
	const frames: string[] = [];
	const stdout = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows,
		write: (frame: string) => frames.push(frame) > 0,
	});
	const keys = createKeySource(Object.assign(new PassThrough(), {isTTY: true}));
	const app = render(
		createElement(App, {
			services: servicesCalled(name),
			keys,
			signs: ascii ? asciiSigns : unicodeSigns,
			display: decideDisplay({ascii}, {}),
			loadedKeys: {...noOverrides, path: name},
			isReadOnly: false,
			startAt: place,
			updateMilliseconds: 333,
			onSuspend: async () => undefined,
		}),
		{
			stdin: keys.inkInput,
			stdout: stdout as unknown as NodeJS.WriteStream,
			debug: true,
			exitOnCtrlC: false,
			patchConsole: false,
		},
	);
	const latest = (): string => frames.findLast(frame => frame.includes('\n')) ?? '';
	let seen = -1;
	// A run is drawn when its first events were gathered.
	while (seen !== frames.length || (place.screen === 'run' && !latest().includes('4 of 14'))) {
		seen = frames.length;
		for (let turn = 0; turn < 12; turn += 1) {
			await new Promise(resolve => {
				setImmediate(resolve);
			});
		}
	}

	const frame = latest();
	app.unmount();
	return frame.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '').split('\n');
}

/** Cells at which a line has one of some signs. */
function cellsOf(line: string, signs: RegExp): readonly number[] {
	const found: number[] = [];
	let cell = 0;
	for (const {segment} of new Intl.Segmenter(undefined, {granularity: 'grapheme'}).segment(line)) {
		if (signs.test(segment)) {
			found.push(cell);
		}

		cell += widthOf(segment);
	}

	return found;
}

test('hostile names: no line of any screen is wider than the terminal, and no border is broken, at any size', async () => {
	let borders = 0;
	await fc.assert(
		fc.asyncProperty(
			hostile,
			fc.integer({min: 40, max: 200}),
			fc.integer({min: 12, max: 60}),
			fc.nat({max: 21}),
			async (name, columns, rows, index) => {
				const place = placesOf(name)[index] ?? {screen: 'devops'};
				const lines = await frameOf(place, name, columns, rows, false);
				assert.equal(lines.length, rows);
				assert.doesNotMatch(lines.join('\n'), /reading (?:the|what)/, 'what is looked at is there');
				for (const [row, line] of lines.entries()) {
					assert.ok(widthOf(line) <= columns, `${place.screen} ${row}: ${JSON.stringify(line)}`);
					assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e]/);
					// Of a box that is open above, each side goes on in the same cell, or ends there.
					const above = row === 0 ? [] : cellsOf(lines[row - 1] ?? '', /[┌┐┏┓┬├┤┼│┃]/);
					const here = new Set(cellsOf(line, /[│┃└┘┗┛├┤┼┴]/));
					const isInside = row < rows - 2 && above.length > 0;
					if (isInside) {
						borders += 1;
						assert.ok(
							above.every(cell => here.has(cell)),
							`${place.screen} ${columns}x${rows}, line ${row}:\n${lines[row - 1]}\n${line}`,
						);
					}
				}
			},
		),
		{numRuns: 250},
	);
	assert.ok(borders > 100, 'borders were looked at');
});

test('hostile names: what is shown of them takes as many cells in a terminal that knows no joined emoji', () => {
	const joined = /[\u200d\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}]/u;
	fc.assert(
		fc.property(hostile, name => {
			const shown = steady(name);
			assert.doesNotMatch(shown, joined);
			const inPieces = [...shown].reduce((sum, character) => sum + widthOf(character), 0);
			assert.equal(inPieces, widthOf(shown));
		}),
	);
	assert.equal(steady('⚙️ Platform 👩‍👩‍👧 1️⃣'), '⚙ Platform 👩👩👧 1');
	assert.equal(steady('🤷🏽‍♀️ 🏳️‍🌈 👍🏽'), '🤷♀ 🏳🌈 👍');
	assert.equal(steady('🇵🇱 naïve café'), 'PL naïve café');
});
