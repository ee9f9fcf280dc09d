import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import {bundle} from '../../scripts/bundle.ts';
import {temporaryFolder} from '../temporary-folder.ts';

type Pane = {
	readonly text: () => string;
	readonly press: (...keys: readonly string[]) => void;
	readonly waitFor: (expected: string | RegExp) => Promise<void>;
};

const patienceMilliseconds = 60_000;

/** A real terminal of 80 by 24 in which a command runs, with a shell around it that says how it ended. */
function openPane(context: TestContext, command: string): Pane {
	const socket = `bucket-brigade-${randomUUID()}`;
	const tmux = (...words: readonly string[]): string =>
		spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], {encoding: 'utf8'}).stdout;
	context.after(() => tmux('kill-server'));
	tmux('new-session', '-d', '-x', '80', '-y', '24', `sh -c '${command}; echo ended with $?; exec sleep 600'`);
	const text = (): string => tmux('capture-pane', '-p');
	return {
		text,
		press: (...keys) => {
			tmux('send-keys', ...keys);
		},
		waitFor: async expected => {
			const deadline = Date.now() + patienceMilliseconds;
			while (!(typeof expected === 'string' ? text().includes(expected) : expected.test(text()))) {
				if (Date.now() > deadline) {
					throw new Error(`The terminal never showed ${String(expected)}; it shows:\n${text()}`);
				}

				await delay(100);
			}
		},
	};
}

test('terminal: the demo opens on a live run, whose bars move; quitting gives the terminal back', async context => {
	if (spawnSync('tmux', ['-V']).error !== undefined) {
		context.skip('tmux is not installed');
		return;
	}

	const folder = await temporaryFolder(context);
	await bundle(join(folder, 'program'));
	const program = `LC_ALL=C.UTF-8 TMPDIR=${folder} ${process.execPath} ${join(folder, 'program', 'cli.js')}`;
	const pane = openPane(context, `${program} demo --repositories 4 --api-limit 30/5s`);
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
