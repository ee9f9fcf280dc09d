import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import type {DataKind} from '../../source/model/data-kind.ts';
import type {RunReport} from '../../source/runs/events.ts';
import type {Clock} from '../../source/system/clock.ts';
import {mountSmallDisk, type SmallDisk, whyNoSmallDisk} from '../small-disk.ts';
import {type LfsUpstream, startLfsUpstream} from './lfs/lfs-upstream.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

const kilobyte = 1024;
const data: readonly DataKind[] = ['git', 'lfs', 'pull-requests', 'downloads'];
const web = '/repositories/acme/web';
const many = 3000;

describe('a disk that becomes full', {skip: whyNoSmallDisk()}, () => {
	let workspace: SmallWorkspace;
	let lfs: LfsUpstream;
	let disk: SmallDisk;
	let mirror: string;

	beforeEach(async () => {
		workspace = await makeSmallWorkspace();
		disk = mountSmallDisk(workspace.destination, 48);
		lfs = await startLfsUpstream(workspace);
		const {answers} = workspace;
		answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web', full_name: 'acme/web'}]);
		answers.set(`${web}/pullrequests`, [{id: 1, comment_count: 1}]);
		answers.set(`${web}/pullrequests/1/comments`, [{id: 10}]);
		answers.set(`${web}/downloads`, [{name: 'a.zip', size: 5}]);
		answers.set(`${web}/downloads/a.zip`, Buffer.from('hello'));
		const object = lfs.keep('the first object');
		workspace.web.commit('main', {'readme.md': 'first', 'a.bin': object.pointer});
		const {outcome} = await workspace.run(data);
		assert.equal(outcome.status, 'succeeded', outcome.problems.join());
		mirror = workspace.mirror('web');
	});
	afterEach(async () => {
		disk.close();
		await lfs.close();
		await workspace.close();
	});

	/** What a person must find again: snapshots with everything in them, what upstream had, kept tips, files beside it. */
	const holdings = (): Map<string, string> => {
		const snapshots = [...refsIn(mirror, 'refs/brigade/snapshots')];
		const files = ['lfs/objects', 'downloads'].flatMap(folder => filesBelow(join(mirror, folder)));
		return new Map([
			...snapshots,
			...refsIn(mirror, 'refs/brigade/kept'),
			...snapshots.map(
				([name]) => [`${name} tree`, runGitIn(mirror, ['ls-tree', '-r', name])] as [string, string],
			),
			...files.map(path => [path, readFileSync(path, 'latin1')] as [string, string]),
		]);
	};

	const assertStillThere = (before: ReadonlyMap<string, string>): void => {
		const now = holdings();
		for (const [name, value] of before) {
			assert.equal(now.get(name), value, name);
		}

		assert.equal(runGitIn(mirror, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']), '');
	};

	const temporary = (): string[] =>
		readdirSync(workspace.destination, {recursive: true, encoding: 'utf8'}).filter(path =>
			/\.lock$|\.new$|\/tmp_|crash|\/tmp\/.|\.writing$|\.keep$/.test(path),
		);

	/** Runs, and fills the disk at a moment: the run fails and says so, everything stays; with room, the next run is complete. */
	async function fillAt(
		left: number,
		at: {readonly stage: string} | {readonly note: true},
		expected: RegExp,
	): Promise<void> {
		const before = holdings();
		const reports: RunReport[] = [];
		let isFull = false;
		const fill = (): void => {
			if (!isFull) {
				isFull = true;
				disk.fill(left);
			}
		};
		const {clock} = workspace;
		let isSnapshotWritten = false;
		/** The note is dated once the snapshot is there, and then written. */
		const watching: Clock = {
			...clock,
			now: () => {
				isSnapshotWritten ||= workspace.snapshots('web').length > 1;
				if (isSnapshotWritten) {
					fill();
				}

				return clock.now();
			},
		};
		const {outcome} = await workspace.run(data, {
			report: report => {
				reports.push(report);
				if ('stage' in at && report.type === 'repository-progress' && report.stage === at.stage) {
					fill();
				}
			},
			...('note' in at ? {clock: watching} : {}),
		});
		assert.ok(isFull);
		assert.equal(outcome.status, 'failed');
		const [problem = ''] = outcome.problems;
		assert.ok(
			problem.startsWith(`The destination ${workspace.destination} cannot be written: `) &&
				problem.endsWith('. Free space or make it writable, then run the plan again.'),
			problem,
		);
		assert.match(problem, expected);
		const finished = reports.find(report => report.type === 'repository-finished');
		assert.ok(finished?.type === 'repository-finished' && finished.status === 'failed');
		assert.doesNotMatch(JSON.stringify(outcome), /could not be (read|fetched)|missing upstream/);
		assertStillThere(before);
		assert.deepEqual(temporary(), []);

		disk.makeRoom();
		const next = await workspace.run(data);
		assert.equal(next.outcome.status, 'succeeded', next.outcome.problems.join());
		assertStillThere(before);
		assert.deepEqual(temporary(), []);
		const mirrored = [...refsIn(mirror, 'refs/mirror')].map(([name, id]) => [
			name.replace('mirror/', ''),
			id,
		]);
		assert.deepEqual(new Map(mirrored as Array<[string, string]>), workspace.web.refs());
		assert.ok(workspace.snapshots('web').length >= 2);
	}

	test('while Git’s objects come', async () => {
		workspace.web.commit('main', {'big.txt': randomBytes(600_000).toString('base64')});
		await fillAt(64 * kilobyte, {stage: 'git'}, /No space left on device/);
	});

	test('while refs are written', async () => {
		addBranches(workspace, many);
		await fillAt(60 * kilobyte, {stage: 'git'}, /ENOSPC/);
	});

	test('while an LFS object comes', async () => {
		const object = lfs.keep(randomBytes(1024 * kilobyte));
		workspace.web.commit('main', {'b.bin': object.pointer});
		await fillAt(600 * kilobyte, {stage: 'lfs'}, /ENOSPC/);
	});

	test('while a draft is saved', async () => {
		const text = (): string => randomBytes(1_500_000).toString('base64');
		workspace.answers.set(
			`${web}/pullrequests`,
			[1, 2, 3, 4, 5, 6].map(id => ({id, comment_count: 0, description: text()})),
		);
		await fillAt(100 * kilobyte, {stage: 'pull-requests'}, /Out of diskspace|No space left on device|ENOSPC/);
	});

	test('while a download comes', async () => {
		workspace.web.commit('main', {'readme.md': 'second'});
		workspace.answers.set(`${web}/downloads`, [{name: 'b.zip', size: 1024 * kilobyte}]);
		workspace.answers.set(`${web}/downloads/b.zip`, randomBytes(1024 * kilobyte));
		await fillAt(100 * kilobyte, {stage: 'downloads'}, /ENOSPC/);
	});

	test('while a snapshot is written', async () => {
		workspace.web.commit('main', {'readme.md': 'second'});
		await fillAt(0, {stage: 'snapshot'}, /Out of diskspace|No space left on device|ENOSPC/);
	});

	test('while the note is written', async () => {
		workspace.clock.jump(30 * 86_400_000);
		workspace.web.commit('main', {'readme.md': 'second'});
		await fillAt(0, {note: true}, /ENOSPC/);
		const note = JSON.parse(readFileSync(join(mirror, 'bucket-brigade.json'), 'utf8')) as {slug: string};
		assert.equal(note.slug, 'web');
	});
});

function addBranches({web}: SmallWorkspace, count: number): void {
	const [tip = ''] = web.refs().values();
	const commands = Array.from({length: count}, (_, index) => `create refs/heads/branch-${index} ${tip}\n`);
	runGitIn(web.folder, ['update-ref', '--stdin'], commands.join(''));
}

function filesBelow(folder: string): string[] {
	return existsSync(folder)
		? readdirSync(folder, {recursive: true, encoding: 'utf8'})
				.map(name => join(folder, name))
				.filter(path => statSync(path).isFile())
		: [];
}
