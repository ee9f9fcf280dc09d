import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {mirrorGit} from '../../source/backup/git-step.ts';
import {type Mirror, openMirror} from '../../source/backup/mirror.ts';
import {readMirrorRefs} from '../../source/backup/mirror-refs.ts';
import {createProblems} from '../../source/backup/problems.ts';
import {manyRefs} from '../../source/backup/rewrite-refs.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createFakePool} from './fake-pool.ts';
import {type GitServer, startGitServer} from './git-server.ts';
import {writeRefs} from './many-refs.ts';
import {makeUpstream, refsIn, runGitIn, type UpstreamRepository} from './upstream-repository.ts';

let folder: string;
let server: GitServer;
let upstream: UpstreamRepository;
let mirrorFolder: string;
let main: string;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-fetch-'));
	server = await startGitServer(join(folder, 'upstream'));
	upstream = makeUpstream(join(folder, 'upstream', 'r.git'));
	mirrorFolder = join(folder, 'mirror.git');
	main = upstream.commit('main', {'a.txt': 'a'});
	upstream.git('pack-refs', '--all', '--prune');
});
afterEach(async () => {
	await server.close();
	rmSync(folder, {recursive: true, force: true});
});

/** As the step of a backup does it, without what comes after. @returns what is to be said. */
async function fetchAll(change: (mirror: Mirror) => Mirror = same => same): Promise<readonly string[]> {
	const mirror = await openMirror(mirrorFolder, systemClock, new AbortController().signal);
	try {
		const problems = createProblems();
		await mirrorGit({
			mirror: change(mirror),
			upstream: {
				name: 'r',
				cloneUrl: `${server.origin}/r.git`,
				pool: createFakePool({origin: server.origin}),
			},
			before: await readMirrorRefs(mirror),
			lastSnapshot: undefined,
			problems,
			progress: () => undefined,
		});
		return problems.texts();
	} finally {
		mirror.close();
	}
}

const mirrored = (): Map<string, string> =>
	new Map(
		[...refsIn(mirrorFolder, 'refs/mirror')].map(([name, id]) => [name.replace('refs/mirror/', 'refs/'), id]),
	);

const branches = (nameOf: (index: number) => string, id = main): Map<string, string> =>
	new Map(Array.from({length: manyRefs}, (_, index) => [`refs/heads/${nameOf(index)}`, id]));

describe('very many refs that change at once', () => {
	beforeEach(() => {
		writeRefs(
			upstream.folder,
			branches(index => `branch-${index}`),
		);
	});

	test('get no file of their own, and stand beside the refs that are ours', async () => {
		assert.deepEqual(await fetchAll(), []);
		assert.deepEqual(mirrored(), upstream.refs());
		assert.equal(existsSync(join(mirrorFolder, 'refs', 'mirror')), false);

		const snapshot = 'refs/brigade/snapshots/20261122T000000.000Z';
		runGitIn(mirrorFolder, ['update-ref', snapshot, main]);
		const other = upstream.commit('other', {'b.txt': 'b'}, {orphan: true});
		upstream.git('pack-refs', '--all', '--prune');
		writeRefs(
			upstream.folder,
			branches(index => `branch-${index}`, other),
		);
		assert.deepEqual(await fetchAll(), []);
		assert.deepEqual(mirrored(), upstream.refs());
		assert.equal(refsIn(mirrorFolder, snapshot).get(snapshot), main);
		assert.deepEqual([...refsIn(mirrorFolder, 'refs/brigade/kept').values()], [main]);
	});

	test('may become folders of refs', async () => {
		await fetchAll();
		writeRefs(
			upstream.folder,
			branches(index => `branch-${index}/more`),
		);
		assert.match((await fetchAll()).join(), /more than half of the refs are gone/);
		assert.deepEqual(mirrored(), upstream.refs());
	});

	test('are what upstream has at last, when somebody pushes while they are fetched', async () => {
		const before = upstream.commit('moving', {'b.txt': 'b'}, {orphan: true});
		let asked = 0;
		server.intercept = request => {
			asked += request.url?.startsWith('/r.git/info/refs') ? 1 : 0;
			if (asked === 1) {
				asked += 1;
				upstream.commit('moving', {'b.txt': 'c'}, {orphan: true});
				upstream.git('reflog', 'expire', '--expire=now', '--all');
				upstream.git('prune', '--expire=now');
			}

			return false;
		};
		assert.deepEqual(await fetchAll(), []);
		assert.deepEqual(mirrored(), upstream.refs());
		assert.notEqual(mirrored().get('refs/heads/moving'), before);
	});

	test('come also with a git that fetches nothing where it is to leave the refs alone', async () => {
		const lazy = (mirror: Mirror): Mirror => ({
			...mirror,
			write: async (arguments_, options) =>
				arguments_.includes('--dry-run') ? Buffer.alloc(0) : mirror.write(arguments_, options),
		});
		assert.deepEqual(await fetchAll(lazy), []);
		assert.deepEqual(mirrored(), upstream.refs());
	});

	test('are written by the next run where a killed one was about to', async () => {
		await fetchAll();
		writeFileSync(join(mirrorFolder, 'packed-refs.lock'), 'cut');
		writeRefs(
			upstream.folder,
			branches(index => `later-${index}`),
		);
		await fetchAll();
		assert.deepEqual(mirrored(), upstream.refs());
		assert.equal(existsSync(join(mirrorFolder, 'packed-refs.lock')), false);
	});
});

test('names that a file system takes for the same are told apart, and stay so', async () => {
	const names = ['Feature/one', 'feature/two', 'main', 'MAIN', 'other'];
	const other = upstream.commit('other', {'b.txt': 'b'}, {orphan: true});
	upstream.git('pack-refs', '--all', '--prune');
	const push = (idOf: (name: string) => string): void =>
		writeRefs(upstream.folder, new Map(names.map(name => [`refs/heads/${name}`, idOf(name)])));
	const looseRefs = (): boolean =>
		readdirSync(join(mirrorFolder, 'refs', 'mirror'), {recursive: true, withFileTypes: true}).some(entry =>
			entry.isFile(),
		);
	push(() => main);
	await fetchAll();
	assert.ok(looseRefs(), 'here every name has a file of its own');
	runGitIn(mirrorFolder, ['pack-refs', '--all', '--prune']);

	// What is asked of a file system that makes no difference between capital letters and others.
	writeFileSync(join(mirrorFolder, 'head'), '');
	push(name => (name === 'MAIN' ? other : main));
	await fetchAll();
	assert.equal(looseRefs(), false);
	assert.deepEqual(mirrored(), upstream.refs());
	push(name => (name === 'Feature/one' ? other : main));
	await fetchAll();
	assert.equal(looseRefs(), false, 'a folder is a name too');
	assert.deepEqual(mirrored(), upstream.refs());
	push(name => (name === 'other' ? other : main));
	runGitIn(mirrorFolder, ['pack-refs', '--all', '--prune']);
	await fetchAll();
	assert.deepEqual(mirrored(), upstream.refs());
});
