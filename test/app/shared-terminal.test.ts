import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, type TestContext, test} from 'node:test';
import {bundle} from '../../scripts/bundle.ts';
import {hasTmux, openPane, type Pane} from './pane.ts';

/* The app is not alone with its terminal: a shell is behind it, others write to it, and some terminals can show no app at all. */

let folder: string;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-test-'));
	await bundle(join(folder, 'program'));
});

after(() => {
	rmSync(folder, {recursive: true, force: true, maxRetries: 5});
});

const program = (): string => `${process.execPath} ${join(folder, 'program', 'cli.js')}`;

function open(context: TestContext, command?: string): Pane {
	const environment = {BUCKET_BRIGADE_HOME: join(folder, 'home'), TMPDIR: folder};
	return openPane(context, {environment, ...(command === undefined ? {} : {command})});
}

test('shared terminal: Ctrl-Z gives it to the shell, fg brings the app back as it was', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const pane = open(context);
	const settings = (name: string): string => readFileSync(join(folder, name), 'utf8');
	pane.enter(`cd ${folder}; stty -a > before.txt`);
	pane.enter(program());
	await pane.waitFor('Four steps to the first backup');
	pane.press('3');
	await pane.waitFor('Nothing was run yet');
	const before = pane.text();
	for (const turn of ['first', 'second']) {
		pane.press('C-z');
		await pane.until('the shell is in front', () => pane.modes().command === 'sh');
		const {isAlternate, isCursorShown} = pane.modes();
		assert.deepEqual({isAlternate, isCursorShown}, {isAlternate: false, isCursorShown: true});
		pane.enter(`stty -a > ${turn}.txt; echo used $((40 + 2)) times`);
		await pane.waitFor(/^used 42 times$/m);
		assert.equal(settings(`${turn}.txt`), settings('before.txt'));
		pane.enter('clear; fg');
		await pane.until('the app is in front', () => pane.modes().isAlternate);
		await pane.until('it is drawn anew', () => pane.text() === before);
		assert.equal(pane.modes().isCursorShown, false);
	}

	pane.press('2');
	await pane.waitFor('There is no plan yet');
	pane.press('q');
	await pane.until('the shell is in front', () => pane.modes().command === 'sh');
});

test('shared terminal: where no shell is behind the app, Ctrl-Z does no harm', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const pane = open(context, `exec ${program()}`);
	await pane.waitFor('Four steps to the first backup');
	pane.burst('\u001a2');
	await pane.waitFor('There is no plan yet');
	assert.equal(pane.modes().isAlternate, true);
});

test('shared terminal: Ctrl-L repairs what others wrote over the app', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const pane = open(context);
	pane.enter(program());
	await pane.waitFor('Four steps to the first backup');
	const before = pane.text();
	pane.writePast('\u001b[3;1HBroadcast message: the system goes down for maintenance\r\n\u001b[31mnow\r\n');
	await pane.waitFor('Broadcast');
	pane.press('C-l');
	await pane.until('it is as it was', () => pane.text() === before);
});

test('shared terminal: a resize leaves nothing of the former size', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const pane = open(context);
	pane.enter(program());
	await pane.waitFor('Four steps to the first backup');
	const before = pane.text();
	for (const [columns, rows] of [
		[120, 40],
		[40, 12],
		[39, 11],
		[200, 60],
	] as const) {
		pane.resize(columns, rows);
		await pane.waitFor(columns < 40 ? 'terminal too small: 39x11' : /\? help( {2}q quit)? *\n*$/);
	}

	pane.resize(80, 24);
	await pane.until('it is as it was', () => pane.text() === before);
});

test('shared terminal: one that can show nothing but lines gets lines', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const pane = open(context);
	pane.enter(`clear; TERM=dumb ${program()}; echo ended with $?`);
	await pane.waitFor(/ended with \d/);
	assert.match(pane.text(), /^No workspace is connected yet.*\n(?:.*\n)*ended with 0\n/);
});

test('shared terminal: a pipe gets lines, and no control characters', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const pane = open(context);
	pane.enter(`clear; ${program()} | tee ${join(folder, 'lines.txt')}; echo ended with $?`);
	await pane.waitFor(/ended with \d/);
	assert.match(pane.text(), /^No workspace is connected yet.*\n(?:.*\n)*ended with 0\n/);
	assert.match(readFileSync(join(folder, 'lines.txt'), 'utf8'), /^[^\u0000-\u0009\u000b-\u001f]+$/);
});
