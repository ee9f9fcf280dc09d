import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import type {Draft} from '../../source/backup/draft.ts';
import {draftBounds} from '../../source/backup/draft-bounds.ts';
import {type DraftUnit, fileUnit, folderUnit} from '../../source/backup/draft-chunk.ts';
import {readDraft} from '../../source/backup/draft-reading.ts';
import {createDrafting, type Drafting} from '../../source/backup/drafting.ts';
import {finishSnapshot} from '../../source/backup/finish-snapshot.ts';
import {blobId} from '../../source/backup/git-objects.ts';
import {type Mirror, openMirror} from '../../source/backup/mirror.ts';
import {readMirrorRefs} from '../../source/backup/mirror-refs.ts';
import {createProblems} from '../../source/backup/problems.ts';
import {createSnapshotTree, type SnapshotTree} from '../../source/backup/snapshot-tree.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createFakeClock, type FakeClock} from '../fake-clock.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

const owner = {repository: '{web}', run: 'run-1', data: ['git', 'pull-requests']};
const oneFile = Buffer.from('[{}]');

let folder: string;
let mirror: Mirror;
let tree: SnapshotTree;
let clock: FakeClock;
let control: AbortController;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-draft-'));
	control = new AbortController();
	mirror = await openMirror(join(folder, 'web.git'), systemClock, control.signal);
	tree = createSnapshotTree(new Map());
	clock = createFakeClock(Date.parse('2026-11-22T12:00:00.000Z'));
});
afterEach(() => {
	mirror.close();
	rmSync(folder, {recursive: true, force: true});
});

const start = (left?: Draft, over: Mirror = mirror): Drafting =>
	createDrafting({mirror: over, tree, left, clock, owner});

const readLeft = async (): Promise<Draft | undefined> =>
	readDraft(mirror, (await readMirrorRefs(mirror)).drafts, owner.repository);

/** Puts a pull request of one file into the tree. */
function pullRequest(id: number, contents = oneFile): DraftUnit {
	tree.write(`pull-requests/${id}/comments.json`, contents);
	return folderUnit(`pull-requests/${id}`, ['comments.json', 'tasks.json'], true);
}

const pullRequests = (from: number, count: number): DraftUnit[] =>
	Array.from({length: count}, (_, index) => pullRequest(from + index));

const kindsOfParts = (): Set<string> => new Set([...tree.parts().values()].map(({kind}) => kind));

test('when many files have come together they are saved, and memory lets go of them', async () => {
	const drafting = start();
	await drafting.finished(pullRequests(1, draftBounds.files - 1));
	assert.equal(await readLeft(), undefined);
	assert.deepEqual([...kindsOfParts()], ['new']);

	await drafting.finished(pullRequests(1000, 1));
	assert.deepEqual([...kindsOfParts()], ['kept']);
	const left = await readLeft();
	assert.equal(left?.units.size, draftBounds.files);
	assert.deepEqual(left?.units.get('pull-requests/1000'), {
		data: owner.data,
		readAt: clock.now(),
		files: new Map([['comments.json', blobId(oneFile)]]),
	});
	assert.equal(runGitIn(mirror.folder, ['fsck', '--full', '--strict', '--no-dangling']), '');
	assert.equal(runGitIn(mirror.folder, ['log', '--format=%P', 'refs/brigade/draft']), '');
	await drafting.close();
});

test('what is still being read is neither saved nor let go of', async () => {
	const drafting = start();
	tree.write('pull-requests/5000/comments.json', oneFile);
	await drafting.finished(pullRequests(1, draftBounds.files));
	assert.equal(tree.parts().get('pull-requests/5000/comments.json')?.kind, 'new');
	assert.equal((await readLeft())?.units.has('pull-requests/5000'), false);
	await drafting.close();
});

test('what lacks something is let go of, and is not whole', async () => {
	const drafting = start();
	await drafting.finished([...pullRequests(1, draftBounds.files), {...pullRequest(7000), isWhole: false}]);
	assert.deepEqual([...kindsOfParts()], ['kept']);
	assert.equal((await readLeft())?.units.has('pull-requests/7000'), false);
	await drafting.close();
});

test('large files are saved although they are few', async () => {
	const drafting = start();
	await drafting.finished([pullRequest(1, Buffer.alloc(draftBounds.bytes))]);
	assert.deepEqual([...((await readLeft())?.units.keys() ?? [])], ['pull-requests/1']);
	await drafting.close();
});

test('whatever there is is saved after some time, while nothing else happens', async () => {
	const drafting = start();
	const begun = clock.now();
	await drafting.finished([pullRequest(1)]);
	await clock.advance(draftBounds.milliseconds - 1);
	await drafting.finished([pullRequest(2)]);
	assert.equal(await readLeft(), undefined);
	await clock.advance(1);
	await drafting.end();
	const left = await readLeft();
	assert.deepEqual([...(left?.units.keys() ?? [])], ['pull-requests/1', 'pull-requests/2']);
	assert.equal(left?.units.get('pull-requests/2')?.readAt, begun, 'no younger than the first of it');
});

test('chunks come one after the other, also those of another run', async () => {
	const first = start();
	await first.finished(pullRequests(1, draftBounds.files));
	await first.close();

	let later: Promise<void> | undefined;
	const overlapping: Mirror = {
		...mirror,
		write: async (...arguments_) => {
			later ??= second.finished(pullRequests(2001, draftBounds.files));
			return mirror.write(...arguments_);
		},
	};
	const second = start(await readLeft(), overlapping);
	await second.finished(pullRequests(1001, draftBounds.files));
	await later;
	await second.close();
	const left = await readLeft();
	assert.equal(left?.units.size, 3 * draftBounds.files);
	assert.deepEqual([...(left?.chunks.keys() ?? [])], ['000001', '000002', '000003']);
});

test('a file of its own may lie elsewhere in the snapshot', async () => {
	const drafting = start();
	tree.write('pull-requests/7/activity.json', oneFile);
	await drafting.finished([fileUnit('activities/7-abc.json', 'pull-requests/7/activity.json')]);
	await drafting.close();
	assert.deepEqual(
		[...((await readLeft())?.units.get('activities/7-abc.json')?.files ?? [])],
		[['', blobId(oneFile)]],
	);
});

test('the rest of a backup that failed is saved, that of a cancelled one is not', async () => {
	const failed = start();
	await failed.finished([pullRequest(1)]);
	await failed.fetched('a.zip', 'a'.repeat(64));
	await failed.close();
	const left = await readLeft();
	assert.deepEqual([...(left?.units.keys() ?? [])], ['pull-requests/1']);
	assert.deepEqual([...(left?.downloads ?? [])], [['a.zip', 'a'.repeat(64)]]);

	const cancelled = start(left);
	await cancelled.finished([pullRequest(2)]);
	control.abort();
	await cancelled.close();
	assert.equal(runGitIn(mirror.folder, ['ls-tree', '--name-only', 'refs/brigade/draft']), '000001');
});

test('goes when all of its kinds were settled, and not before', async () => {
	const first = start();
	await first.finished([pullRequest(1)]);
	await first.fetched('a.zip', 'a'.repeat(64));
	await first.close();

	const second = start(await readLeft());
	second.settled('pull-requests', 'settings');
	await second.end();
	await second.discard();
	await second.close();
	assert.ok((await readLeft())?.units.has('pull-requests/1'));

	const third = start(await readLeft());
	third.settled('pull-requests', 'downloads');
	await third.end();
	await third.discard();
	await third.close();
	assert.equal(refsIn(mirror.folder).size, 0);
});

test('that was never saved leaves nothing behind', async () => {
	let writes = 0;
	const counting: Mirror = {
		...mirror,
		write: async (...arguments_) => {
			writes += 1;
			return mirror.write(...arguments_);
		},
	};
	const drafting = start(undefined, counting);
	await drafting.finished([pullRequest(1)]);
	drafting.settled('pull-requests');
	await drafting.end();
	await drafting.discard();
	await drafting.close();
	assert.equal(writes, 0);
});

test('that cannot be saved fails the backup, also when that happened in the background', async () => {
	const full = new Error('ENOSPC: no space left on device');
	const broken: Mirror = {...mirror, write: async () => Promise.reject(full)};
	const drafting = start(undefined, broken);
	await assert.rejects(drafting.finished(pullRequests(1, draftBounds.files)), full);
	await assert.rejects(drafting.end(), full);
	assert.deepEqual([...kindsOfParts()], ['new'], 'what is not on disk stays in memory');

	const later = start(undefined, broken);
	await later.finished([pullRequest(1)]);
	await clock.advance(draftBounds.milliseconds);
	await assert.rejects(later.finished([pullRequest(2)]), full);
	await assert.rejects(later.end(), full);
	await later.close();
});

test('ends before the snapshot is written, and goes after that', async () => {
	const order: string[] = [];
	const logged: Mirror = {
		...mirror,
		write: async (...arguments_) => {
			order.push('snapshot');
			return mirror.write(...arguments_);
		},
	};
	const note = (text: string) => async (): Promise<void> => {
		order.push(text);
	};

	tree.write('refs', oneFile);
	await finishSnapshot({
		mirror: logged,
		name: 'acme/web',
		tree,
		last: undefined,
		counts: {refs: 0, pullRequests: 0, lfsObjects: 0, downloads: 0},
		data: ['git'],
		run: owner.run,
		now: clock.now(),
		problems: createProblems(),
		drafting: {...start(), end: note('end'), discard: note('discard')},
	});
	assert.deepEqual(order, ['end', 'snapshot', 'discard']);
});
