import assert from 'node:assert/strict';
import {cpSync, existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {readMirror} from './mirror-reader.ts';
import {logRequests, type RequestLog} from './request-log.ts';
import {destinationOf, primaryRun, runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';
import {startInChild} from './run-and-kill.ts';
import {refsIn} from './upstream-repository.ts';

/* G5: wherever a run is killed, the next one ends with exactly what a run would have that nobody killed. */

const kills = 5;
let sandbox: Sandbox;
let log: RequestLog;
let folder: string;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-anywhere-'));
	sandbox = await startSandbox({
		repositories: 3,
		pullRequests: 8,
		limits: {api: {requests: 1_000_000, windowMilliseconds: 3_600_000}},
	});
	log = logRequests(new URL(sandbox.apiUrl));
});
after(async () => {
	log.close();
	await sandbox.close();
	rmSync(folder, {recursive: true, force: true});
});

const runIn = (name: string): SandboxRun =>
	primaryRun(sandbox, join(folder, name), {
		data: ['git', 'lfs', 'pull-requests', 'settings', 'downloads', 'statuses', 'pipelines'],
	});

async function succeed(run: SandboxRun): Promise<void> {
	const {status, problems} = await runAgainstSandbox(run);
	assert.equal(status, 'succeeded', problems.join('\n'));
}

/** Everything that the backups of a run hold: files of the newest snapshots, refs, pins, LFS objects. */
function heldBy(run: SandboxRun): ReadonlyMap<string, string> {
	const held = new Map<string, string>();
	for (const {slug} of sandbox.world.repositories) {
		const mirror = readMirror(join(destinationOf(run), run.workspace), slug);
		assert.equal(mirror.fsck(), '', slug);
		assert.equal(refsIn(mirror.folder, 'refs/brigade/draft').size, 0, slug);
		for (const line of mirror.git('ls-tree', '-r', mirror.snapshots().at(-1) ?? '').split('\n')) {
			const [kind = '', path = ''] = line.split('\t');
			if (path !== 'snapshot.json') {
				held.set(`${slug}: ${path}`, kind);
			}
		}

		for (const [name, id] of mirror.mirrored()) {
			held.set(`${slug}: ${name}`, id);
		}

		const objects = join(mirror.folder, 'lfs', 'objects');
		const lfs = existsSync(objects) ? readdirSync(objects, {recursive: true, encoding: 'utf8'}) : [];
		for (const name of [...mirror.kept(), ...lfs]) {
			held.set(`${slug}: ${name}`, 'is there');
		}
	}

	return held;
}

/** What people do between two backups, in every repository. */
async function workOn(slug: string): Promise<void> {
	const handle = sandbox.repository(slug);
	const {refs, pullRequests} = await handle.contents();
	const [first, second] = refs
		.map(({name}) => name)
		.filter(name => name.startsWith('refs/heads/') && name !== 'refs/heads/main')
		.map(name => name.replace('refs/heads/', ''));
	await handle.commit({branch: 'main', message: 'More', files: {'more.txt': slug}});
	await handle.commitLfsFile('main', 'large.bin', Buffer.from(`large, of ${slug}`));
	if (first !== undefined && second !== undefined) {
		await handle.forcePush(first);
		await handle.deleteBranch(second);
	}

	for (const {id} of pullRequests.slice(0, 3)) {
		await handle.addComment(id, {raw: 'Later'});
	}
}

for (const moment of ['the first run', 'a run after people have worked on everything'] as const) {
	test(`wherever ${moment} is killed, the next one ends as if nobody had killed it`, async () => {
		const base = runIn(`${moment}, before it`);
		if (moment !== 'the first run') {
			await succeed(base);
			for (const {slug} of sandbox.world.repositories) {
				await workOn(slug);
			}
		}

		const copyOfBase = (name: string): SandboxRun => {
			const run = runIn(`${moment}, ${name}`);
			if (existsSync(base.folder)) {
				cpSync(base.folder, run.folder, {recursive: true, preserveTimestamps: true});
			}

			return run;
		};

		const fresh = copyOfBase('not killed');
		log.clear();
		await succeed(fresh);
		const requests = log.paths().length;
		const expected = heldBy(fresh);
		assert.ok(expected.size > 100, String(expected.size));
		for (let kill = 1; kill <= kills; kill += 1) {
			const run = copyOfBase(`killed ${kill}`);
			log.clear();
			const child = startInChild(run);
			await log.until(() => log.paths().length >= Math.round((requests * kill) / (kills + 1)));
			await child.kill();
			await succeed(run);
			assert.deepEqual(heldBy(run), expected, `killed after ${kill} of ${kills + 1} parts`);
			rmSync(run.folder, {recursive: true, force: true});
		}
	});
}
