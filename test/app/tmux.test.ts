import assert from 'node:assert/strict';
import {mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {bundle} from '../../scripts/bundle.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {hasTmux, openPane} from './pane.ts';

test('terminal: the demo opens on a live run, whose bars move; quitting gives the terminal back', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const folder = await temporaryFolder(context);
	await bundle(join(folder, 'program'));
	const program = `${process.execPath} ${join(folder, 'program', 'cli.js')}`;
	const pane = openPane(context, {environment: {TMPDIR: folder}});
	pane.enter(`${program} demo --repositories 4 --api-limit 30/5s; echo ended with $?`);
	await pane.waitFor(/primary +api +▕█/);
	assert.match(pane.text(), /demo/);
	assert.match(pane.text(), /bot-1 \+1/, 'a second token of a user is the same account');
	await pane.waitFor(/Repositories {2}4 of 4/);
	await pane.waitFor('succeeded');
	pane.press('1');
	await pane.waitFor('[Edit]');
	pane.press('3');
	await pane.waitFor(/Runs › nightly › .* ✓ succeeded/);
	pane.press('Escape');
	await pane.waitFor(/nightly +✓ succeeded .* 4 of 4/);
	pane.press('q');
	await pane.waitFor('ended with 0');
	assert.doesNotMatch(pane.text(), /▕|\[Edit\]/, 'the screen from before is back');
});

test('terminal: a demo that loses its terminal amid a run ends the run and its Bitbucket, and leaves nothing behind', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const folder = await temporaryFolder(context);
	await bundle(join(folder, 'program'));
	const temporary = join(folder, 'temporary');
	mkdirSync(temporary);
	const program = `${process.execPath} ${join(folder, 'program', 'cli.js')}`;
	const pane = openPane(context, {
		environment: {TMPDIR: temporary},
		// A shell that waits for it is told of the loss as well, and tells its programs once more.
		command: `${program} demo --repositories 6 --api-limit 12/1h; :`,
	});
	const next = openPane(context);
	await pane.waitFor(/primary +api +▕█/);
	assert.equal(readdirSync(temporary).filter(name => name.startsWith('bucket-brigade-')).length, 2);
	pane.hangUp();
	await next.until('the demo’s folders are gone', () =>
		readdirSync(temporary).every(name => !name.startsWith('bucket-brigade-')),
	);
});
