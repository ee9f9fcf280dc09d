import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {parseRefList} from '../../source/backup/ref-list.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type MirrorReader, readMirror} from './mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';
import {readGitIn, refsIn, runGitIn} from './upstream-repository.ts';

/* G5: a killed run resumes, with nothing to repair by hand. */

const kills = 50;
/** A moment of death is drawn for each of them; printed where the test fails, so that it can be set to try the same again. */
const seed = Number(process.env['KILL_SEED'] ?? 20_261_127);

let sandbox: Sandbox;
let folder: string;
let program: string;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-kill-loop-'));
	program = join(folder, 'run.mjs');
	// As one file it starts in a fraction of the time that the loader of the sources takes.
	await build({
		entryPoints: [fileURLToPath(new URL('run-in-child.ts', import.meta.url))],
		outfile: program,
		bundle: true,
		platform: 'node',
		format: 'esm',
		logLevel: 'silent',
		banner: {
			js: "import {createRequire as createRequireOfBundle} from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
		},
	});
	sandbox = await startSandbox({
		repositories: 3,
		pullRequests: 3,
		limits: {api: {requests: 1_000_000, windowMilliseconds: 3_600_000}},
	});
});
after(async () => {
	await sandbox.close();
	rmSync(folder, {recursive: true, force: true});
});

/** Numbers from 0 up to 1 (mulberry32). */
function createRandom(start: number): () => number {
	let state = start;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Starts a run in a process of its own; returns once it has said its first word. */
async function start(run: SandboxRun) {
	const child = spawn(process.execPath, [program], {stdio: ['pipe', 'pipe', 'inherit'], detached: true});
	const exit = once(child, 'exit');
	child.stdin.end(JSON.stringify(run));
	await Promise.race([once(child.stdout, 'data'), exit]);
	child.stdout.resume();
	return {child, exit};
}

/** Processes that a process has started, and theirs. */
function descendants(pid: number): number[] {
	const children = readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.flatMap(name => {
			try {
				const [, parent] = /^\d+ \(.*\) \S (\d+) /s.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? [];
				return Number(parent) === pid ? [Number(name)] : [];
			} catch {
				return [];
			}
		});
	return children.flatMap(each => [each, ...descendants(each)]);
}

/** Kills a run, in half of the cases together with every git that it has started: in the others these live on for a while. */
function kill(pid: number, withGit: boolean): void {
	for (const each of [...(withGit ? descendants(pid) : []), pid]) {
		try {
			process.kill(each, 'SIGKILL');
		} catch {
			// Ended by itself in the meantime.
		}
	}
}

async function changeUpstream(random: () => number, count: number): Promise<void> {
	for (const {slug, mainBranch} of sandbox.world.repositories) {
		if (mainBranch === undefined || random() < 0.3) {
			continue;
		}

		const handle = sandbox.repository(slug);
		const branch = `work-${Math.floor(random() * 4)}`;
		const text = `${count} ${random()}\n`.repeat(2000);
		await handle.commit({branch, files: {[`file-${count}.txt`]: text}});
		if (random() < 0.5) {
			await handle.forcePush(branch);
		}

		if (random() < 0.2) {
			await handle.deleteBranch(branch);
		}

		if (random() < 0.3) {
			await handle.createTag(`tag-${count}`, {message: 'A tag'});
		}

		if (random() < 0.2) {
			await handle.commitLfsFile(mainBranch, `large-${count}.bin`, Buffer.from(text));
		}
	}
}

function upstreamRefs(slug: string): Map<string, string> {
	const refs = refsIn(join(sandbox.folder, 'git', sandbox.workspace, `${slug}.git`));
	return new Map([...refs].filter(([name]) => !name.startsWith('refs/sandbox/')));
}

/** Every tip that any snapshot of a mirror lists. */
function listedTips(mirror: MirrorReader): Set<string> {
	return new Set(
		mirror
			.snapshots()
			.flatMap(snapshot => [
				...parseRefList(readGitIn(mirror.folder, ['cat-file', 'blob', `${snapshot}:refs`])).refs.values(),
			]),
	);
}

test('a run that is killed fifty times at random moments resumes, with nothing to repair by hand', {
	skip: process.platform !== 'linux' && 'it looks for processes in /proc',
}, async () => {
	const random = createRandom(seed);
	const {workspace, apiUrl, gitUrl, credentials} = sandbox;
	const run: SandboxRun = {
		folder: join(folder, 'run'),
		workspace,
		apiUrl,
		gitUrl,
		credentials: credentials.filter(({label}) => label === 'primary'),
		plan: {data: ['git', 'lfs', 'pull-requests', 'settings', 'downloads']},
	};
	const mirrors = (): MirrorReader[] =>
		sandbox.world.repositories.map(({slug}) => readMirror(join(destinationOf(run), workspace), slug));

	// How long an undisturbed run takes says over which time deaths are spread.
	const begun = performance.now();
	const first = await start(run);
	assert.deepEqual(await first.exit, [0, null]);
	let duration = performance.now() - begun;
	let killed = 0;
	for (let count = 0; killed < kills; count += 1) {
		assert.ok(count < 4 * kills, `only ${killed} of ${count} runs could be killed, seed ${seed}`);
		await changeUpstream(random, count);
		const started = performance.now();
		const {child, exit} = await start(run);
		await Promise.race([delay(random() * duration), exit]);
		kill(child.pid ?? 0, random() < 0.5);
		const [code, signal] = await exit;
		if (signal === 'SIGKILL') {
			killed += 1;
		} else {
			assert.equal(code, 0, `run ${count}, seed ${seed}`);
			duration = Math.min(duration, performance.now() - started);
		}
	}

	const outcome = await runAgainstSandbox(run);
	assert.equal(outcome.status, 'succeeded', `${outcome.problems.join('\n')} seed ${seed}`);
	for (const [index, mirror] of mirrors().entries()) {
		const slug = sandbox.world.repositories[index]?.slug ?? '';
		assert.deepEqual(mirror.mirrored(), upstreamRefs(slug), `${slug}, seed ${seed}`);
		assert.equal(mirror.fsck(), '', `${slug}, seed ${seed}`);
		const left = readdirSync(mirror.folder, {recursive: true, encoding: 'utf8'}).filter(name =>
			/\.lock$|(^|\/)\.?tmp[_-]|\.new$|bucket-brigade\.writing$/.test(name),
		);
		assert.deepEqual(left, [], `${slug}, seed ${seed}`);
		assert.deepEqual([...refsIn(mirror.folder, 'refs/brigade/draft').keys()], []);

		// What no ref leads to is thrown away in a copy: every tip that was ever in a snapshot is still there.
		const copy = join(folder, `copy-${index}.git`);
		runGitIn(mirror.folder, ['clone', '--quiet', '--mirror', '--no-local', mirror.folder, copy]);
		const tips = [...listedTips(mirror)];
		const found = runGitIn(copy, ['cat-file', '--batch-check'], tips.map(id => `${id}\n`).join(''));
		assert.doesNotMatch(found, /missing/, `${slug}, seed ${seed}`);
	}

	// The last word: a run that finds nothing to do.
	const last = await runAgainstSandbox(run);
	assert.equal(last.repositories.unchanged, sandbox.world.repositories.length);
});
