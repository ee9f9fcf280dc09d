import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {parseDraftRecord} from '../../source/backup/draft-record.ts';
import type {RunReport} from '../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type MirrorReader, readMirror} from './mirror-reader.ts';
import {logRequests, type RequestLog} from './request-log.ts';
import {destinationOf, primaryRun, runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';
import {startInChild} from './run-and-kill.ts';
import {refsIn} from './upstream-repository.ts';

const pullRequests = 180;
const kills = 3;
const draftRef = 'refs/brigade/draft';
let sandbox: Sandbox;
let log: RequestLog;
let folder: string;
let slug: string;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-killed-'));
	sandbox = await startSandbox({
		repositories: 2,
		pullRequests,
		limits: {api: {requests: 100_000, windowMilliseconds: 3_600_000}},
	});
	log = logRequests(new URL(sandbox.apiUrl));
	for (const repository of sandbox.world.repositories) {
		const contents = await sandbox.services.contents(repository);
		if (contents.pullRequests.length === pullRequests) {
			slug = repository.slug;
		}
	}

	await sandbox.repository(slug).commitLfsFile('main', 'large.bin', Buffer.from('large'));
});
after(async () => {
	log.close();
	await sandbox.close();
	rmSync(folder, {recursive: true, force: true});
});

const runIn = (name: string): SandboxRun =>
	primaryRun(sandbox, join(folder, name), {
		include: [slug],
		data: ['git', 'lfs', 'pull-requests', 'settings', 'downloads'],
	});

const mirrorOf = (run: SandboxRun): MirrorReader => readMirror(join(destinationOf(run), run.workspace), slug);

/** The commit of the draft that a run has at the moment; undefined where there is none. Costs no process. */
function draftIn(run: SandboxRun): string | undefined {
	const workspaceFolder = join(destinationOf(run), run.workspace);
	const [mirror] = existsSync(workspaceFolder) ? readdirSync(workspaceFolder) : [];
	const file = join(workspaceFolder, mirror ?? '', draftRef);
	return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}

/** Units that the draft of a mirror says are whole. */
function wholeIn(mirror: MirrorReader): Set<string> {
	const chunks = mirror.git('ls-tree', '--name-only', draftRef).split('\n');
	return new Set(
		chunks.flatMap(chunk => {
			const file = mirror.git('cat-file', 'blob', `${draftRef}:${chunk}/draft.json`);
			return parseDraftRecord(Buffer.from(file))?.whole ?? [];
		}),
	);
}

/** What an answer would belong to that is asked for; undefined for lists that every run reads. */
function unitOf(path: string): string | undefined {
	const [, below] = /^\/2\.0\/repositories\/[^/]+\/[^/?]+\/([^?]*)/.exec(path) ?? [];
	const [, id] = /^pullrequests\/(\d+)\//.exec(below ?? '') ?? [];
	return id === undefined ? undefined : `pull-requests/${id}`;
}

const contentsOf = (mirror: MirrorReader): string[] =>
	mirror
		.git('ls-tree', '-r', mirror.snapshots().at(-1) ?? '')
		.split('\n')
		.filter(line => !line.endsWith('\tsnapshot.json'));

/** Runs in another process, which is killed when it has saved a new draft and sent some more requests. */
async function runUntilDrafted(run: SandboxRun, more: number): Promise<void> {
	const before = draftIn(run);
	const child = startInChild(run);
	const reports: RunReport[] = [];
	const ended = (async () => {
		for await (const report of child.reports) {
			reports.push(report);
		}
	})();
	const until = async (isSo: () => boolean): Promise<void> =>
		Promise.race([log.until(isSo), ended.then(() => assert.fail('it ended before it was killed'))]);
	await until(() => {
		const now = draftIn(run);
		return now !== undefined && now !== before;
	});
	const asked = log.paths().length;
	await until(() => log.paths().length >= asked + more);
	await child.kill();
	await ended;
	assert.ok(!reports.some(({type}) => type === 'repository-finished'));
}

describe('a run that is killed again and again amid many pull requests', () => {
	const killed: string[][] = [];
	let last: string[];
	let run: SandboxRun;
	let whole = new Set<string>();
	before(async () => {
		run = runIn('killed');
		for (let count = 0; count < kills; count += 1) {
			log.clear();
			await runUntilDrafted(run, 10 + 10 * count);
			killed.push(log.paths());
			const before = whole;
			whole = wholeIn(mirrorOf(run));
			assert.ok([...before].every(unit => whole.has(unit)));
			assert.ok(whole.size > before.size);
			const again = log.paths().filter(path => before.has(unitOf(path) ?? ''));
			assert.deepEqual(again, [], `after ${count} kills`);
			assert.deepEqual(mirrorOf(run).snapshots(), []);
		}

		log.clear();
		const outcome = await runAgainstSandbox(run);
		assert.equal(outcome.status, 'succeeded', outcome.problems.join('\n'));
		last = log.paths();
	});

	test('asks for nothing again that was in its draft', () => {
		assert.ok([...whole].filter(unit => unit.startsWith('pull-requests/')).length >= 40);
		assert.deepEqual(
			last.filter(path => whole.has(unitOf(path) ?? '')),
			[],
		);
		assert.ok(
			last.some(path => unitOf(path) !== undefined),
			'and for something that was not',
		);
	});

	test('reads the list of all activity once', () => {
		const lists = (paths: readonly string[]): string[] =>
			paths.filter(path => /\/pullrequests\/(?:\d+\/)?activity\?/.test(path));
		const [first = [], ...later] = killed;
		assert.ok(lists(first).length > 1);
		assert.deepEqual([...later, last].flatMap(lists), []);
	});

	test('fetches no LFS object again', () => {
		const batches = (paths: readonly string[]): string[] =>
			paths.filter(path => path.endsWith('/info/lfs/objects/batch'));
		const [first = [], ...later] = killed;
		assert.equal(batches(first).length, 1);
		assert.deepEqual([...later, last].flatMap(batches), []);
	});

	test('ends with the snapshot of a run that nobody killed', async () => {
		const fresh = runIn('fresh');
		log.clear();
		assert.equal((await runAgainstSandbox(fresh)).status, 'succeeded');
		assert.deepEqual(contentsOf(mirrorOf(run)), contentsOf(mirrorOf(fresh)));
		assert.ok(contentsOf(mirrorOf(run)).length > 3 * pullRequests);

		const details = (paths: readonly string[]): number =>
			paths.filter(path => unitOf(path) !== undefined).length;
		const needed = details(log.paths());
		const sent = details([...killed.flat(), ...last]);
		assert.ok(last.length < log.paths().length / 2, `${last.length} of ${log.paths().length}`);
		assert.ok(sent < 2 * needed, `${sent} for ${needed}`);
	});

	test('leaves no draft, and nothing to repair', () => {
		const mirror = mirrorOf(run);
		assert.equal(refsIn(mirror.folder, draftRef).size, 0);
		assert.equal(mirror.snapshots().length, 1);
		// Commits of pull requests that no branch shows.
		assert.deepEqual(mirror.kept(), mirrorOf(runIn('fresh')).kept());
		assert.equal(mirror.fsck(), '');
	});
});
