import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {refsIn} from '../upstream-repository.ts';
import {cut, filesIn, flip, packOf, whatSnapshotsHold} from './damaged-mirror.ts';
import {makeVerifiedWorkspace, type VerifiedWorkspace} from './verified-workspace.ts';

/* G12 and G5 together: a repair that is killed, at whatever instant, is made by the next verification. */

const kills = 16;

let workspace: VerifiedWorkspace;
let program: string;
before(async () => {
	workspace = await makeVerifiedWorkspace();
	program = join(workspace.workspace.folder, 'repair.mjs');
	await build({
		entryPoints: [fileURLToPath(new URL('repair-in-child.ts', import.meta.url))],
		outfile: program,
		bundle: true,
		platform: 'node',
		format: 'esm',
		logLevel: 'silent',
		banner: {
			js: "import {createRequire as createRequireOfBundle} from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
		},
	});
});
after(async () => {
	await workspace.close();
});

/** Damage of several kinds at once, all of which upstream can make good. */
function hurt(mirror: string): void {
	flip(join(mirror, packOf(mirror, refsIn(mirror).get('refs/mirror/heads/main') ?? '')), 40);
	cut(join(mirror, packOf(mirror, workspace.lost)), 60);
	rmSync(join(mirror, 'packed-refs'));
}

test(`a repair that is killed ${kills} times loses nothing that it could save`, async () => {
	const place = await workspace.fork();
	try {
		const {mirror} = place;
		const held = whatSnapshotsHold(mirror);
		const begun = process.hrtime.bigint();
		let whole = 0;
		hurt(mirror);
		for (let kill = 0; kill < kills; kill += 1) {
			const child = spawn(process.execPath, [program, join(mirror, '..', '..'), place.server.origin], {
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			const exit = once(child, 'exit');
			await Promise.race([once(child.stdout, 'data'), exit]);
			// Spread over the time that the first one was seen to take; what is late has ended by itself.
			await Promise.race([delay((whole === 0 ? 600 : whole) * (kill / kills)), exit]);
			child.kill('SIGKILL');
			const [code] = await exit;
			if (code === 0) {
				whole ||= Number(process.hrtime.bigint() - begun) / 1e6;
				hurt(mirror);
			}
		}

		const verified = await place.verify(mirror);
		assert.notEqual(verified.state, 'not-verified');
		assert.deepEqual(whatSnapshotsHold(mirror), held);
		assert.equal((await place.verify(mirror)).state, 'whole');
		assert.deepEqual(
			filesIn(mirror).filter(name => /\.lock$|tmp_|\.new$/.test(name)),
			[],
		);
	} finally {
		await place.close();
	}
});

test('damage of several kinds at once is repaired by one verification', async () => {
	const place = await workspace.fork();
	try {
		const held = whatSnapshotsHold(place.mirror);
		hurt(place.mirror);
		assert.equal((await place.verify(place.mirror)).state, 'repaired');
		assert.deepEqual(whatSnapshotsHold(place.mirror), held);
		assert.equal((await place.verify(place.mirror)).state, 'whole');
	} finally {
		await place.close();
	}
});
