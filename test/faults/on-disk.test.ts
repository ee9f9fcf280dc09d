import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from '../commands/connection.ts';
import {openTestHome} from '../commands/program-process.ts';
import {createWrittenFiles, writingCalls} from './written-files.ts';

/* G3, of a whole run with all of its gits: what its journal calls backed up is on disk by then, each file of it. */

/** What a mirror can do without, or has only for as long as somebody writes to it. */
const passing = /\/(tmp|incoming)[/_]|\.(lock|part|writing)$|\/objects\/info\/(packs|commit-graph)/;

test('when the journal says that a repository is backed up, every file of its mirror is on disk', {
	skip: spawnSync('strace', ['-V']).error !== undefined && 'strace is not installed',
}, async context => {
	const sandbox = await startSandbox({repositories: 3, pullRequests: 2});
	context.after(sandbox.close);
	const home = await openTestHome();
	context.after(home.close);
	const destination = join(home.folder, 'mirrors');
	for (const ended of [
		await connector(home, sandbox).addOrganization(),
		await home.run([
			...['plan', 'add', 'nightly', '--organization', sandbox.workspace, '--destination', destination],
			...['--data', 'git,lfs,pull-requests,settings,downloads'],
		]),
	]) {
		assert.equal(ended.code, 0, ended.stderr);
	}

	const log = join(home.folder, 'calls');
	const run = async (): Promise<readonly string[]> => {
		const {code, stderr} = await home.run(['run', 'nightly'], {
			under: ['strace', ...writingCalls, '-o', log],
		});
		assert.equal(code, 0, stderr);
		const files = createWrittenFiles();
		const calls = readFileSync(log, 'latin1').split('\n');
		const late: string[] = [];
		let backedUp = 0;
		for (const call of calls) {
			files.take(call);
			const [, slug] =
				/\.ndjson>, "\{\\"type\\":\\"repository-finished\\".*?\\"repository\\":\\"([^\\"]+)/.exec(call) ?? [];
			if (slug !== undefined) {
				const mirror = `${destination}/${sandbox.workspace}/${slug}-`;
				backedUp += 1;
				const notOnDisk = files.notOnDisk().filter(path => path.startsWith(mirror));
				late.push(
					...notOnDisk.map(path => path.slice(destination.length)).filter(path => !passing.test(path)),
				);
			}
		}

		assert.equal(backedUp, 3);
		assert.ok(calls.some(call => call.includes(`${destination}/`) && call.includes('fsync')));
		return late;
	};

	assert.deepEqual(await run(), []);
	const [first] = sandbox.world.repositories;
	await sandbox.repository(first?.slug ?? '').commit({branch: 'later', files: {'later.txt': 'more'}});
	assert.deepEqual(await run(), []);
});
