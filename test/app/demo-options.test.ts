import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {bundle} from '../../scripts/bundle.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {hasTmux, openPane} from './pane.ts';

/* The options of the app, given to `demo`: each reaches the screens, wherever in the command line it stands. */

let built = '';

before(async () => {
	built = await mkdtemp(join(tmpdir(), 'bucket-brigade-test-'));
	await bundle(join(built, 'program'));
});

after(async () => {
	await rm(built, {recursive: true, force: true});
});

const options: ReadonlyArray<
	readonly [
		words: string,
		/** What Settings says of it. */
		fact: RegExp,
		check?: (text: string) => void,
	]
> = [
	['demo --slow', /Drawn +once in 2 s at the most/],
	['--slow demo', /Drawn +once in 2 s at the most/],
	[
		'demo --ascii',
		/Characters +ASCII/,
		text => {
			assert.match(text, /^[\u0000-\u007f]*$/);
		},
	],
	['--no-color demo', /Colours +none/],
	[
		'demo --read-only',
		/Drawn +at once/,
		text => {
			assert.match(text, /demo read-only/);
		},
	],
];

for (const [words, fact, check] of options) {
	test(`demo: ${words} reaches the app`, async context => {
		if (!hasTmux(context)) {
			return;
		}

		const folder = await temporaryFolder(context);
		const pane = openPane(context, {environment: {TMPDIR: folder}, columns: 120, rows: 60});
		pane.enter(
			`${process.execPath} ${join(built, 'program', 'cli.js')} ${words} --repositories 1 --pull-requests 0; echo ended with $?`,
		);
		await pane.waitFor(/primary +api/);
		if (words.includes('--read-only')) {
			// Also while it is under way.
			assert.doesNotMatch(pane.text(), /p pause|x cancel/);
		}

		pane.press('4');
		await pane.waitFor(fact);
		check?.(pane.text());
		pane.press('q');
		await pane.waitFor('ended with 0');
	});
}
