import assert from 'node:assert/strict';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {mountSmallDisk, type SmallDisk, whyNoSmallDisk} from '../small-disk.ts';
import {connector} from './connection.ts';
import {openTestHome, type TestHome} from './program-process.ts';

describe('a disk that is full', {skip: whyNoSmallDisk()}, () => {
	let box: Sandbox;
	let home: TestHome;
	let homeDisk: SmallDisk;
	let destinationDisk: SmallDisk;
	let destination: string;

	before(async () => {
		box = await startSandbox({repositories: 3, pullRequests: 2});
		home = await openTestHome();
		destination = join(home.folder, 'mirrors');
		homeDisk = mountSmallDisk(home.home, 8);
		destinationDisk = mountSmallDisk(destination, 16);
		await connector(home, box).addOrganization();
		const added = await home.run([
			...['plan', 'add', 'nightly', '--organization', 'acme', '--destination', destination],
			...['--data', 'git,lfs,downloads'],
		]);
		assert.equal(added.code, 0, added.stderr);
	});
	after(async () => {
		homeDisk.close();
		destinationDisk.close();
		await home.close();
		await box.close();
	});

	const run = async (...options: string[]) => home.run(['run', 'nightly', ...options]);

	// From where the state database cannot even be opened to where the journal takes a few lines.
	for (const kilobytes of [0, 40, 88, 156]) {
		test(`at home, but for ${kilobytes} kB: one sentence, exit code 1, and no run that never ends`, async () => {
			homeDisk.fill(kilobytes * 1024);
			const {code, stderr} = await run();
			homeDisk.makeRoom();
			assert.equal(code, 1, stderr);
			assert.match(
				stderr,
				/^(The (state database|journal|file) .* cannot be written: .*|.* cannot be locked: database or disk is full)\n$/,
			);
			assert.doesNotMatch(stderr, /The destination|rollback/);
		});
	}

	for (const kilobytes of [0, 64]) {
		test(`where the backups go, but for ${kilobytes} kB: one sentence, exit code 1`, async () => {
			destinationDisk.fill(kilobytes * 1024);
			const {code, stderr} = await run();
			destinationDisk.makeRoom();
			assert.equal(code, 1, stderr);
			assert.match(stderr, new RegExp(`^The destination ${destination} cannot be written: .*\n$`));
		});
	}

	test('with room again, the next run is complete', async () => {
		const {code, stderr, stdout} = await run('--from-start');
		assert.equal(code, 0, stderr + stdout);
		assert.equal((await home.run(['runs', '--json'])).code, 0);
	});
});
