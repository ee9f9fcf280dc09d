import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, type TestContext, test} from 'node:test';
import {bundle} from '../../scripts/bundle.ts';
import {hasTmux, openPane, type Pane} from './pane.ts';

/* However the app ends, the terminal is as it was: judged by tmux and by the shell that is left in it. */

let folder: string;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-test-'));
	await bundle(join(folder, 'program'));
	await bundle(join(folder, 'broken'), 'test/app/broken-app.ts');
});

after(() => {
	rmSync(folder, {recursive: true, force: true, maxRetries: 5});
});

type Terminal = Pane & {
	/** Fails unless the terminal is as it was found, below what was said since. */
	readonly assertRestored: () => Promise<void>;
	/** The process of the app. */
	readonly appProcess: () => number;
};

/** A terminal on which something stood before, with the app in front. */
async function openApp(context: TestContext, commandLine: string): Promise<Terminal> {
	const pane = openPane(context, {environment: {BUCKET_BRIGADE_HOME: join(folder, 'home'), TMPDIR: folder}});
	await pane.waitFor(/^shell>/);
	pane.enter(
		'echo what stood here before; stty -a > before.txt'.replace('before.txt', join(folder, 'before.txt')),
	);
	await pane.waitFor(/^what stood here before\n/m);
	pane.enter(`clear; echo what stood here before; ${commandLine}; echo ended with $?`);
	await pane.until('the app has the terminal, and nothing of before is seen', () => {
		const {isAlternate, isCursorShown} = pane.modes();
		const text = pane.text();
		const isInFront = text.includes('1 DevOps') && !text.includes('what stood here before');
		return isAlternate && !isCursorShown && isInFront;
	});
	return {
		...pane,
		appProcess: () => {
			const terminal = pane.terminal();
			const lines = execFileSync('ps', ['-t', terminal, '-o', 'pid=,args='], {encoding: 'utf8'}).split('\n');
			return Number(
				lines
					.find(line => /(?:cli|broken-app)\.js/.test(line))
					?.trim()
					.split(' ')[0],
			);
		},
		assertRestored: async () => {
			await pane.waitFor(/ended with \d+\nshell>/);
			const modes = pane.modes();
			assert.equal(modes.isAlternate, false, 'the alternate screen is left');
			assert.equal(modes.isCursorShown, true, 'the cursor is there');
			assert.match(pane.text(), /^what stood here before\n/, 'what stood there before stands there again');
			pane.enter(
				`stty -a > ${join(folder, 'after.txt')}; diff ${join(folder, 'before.txt')} ${join(folder, 'after.txt')} && echo same settings`,
			);
			await pane.waitFor(/^same settings/m);
			// A terminal that still marks what is pasted would send the marks to a program that wants none.
			pane.enter('cat');
			await pane.until('cat is in front', () => pane.modes().command === 'cat');
			pane.paste('pasted\n');
			// What is typed is echoed, and cat says it once more.
			await pane.waitFor(/^pasted\npasted$/m);
			pane.press('C-d');
			await pane.until('the shell is in front', () => pane.modes().command === 'sh');
		},
	};
}

const program = (): string => `${process.execPath} ${join(folder, 'program', 'cli.js')}`;

for (const [name, keys] of [
	['q', ['q']],
	['Ctrl-C', ['C-c']],
] as const) {
	test(`restored terminal: after ${name}`, async context => {
		if (hasTmux(context)) {
			const app = await openApp(context, program());
			app.press(...keys);
			await app.waitFor('ended with 0');
			await app.assertRestored();
		}
	});
}

for (const [signal, exitCode] of [
	['SIGINT', 130],
	['SIGTERM', 143],
	['SIGHUP', 129],
	['SIGQUIT', 131],
] as const) {
	test(`restored terminal: after ${signal}, which the exit code names`, async context => {
		if (hasTmux(context)) {
			const app = await openApp(context, program());
			process.kill(app.appProcess(), signal);
			await app.waitFor(`ended with ${exitCode}`);
			await app.assertRestored();
		}
	});
}

for (const [where, keys] of [
	['render', ['4']],
	['key', ['x', 'Tab', 'Enter']],
	['timer', ['4']],
	['promise', ['4']],
] as const) {
	test(`restored terminal: after an error in a ${where}, which is told in one sentence`, async context => {
		if (hasTmux(context)) {
			const app = await openApp(
				context,
				`${process.execPath} ${join(folder, 'broken', 'broken-app.js')} ${where}`,
			);
			app.press(...keys);
			await app.waitFor('ended with 1');
			const said = app
				.text()
				.replaceAll('\n', '')
				.replace(/ended with.*/, '');
			assert.equal(
				said,
				'what stood here beforeThe app met an error in itself and had to end: something that nobody thought of. Runs go on by themselves; start it again to watch them.',
			);
			await app.assertRestored();
		}
	});
}
