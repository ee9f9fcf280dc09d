import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {mirrorGit} from '../../source/backup/git-step.ts';
import {openMirror} from '../../source/backup/mirror.ts';
import {readMirrorRefs} from '../../source/backup/mirror-refs.ts';
import {createProblems} from '../../source/backup/problems.ts';
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
async function fetchAll(): Promise<readonly string[]> {
	const mirror = await openMirror(mirrorFolder, systemClock, new AbortController().signal);
	try {
		const problems = createProblems();
		await mirrorGit({
			mirror,
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
	new Map(Array.from({length: 500}, (_, index) => [`refs/heads/${nameOf(index)}`, id]));

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
		assert.deepEqual(await fetchAll(), []);
		assert.deepEqual(mirrored(), upstream.refs());
	});

	test('are what upstream has at last, when somebody pushes while they are fetched', async () => {
		const before = upstream.commit('moving', {'b.txt': 'b'}, {orphan: true});
		let asked = 0;
		server.intercept = request => {
			asked += request.url?.endsWith('/git-upload-pack') ? 1 : 0;
			// The first question is for the refs, the second one for what they lead to.
			if (asked === 2) {
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

test('names that a file system takes for the same are told apart', async () => {
	const names = ['Feature/one', 'feature/two', 'main', 'MAIN', 'other'];
	const other = upstream.commit('other', {'b.txt': 'b'}, {orphan: true});
	for (const moved of ['', 'MAIN', 'Feature/one', 'other']) {
		upstream.git('pack-refs', '--all', '--prune');
		writeRefs(
			upstream.folder,
			new Map(names.map(name => [`refs/heads/${name}`, name === moved ? other : main])),
		);
		assert.deepEqual(await fetchAll(), []);
		assert.deepEqual(mirrored(), upstream.refs());
		assert.equal(existsSync(join(mirrorFolder, 'refs', 'mirror')), false, 'none has a file of its own');
	}
});
