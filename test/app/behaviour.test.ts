import assert from 'node:assert/strict';
import {PassThrough} from 'node:stream';
import {type TestContext, test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import type {PlanSummary} from '../../source/actions/plans.ts';
import type {Place} from '../../source/app/navigation.ts';
import {createShell} from '../../source/commands/shell.ts';
import {createFakeServices, plans} from './fake-services.ts';
import type {OpenApp} from './open-app.ts';
import {keys} from './terminal.ts';

/* What people who use such programs count on, each in one test. Without colours, as some of them have it. */

// What colours the output reads this once, when it is loaded.
process.env['FORCE_COLOR'] = '0';
const {openApp} = await import('./open-app.ts');

const repository = {workspace: 'acme', repository: 'repository-0'} as const;
const run: Place = {screen: 'run', run: '20261122T115500.000Z-nightly'};

const manyPlans: readonly PlanSummary[] = Array.from({length: 60}, (_, index) => ({
	...(plans[0] as PlanSummary),
	name: `plan-${String(index).padStart(2, '0')}`,
}));

/** The line with the cursor, and where it stands among those of the list. */
function cursorLine(app: OpenApp): string {
	return app.rows().find(line => /^ > /.test(line)) ?? '';
}

/** Types, and waits until that is shown, however long a busy machine takes, and nothing moves any more. */
async function presses(app: OpenApp, input: string, expected: RegExp): Promise<void> {
	app.type(input);
	await app.settled();
	await app.waitFor(expected);
	await app.settled();
}

async function pressed(app: OpenApp, input: string): Promise<string> {
	app.type(input);
	await app.settled();
	return app.text();
}

test('behaviour 1: ? shows the keys of the screen, / filters them, and they are those of the footer', async context => {
	const app = openApp(context, createFakeServices(), {columns: 120, rows: 40, startAt: {screen: 'plans'}});
	await app.waitFor('nightly');
	await app.waitFor(/ a Add plan {2}r Run now {2}e Edit plan/);
	const footer = (app.rows().at(-1) ?? '').trim().split(/ {2,}/);
	const help = await pressed(app, '?');
	for (const entry of footer) {
		const [key = ''] = entry.split(' ');
		assert.match(help, new RegExp(`^ ${key.replaceAll(/[?/]/g, '\\$&')} `, 'm'), entry);
	}

	await presses(app, '/move page', /filter: move page/);
	assert.match(app.text(), /PgUp +Move one page up/);
	assert.doesNotMatch(app.text(), /Run the plan now/);
	// Enter keeps the filter and leaves typing; Escape clears it, and then closes the help.
	await presses(app, keys.enter + keys.escape, /Run the plan now/);
	await presses(app, keys.escape, /nightly/);
	// On a small screen the help is moved through as lists are.
	app.resize(80, 12);
	await app.settled();
	await presses(app, '?G', /q Ctrl-C +Quit/);
	await presses(app, 'g', /↑ k +Move up/);
});

test('behaviour 2: the footer has only keys that are valid now, what cannot be used says why, and the way is on top', async context => {
	const services = createFakeServices({plans: async () => []});
	const app = openApp(context, services, {columns: 140, rows: 30, startAt: {screen: 'plans'}});
	await app.waitFor('(r Run now: There is no plan yet: a adds one)');
	await app.waitFor('(e Edit plan)');
	await presses(app, 'r', /^ There is no plan yet: a adds one\.$/m);
	assert.deepEqual(services.calls, []);
	// Where one types, letters are no keys.
	await pressed(app, 'a');
	assert.match(app.rows().at(-1) ?? '', /Ctrl-S Save .*Esc back .*F1 help {2}Ctrl-C quit/);
	assert.doesNotMatch(app.rows().at(-1) ?? '', /\?|q quit/);
	assert.match(app.rows()[1] ?? '', /^ Plans › Add plan/);
	await presses(app, '\u001bOP', /Keys of this screen/);
	assert.match(app.rows().at(-1) ?? '', /\/ filter {2}\? close {2}Esc back$/);
	// A question has its own keys.
	await pressed(app, `${keys.escape}x${keys.escape}`);
	assert.match(app.text(), /Drop the changes\?/);
	assert.match(app.rows().at(-1) ?? '', /^ ← choose {2}Enter answer {2}Esc cancel$/);
});

test('behaviour 3: arrows, j and k, g and G, Home and End, pages; a margin around the cursor; / filters and Escape clears it, in every list', async context => {
	const app = openApp(context, createFakeServices({plans: async () => manyPlans}), {
		columns: 80,
		rows: 24,
		startAt: {screen: 'plans'},
	});
	await app.waitFor('plan-00');
	for (const [input, selected] of [
		['j', 'plan-01'],
		[keys.down, 'plan-02'],
		['k', 'plan-01'],
		[keys.up, 'plan-00'],
		['G', 'plan-59'],
		['g', 'plan-00'],
		['\u001b[F', 'plan-59'],
		['\u001b[H', 'plan-00'],
		['\u001b[6~', 'plan-15'],
		['\u001b[5~', 'plan-00'],
		['j'.repeat(12), 'plan-12'],
	] as const) {
		await pressed(app, input);
		assert.match(cursorLine(app), new RegExp(`^ > ${selected}`), JSON.stringify(input));
	}

	// Two lines stay in sight below the cursor on the way down, and above it on the way up.
	for (const input of ['j'.repeat(20), 'k'.repeat(15)]) {
		await pressed(app, input);
		const shown = app.rows().filter(line => /plan-\d\d/.test(line));
		const at = shown.findIndex(line => line.startsWith(' > '));
		assert.ok(at >= 2 && at <= shown.length - 3, shown.join('\n'));
	}

	const lists: ReadonlyArray<readonly [Place, string, string]> = [
		[{screen: 'devops'}, 'web-frontend', 'billing'],
		[{screen: 'credentials', ...repository}, 'bot-1', 'ci-'],
		[{screen: 'plans'}, 'nightly', 'night'],
		[{screen: 'runs'}, 'nightly', 'partial'],
		[{screen: 'settings'}, 'vault.age', 'vault'],
	];
	for (const [place, content, some] of lists) {
		const list = openApp(context, createFakeServices(), {columns: 100, rows: 30, startAt: place});
		await list.waitFor(content);
		assert.match(await pressed(list, '/zzq'), /nothing contains "zzq"/, JSON.stringify(place));
		assert.match(await pressed(list, `${keys.backspace.repeat(3)}${some}`), new RegExp(`^.*/ ${some}`, 'm'));
		assert.doesNotMatch(list.text(), /nothing contains/);
		await pressed(list, keys.escape);
		assert.doesNotMatch(list.text(), /^.*\/ (?:zzq|billing|ci-|night|partial|vault)/m);
		assert.ok(list.text().includes(content));
	}
});

test('behaviour 4: Escape goes back and never quits or loses; digits switch tabs, Space toggles, Enter opens, q and Ctrl-C quit', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	await presses(app, keys.escape.repeat(3), /web-frontend/);
	for (const [digit, name] of [
		['2', 'Plans'],
		['3', 'Runs'],
		['4', 'Settings'],
		['1', 'DevOps'],
	] as const) {
		assert.match((await pressed(app, digit)).split('\n')[1] ?? '', new RegExp(`^ ${name}`));
	}

	await presses(app, keys.enter, /DevOps › acme › repository-0 › Edit/);
	await presses(app, `2e${keys.up}${keys.enter} `, /Additional git credentials +\[ on \]/);
	// What was switched is asked about, by whichever way one leaves.
	for (const way of [keys.escape, '1', 'q', keys.interrupt]) {
		assert.match(await pressed(app, way), /Drop the changes\?/, JSON.stringify(way));
		assert.match(app.text(), /> Cancel/);
		await presses(app, keys.escape, /Additional git credentials +\[ on \]/);
	}

	await pressed(app, keys.escape + keys.right + keys.enter);
	await pressed(app, `${keys.escape}q`);
	await app.ended;
});

test('behaviour 5: what is dangerous asks with Cancel in focus, and read-only hides whatever changes something', async context => {
	const services = createFakeServices();
	const dangerous: ReadonlyArray<readonly [Place, string, string, RegExp]> = [
		[{screen: 'plans'}, 'nightly', 'd', /Remove the plan nightly\?/],
		[{screen: 'credentials', ...repository}, 'bot-1', 'jd', /Remove bot-1\?/],
		[run, 'payments-core', 'x', /Cancel the run\?/],
	];
	for (const [place, content, input, question] of dangerous) {
		const app = openApp(context, services, {startAt: place});
		await app.waitFor(content);
		assert.match(await pressed(app, input), question);
		assert.match(app.text(), /> Cancel /);
		assert.doesNotMatch(await pressed(app, keys.enter), question);
		assert.doesNotMatch(await pressed(app, input + keys.escape), question);
	}

	assert.deepEqual(services.calls, []);
	for (const [place, content] of dangerous) {
		const app = openApp(context, services, {startAt: place, readOnly: true});
		await app.waitFor(content);
		assert.match(app.rows()[0] ?? '', /read-only/);
		assert.doesNotMatch(app.rows().at(-1) ?? '', /remove|Add|Run now|x cancel|Save/);
		await pressed(app, `dxra${keys.save}${keys.enter}${keys.save} `);
	}

	assert.deepEqual(services.calls, []);
});

test('behaviour 6: nothing blocks; every list says that it is read, why it could not be, and what to do where it is empty', async context => {
	const lists: ReadonlyArray<
		readonly [Place, 'plans' | 'runs' | 'credentials' | 'repositories', RegExp, RegExp]
	> = [
		[{screen: 'plans'}, 'plans', /reading the plans/, /There is no plan yet: a adds one/],
		[{screen: 'runs'}, 'runs', /reading the runs/, /Nothing was run yet\. In Plans, r runs/],
		[
			{screen: 'credentials', ...repository},
			'credentials',
			/reading the credentials/,
			/no credential yet: a adds one/,
		],
		[
			{screen: 'devops'},
			'repositories',
			/reading the repositories from Bitbucket/,
			/no repositories that the primary credential can see/,
		],
	];
	for (const [place, name, reading, empty] of lists) {
		let answer: (value: []) => void = () => undefined;
		const waiting = new Promise<[]>(resolve => {
			answer = resolve;
		});
		const slow = createFakeServices({knownRepositories: async () => [], [name]: async () => waiting});
		const app = openApp(context, slow, {startAt: place});
		await app.waitFor(name === 'repositories' ? /reading anew|no repositories|reading the rep/ : reading);
		// While it is read, the keys are there.
		await presses(app, '?', /Keys of this screen/);
		await pressed(app, keys.escape);
		answer([]);
		await app.waitFor(empty);
		const broken = createFakeServices({
			[name]: async () => {
				throw new Error(`${'The disk of the home does not answer. '.repeat(4)}Mend it.`);
			},
		});
		const other = openApp(context, broken, {startAt: place, columns: 80, rows: 24});
		await other.waitFor(/✗ The disk of the home[\s\S]*Mend it\./);
	}
});

test('behaviour 7: resized at any time, narrower below 80x24, and below 40x12 it says so instead of rubble', async context => {
	const app = openApp(context, createFakeServices(), {columns: 80, rows: 24});
	await app.waitFor('web-frontend');
	assert.match(app.text(), /Organizations/);
	app.resize(60, 20);
	await app.settled();
	assert.doesNotMatch(app.text(), /Organizations/);
	for (const [columns, rows] of [
		[39, 30],
		[100, 11],
		[10, 3],
	] as const) {
		app.resize(columns, rows);
		await app.settled();
		const shown = app.rows().filter(line => line !== '');
		assert.match(shown[0] ?? '', /^termina/);
		assert.ok(shown.length <= 2, shown.join('\n'));
	}

	app.resize(200, 60);
	await app.settled();
	assert.match(app.rows()[59] ?? '', /q quit/);
	assert.equal((app.text().match(/\[Edit\]/g) ?? []).length, 9);
});

test('behaviour 8: without colours each state has its word or sign, the selection its mark, and a field its cursor', async context => {
	const environment = {NO_COLOR: '1'};
	const app = openApp(context, createFakeServices(), {
		columns: 100,
		rows: 30,
		environment,
		startAt: {screen: 'credentials', ...repository},
	});
	await app.waitFor('bot-3');
	assert.match(app.text(), /> primary .*✓ all it can/);
	assert.match(app.text(), /bot-1 .*! 1 scope missing/);
	assert.match(app.text(), /bot-1-second .*= same as bot-1/);
	assert.match(app.text(), /bot-3 .*✗ 401 refused/);
	assert.deepEqual(coloursOf(app), []);
	await pressed(app, `a${keys.tab}bot-4`);
	assert.match(app.text(), /> Label +bot-4_$/m);
	await pressed(app, `${keys.escape}`);
	assert.match(app.text(), /> Cancel {2}/);
	await pressed(app, keys.right);
	assert.match(app.text(), /> Drop/);
	assert.deepEqual(coloursOf(app), []);
	// Where the locale is not UTF-8, on the Linux console, and where it is asked for: ASCII alone.
	for (const poor of [
		{LANG: 'C'},
		{LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8'},
		{TERM: 'linux', LANG: 'C.UTF-8'},
	]) {
		const ascii = openApp(context, createFakeServices(), {
			startAt: run,
			environment: poor,
		});
		await ascii.waitFor('payments-core');
		await ascii.settled();
		assert.match(ascii.text(), /^[\u0000-\u007f]*$/);
		assert.match(ascii.text(), /\[#+\.+:+\]/);
	}
});

function coloursOf(app: OpenApp): readonly string[] {
	const found: string[] = [];
	for (let row = 0; row < app.model.rows; row += 1) {
		for (let column = 0; column < app.model.cols; column += 1) {
			const cell = app.model.buffer.active.getLine(row)?.getCell(column);
			if (cell !== undefined && (!cell.isFgDefault() || !cell.isBgDefault())) {
				found.push(`${row}:${column}`);
			}
		}
	}

	return found;
}

test('behaviour 9: Ctrl-L repairs, Ctrl-Z gives the terminal to the shell and fg takes it back; without a terminal there are plain lines', async context => {
	const app = openApp(context, createFakeServices());
	await app.waitFor('web-frontend');
	const whole = app.text();
	app.stdout.write('\u001b[5;1Hsomebody else wrote this\u001b[7;1H\u001b[2K');
	await app.settled();
	assert.notEqual(app.text(), whole);
	assert.equal(await pressed(app, '\u000c'), whole);

	const stopped: unknown[] = [];
	const seen: string[] = [];
	context.mock.method(process, 'kill', (process_: number, signal: string) => {
		stopped.push([process_, signal]);
		return true;
	});
	app.type('\u001a');
	while (stopped.length === 0) {
		await app.settled();
	}

	assert.deepEqual(stopped, [[0, 'SIGTSTP']]);
	seen.push(app.model.buffer.active.type);
	assert.equal(app.model.modes.bracketedPasteMode, false);
	process.emit('SIGCONT', 'SIGCONT');
	await app.waitFor('web-frontend');
	await app.settled();
	assert.deepEqual(seen, ['normal']);
	assert.equal(app.model.buffer.active.type, 'alternate');
	assert.equal(app.model.modes.bracketedPasteMode, true);
	assert.equal(app.text(), whole);
	assert.match(await pressed(app, '2'), /nightly/, 'keys arrive again');

	const isTerminal = (isTTY: boolean, TERM: string): boolean =>
		createShell({
			...process,
			env: {TERM},
			stdin: Object.assign(new PassThrough(), {isTTY}),
			stdout: Object.assign(new PassThrough(), {isTTY}),
			stderr: new PassThrough(),
		} as unknown as NodeJS.Process).isTerminal;
	assert.equal(isTerminal(true, 'xterm'), true);
	assert.equal(isTerminal(true, 'dumb'), false);
	assert.equal(isTerminal(false, 'xterm'), false);
});

test('behaviour 10: a key writes only what it changes, idle writes nothing, and --slow draws once in two seconds', async context => {
	const app = openApp(context, createFakeServices({plans: async () => manyPlans}), {
		columns: 120,
		rows: 40,
		startAt: {screen: 'plans'},
	});
	await app.waitFor('plan-00');
	await app.settled();
	const before = app.bytesWritten();
	await pressed(app, 'j');
	const forOneKey = app.bytesWritten() - before;
	assert.ok(forOneKey > 0 && forOneKey < 900, `a key wrote ${forOneKey} bytes`);
	const idle = app.bytesWritten();
	// Twice as long as from one update of what moves by itself to the next.
	await delay(700);
	assert.equal(app.bytesWritten(), idle);

	// Twenty keys after the first are drawn together, however long that takes.
	const slow = openApp(context, createFakeServices({plans: async () => manyPlans}), {
		framesPerSecond: 0.5,
		startAt: {screen: 'plans'},
	});
	await slow.waitFor('> plan-00');
	let written = 0;
	let frames = 0;
	slow.model.onWriteParsed(() => {
		frames += slow.bytesWritten() > written ? 1 : 0;
		written = slow.bytesWritten();
	});
	slow.type('j'.repeat(20));
	await slow.waitFor('> plan-20');
	assert.ok(frames <= 3, `${frames} frames`);
});

test('behaviour 11: a screen reader is told everything in words and in order; no mouse; a token is pasted with its newline', async context => {
	const environment = {INK_SCREEN_READER: 'true'};
	const app = openApp(context, createFakeServices(), {columns: 100, rows: 40, environment});
	await app.waitFor('selected: web-frontend');
	assertSpoken(app);
	assert.match(app.text(), /^Bucket Brigade: DevOps, acme\.\n9 repositories, 2 need attention\./);
	assert.match(app.text(), /^billing-service, attention: partial 11:30 today, 310 MB, nightly$/m);
	assert.match(app.text(), /^payments-core, error: failed 11:30 today, 310 MB, nightly$/m);
	assert.match(app.text(), /\nKeys: e Edit, Enter open, [\s\S]*\/ filter, [\s\S]*q\s+quit\./);
	await pressed(app, `${keys.down}`);
	assert.match(app.text(), /^selected: billing-service/m);
	await pressed(app, '2d');
	assert.match(
		app.text(),
		/Remove the plan nightly\?\nWhat it has backed up[\s\S]*selected: Cancel,? Remove[\s\S]*Keys: ← choose, Enter answer, Esc cancel\./,
	);
	await pressed(app, keys.escape);
	for (const place of [run, {screen: 'credentials', ...repository}, {screen: 'settings'}] as const) {
		const other = openApp(context, createFakeServices(), {environment, startAt: place, rows: 50});
		await other.waitFor('Keys:');
		await other.settled();
		assertSpoken(other);
	}

	assert.equal(app.model.modes.mouseTrackingMode, 'none');
	const services = createFakeServices();
	const form = openApp(context, services, {startAt: {screen: 'credential', ...repository}});
	await form.waitFor('Label');
	assert.equal(form.model.modes.mouseTrackingMode, 'none');
	await pressed(form, `${keys.tab}bot-4${keys.tab}b@acme.example${keys.tab}`);
	await pressed(form, '\u001b[200~ATATT3x\r\nsecond\n\u001b[201~');
	assert.match(form.text(), /13 characters/);
	assert.doesNotMatch(form.text(), /ATATT|second/);
	// One that no field can hold is refused as a whole, and said so.
	await pressed(form, `\u001b[200~${'x'.repeat(5000)}\u001b[201~`);
	assert.match(form.text(), /5,000 characters were pasted: a field takes 4,096/);
	assert.match(form.text(), /13 characters/);
	await pressed(form, keys.save);
	const [, draft] = (services.calls.at(-1)?.arguments ?? []) as [string, {secret: string}];
	assert.equal(draft.secret, 'ATATT3xsecond');
});

/** No boxes, bars, signs or columns of blanks. */
function assertSpoken(app: OpenApp): void {
	assert.doesNotMatch(app.text(), /[─-▟✓✗▪⠋]| {2}/);
	assert.equal(app.model.buffer.active.type, 'normal');
}

test('behaviour: a secret stands in no error text, whatever the error says', async (context: TestContext) => {
	const services = createFakeServices({
		addCredential: async () => {
			throw new Error('The server said: ATATT3xCanary is not a token.');
		},
	});
	const app = openApp(context, services, {startAt: {screen: 'credential', ...repository}});
	await app.waitFor('Label');
	await pressed(app, `${keys.tab}bot${keys.tab}b@acme.example${keys.tab}ATATT3xCanary${keys.save}`);
	await app.waitFor('The server said: [secret] is not a token.');
	assert.doesNotMatch(app.text(), /Canary/);
	assert.match(app.text(), /Label +bot$/m);
});

test('behaviour: an emoji is one character to a field: it is typed, passed over and deleted whole', async context => {
	const services = createFakeServices();
	const app = openApp(context, services, {startAt: {screen: 'credential', ...repository}});
	await app.waitFor('Label');
	await pressed(app, `${keys.tab}bot👩${keys.backspace}-漢e\u0301`);
	await pressed(app, `${keys.tab}b@acme.example${keys.tab}ATATT3xSecret${keys.save}`);
	await app.waitFor('Open the plans?');
	const [, draft] = (services.calls.at(-1)?.arguments ?? []) as [string, {label: string}];
	assert.equal(draft.label, 'bot-漢e\u0301');
});
