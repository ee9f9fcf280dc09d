import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {isDeepStrictEqual} from 'node:util';
import {parseRefList} from '../../source/backup/ref-list.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type MirrorReader, readMirror} from '../backup/mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from '../backup/run-against-sandbox.ts';
import {readGitIn, refsIn, runGitIn} from '../backup/upstream-repository.ts';
import {bundleScript} from './bundled-script.ts';

export type KillRunsOptions = {
	/** An empty folder. */
	readonly folder: string;
	readonly random: () => number;
	/** Whether another run is to be killed, after so many kills. */
	readonly goesOn: (kills: number) => boolean;
};

export type KilledRuns = {
	readonly kills: number;
	/** Runs that came to their end before they could be killed. */
	readonly finished: number;
	/** What was lost, or had to be repaired by hand, in sentences. */
	readonly losses: readonly string[];
};

/**
Kills runs at random moments while people push, force-push and delete upstream, in half of the cases together with every git that
they have started; then lets one run to its end, and looks whether everything is there. Only on Linux.
*/
export async function killRuns({folder, random, goesOn}: KillRunsOptions): Promise<KilledRuns> {
	const program = join(folder, 'run.mjs');
	await bundleScript(fileURLToPath(new URL('../backup/run-in-child.ts', import.meta.url)), program);
	const sandbox = await startSandbox({
		repositories: 3,
		pullRequests: 3,
		limits: {api: {requests: 10_000_000, windowMilliseconds: 3_600_000}},
	});
	try {
		const {workspace, apiUrl, gitUrl, credentials} = sandbox;
		const run: SandboxRun = {
			folder: join(folder, 'run'),
			workspace,
			apiUrl,
			gitUrl,
			credentials: credentials.filter(({label}) => label === 'primary'),
			plan: {data: ['git', 'lfs', 'pull-requests', 'settings', 'downloads']},
		};
		const killed = await killAgainAndAgain({program, run, sandbox, random, goesOn});
		return {...killed, losses: [...killed.losses, ...(await lookAtWhatIsLeft(folder, run, sandbox))]};
	} finally {
		await sandbox.close();
	}
}

async function killAgainAndAgain({
	program,
	run,
	sandbox,
	random,
	goesOn,
}: {
	readonly program: string;
	readonly run: SandboxRun;
	readonly sandbox: Sandbox;
	readonly random: () => number;
	readonly goesOn: (kills: number) => boolean;
}): Promise<KilledRuns> {
	const losses: string[] = [];
	// How long an undisturbed run takes says over which time deaths are spread.
	const begun = performance.now();
	const first = await start(program, run);
	const [firstCode] = await first.exit;
	if (firstCode !== 0) {
		return {kills: 0, finished: 0, losses: [`the first run ended with ${firstCode}`]};
	}

	let duration = performance.now() - begun;
	let kills = 0;
	let finished = 0;
	let wasFinished = true;
	for (; goesOn(kills) && finished < 3 * kills + 20; ) {
		// What a killed run has not done is there to be done by the next one too.
		if (wasFinished || random() < 0.4) {
			await changeUpstream(sandbox, random, kills + finished);
		}

		const started = performance.now();
		const {child, exit} = await start(program, run);
		await Promise.race([delay(random() * duration), exit]);
		kill(child.pid ?? 0, random() < 0.5);
		const [code, signal] = await exit;
		wasFinished = signal !== 'SIGKILL';
		if (!wasFinished) {
			kills += 1;
		} else {
			finished += 1;
			duration = Math.min(duration, performance.now() - started);
			if (code !== 0) {
				losses.push(`a run that was not killed ended with ${code}, after ${kills} kills`);
			}
		}
	}

	return {kills, finished, losses};
}

/** G5: a killed run resumes, with nothing to repair by hand. */
async function lookAtWhatIsLeft(
	folder: string,
	run: SandboxRun,
	sandbox: Sandbox,
): Promise<readonly string[]> {
	const losses: string[] = [];
	const outcome = await runAgainstSandbox(run);
	if (outcome.status !== 'succeeded') {
		losses.push(`the run after all kills ${outcome.status}: ${outcome.problems.join('; ')}`);
	}

	for (const [index, {slug}] of sandbox.world.repositories.entries()) {
		const mirror = readMirror(join(destinationOf(run), sandbox.workspace), slug);
		losses.push(...whatIsWrong(mirror, upstreamRefs(sandbox, slug)).map(text => `${slug}: ${text}`));

		// What no ref leads to is thrown away in a copy: every tip that was ever in a snapshot is still there.
		const copy = join(folder, `copy-${index}.git`);
		runGitIn(mirror.folder, ['clone', '--quiet', '--mirror', '--no-local', mirror.folder, copy]);
		const tips = [...listedTips(mirror)];
		const found = runGitIn(copy, ['cat-file', '--batch-check'], tips.map(id => `${id}\n`).join(''));
		const missing = found.split('\n').filter(line => line.endsWith('missing'));
		losses.push(...missing.map(line => `${slug}: a tip of a snapshot: ${line}`));
	}

	// The last word: a run that finds nothing to do.
	const last = await runAgainstSandbox(run);
	if (last.repositories.unchanged !== sandbox.world.repositories.length) {
		losses.push(`a run with nothing to do found ${last.repositories.unchanged} unchanged`);
	}

	return losses;
}

function whatIsWrong(mirror: MirrorReader, upstream: ReadonlyMap<string, string>): readonly string[] {
	const left = readdirSync(mirror.folder, {recursive: true, encoding: 'utf8'}).filter(name =>
		/\.lock$|(^|\/)\.?tmp[_-]|\.new$|bucket-brigade\.writing$/.test(name),
	);
	const drafts = [...refsIn(mirror.folder, 'refs/brigade/draft').keys()];
	const fsck = mirror.fsck();
	return [
		...(isDeepStrictEqual(mirror.mirrored(), upstream) ? [] : ['its refs are not those of upstream']),
		...(fsck === '' ? [] : [fsck]),
		...[...left, ...drafts].map(name => `${name} is left`),
	];
}

/** Starts a run in a process of its own; returns once it has said its first word. */
async function start(program: string, run: SandboxRun) {
	const child = spawn(process.execPath, [program], {
		stdio: ['pipe', 'pipe', 'inherit'],
		detached: true,
		// Most of a killed run's life is its start.
		env: {...process.env, NODE_COMPILE_CACHE: `${program}-compiled`},
	});
	const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
	child.stdin.on('error', () => undefined);
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

/** Without its gits, these live on for a while. */
function kill(pid: number, withGit: boolean): void {
	for (const each of [...(withGit ? descendants(pid) : []), pid]) {
		try {
			process.kill(each, 'SIGKILL');
		} catch {
			// Ended by itself in the meantime.
		}
	}
}

async function changeUpstream(sandbox: Sandbox, random: () => number, count: number): Promise<void> {
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

function upstreamRefs({folder, workspace}: Sandbox, slug: string): Map<string, string> {
	const refs = refsIn(join(folder, 'git', workspace, `${slug}.git`));
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
