import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {refsIn} from '../upstream-repository.ts';
import {filesIn, flip, packOf, whatSnapshotsHold} from './damaged-mirror.ts';
import {type Fork, makeVerifiedWorkspace, type VerifiedWorkspace} from './verified-workspace.ts';

/* G12 and G5 together: a repair that is killed, at whichever step, is made by the next verification. */

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

/** Damage of several kinds at once, all of which can be made good: what upstream has no more can still be read. */
function hurt({mirror, prune}: Fork): void {
	prune();
	flip(join(mirror, packOf(mirror, refsIn(mirror).get('refs/mirror/heads/main') ?? '')), 40);
	flip(join(mirror, packOf(mirror, workspace.lost)), -4);
	rmSync(join(mirror, 'packed-refs'));
}

/** More of them than a repair needs. */
const mostRenames = 60;

test('a repair that is killed at each file that it moves or puts into its place loses nothing that it could save', {
	skip: spawnSync('strace', ['-V']).error !== undefined && 'strace is not installed',
}, async () => {
	const {mirror: sound, close} = await workspace.fork();
	const held = whatSnapshotsHold(sound);
	await close();
	let kills = 0;
	for (let call = 1, isWhole = false; !isWhole; call += 1) {
		assert.ok(call < mostRenames, 'it never came to its end');
		const place = await workspace.fork();
		try {
			const {mirror} = place;
			hurt(place);
			const child = spawn(
				'strace',
				[
					...['-f', '-qq', '-o', '/dev/null', '-e', 'trace=rename'],
					...['-e', `inject=rename:signal=SIGKILL:when=${call}`],
					...[process.execPath, program, join(mirror, '..', '..'), place.server.origin],
				],
				// strace counts the calls of each thread by itself: all of Node's come from one.
				{stdio: ['ignore', 'pipe', 'ignore'], env: {...process.env, UV_THREADPOOL_SIZE: '1'}},
			);
			const said = text(child.stdout);
			const [, signal] = await once(child, 'exit');
			// A git of it may have been killed in its place: then it could not verify.
			isWhole = (await said) === 'repaired\n';
			kills += signal === null ? 0 : 1;
			const verified = await place.verify(mirror);
			assert.notEqual(verified.state, 'not-verified', `killed at call ${call}`);
			assert.deepEqual(whatSnapshotsHold(mirror), held, `killed at call ${call}`);
			assert.equal((await place.verify(mirror)).state, 'whole', `killed at call ${call}`);
			assert.deepEqual(
				filesIn(mirror).filter(name => /\.lock$|tmp_|\.new$/.test(name)),
				[],
			);
		} finally {
			await place.close();
		}
	}

	assert.ok(kills > 4, `${kills} kills`);
});

test('damage of several kinds at once is repaired by one verification', async () => {
	const place = await workspace.fork();
	try {
		const held = whatSnapshotsHold(place.mirror);
		hurt(place);
		assert.equal((await place.verify(place.mirror)).state, 'repaired');
		assert.deepEqual(whatSnapshotsHold(place.mirror), held);
		assert.equal((await place.verify(place.mirror)).state, 'whole');
	} finally {
		await place.close();
	}
});
