import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import type {Mirror} from '../../../source/backup/mirror.ts';
import {changeMirrorNote, readMirrorNote, type Unreachable} from '../../../source/backup/mirror-note.ts';
import {hasObject, objectsMissing, readPackIndex} from '../../../source/backup/pack-index.ts';
import {type TendPacksOptions, tendPacks} from '../../../source/backup/retention/packs/tend-packs.ts';
import {snapshotId} from '../../../source/backup/snapshot-id.ts';
import {writeSnapshot} from '../../../source/backup/write-snapshot.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {uuid, workIn} from './mirror-history.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01T02:00:00Z');
let folder: string;
let mirrorFolder: string;
let number = 0;
let template: string;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-packs-'));
	template = join(folder, 'template.git');
	mirrorFolder = template;
	await makeMirror(30);
});
after(() => {
	rmSync(folder, {recursive: true, force: true});
});
beforeEach(() => {
	number += 1;
	mirrorFolder = join(folder, `mirror-${number}.git`);
});

/** A mirror with so many snapshots, each in a pack of its own. */
async function makeMirror(snapshots: number, text = ''): Promise<void> {
	await workIn(mirrorFolder, async mirror => {
		await changeMirrorNote(mirrorFolder, uuid, {});
		for (let count = 0; count < snapshots; count += 1) {
			await snap(mirror, count, text);
		}
	});
}

async function snap(mirror: Mirror, count: number, text = ''): Promise<void> {
	const contents = Buffer.from(`${text}${count}`.repeat(20));
	const id = snapshotId(start + count * day);
	await writeSnapshot(mirror, id, 'Snapshot', new Map([['refs', {kind: 'new', contents}]]));
}

const packs = (): string[] =>
	readdirSync(join(mirrorFolder, 'objects/pack')).filter(name => name.endsWith('.pack'));

/** Ids of all objects that lie in the mirror, reachable or not. */
const objects = (): string[] =>
	runGitIn(mirrorFolder, ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']).split('\n');

const fsck = (): string =>
	runGitIn(mirrorFolder, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']);

const tend = async (options: Partial<TendPacksOptions> = {}): Promise<readonly string[]> =>
	workIn(mirrorFolder, async mirror => tendPacks(mirror, {mayDrop: true, now: start, ...options}));

async function noteUnreachable(unreachable: Unreachable): Promise<void> {
	await changeMirrorNote(mirrorFolder, uuid, {unreachable});
}

const unreachablePacks = async (): Promise<Record<string, string>> =>
	(await readMirrorNote(mirrorFolder))?.unreachable?.packs ?? {};

/** Lets a snapshot go without anything else: what it alone held becomes unreachable. */
function drop(count: number): string[] {
	const name = `refs/brigade/snapshots/${snapshotId(start + count * day)}`;
	const ids = runGitIn(mirrorFolder, ['rev-list', '--objects', '--no-object-names', name]).split('\n');
	runGitIn(mirrorFolder, ['update-ref', '-d', name]);
	return ids;
}

const areThere = (ids: readonly string[]): boolean => {
	const all = new Set(objects());
	return ids.every(id => all.has(id));
};

test('the index of a pack is read as git reads it', async () => {
	await makeMirror(3);
	const [one, two, three] = await Promise.all(
		packs().map(async pack =>
			readPackIndex(join(mirrorFolder, 'objects/pack', pack.replace('.pack', '.idx'))),
		),
	);
	assert.ok(one && two && three);
	const all = objects();
	assert.equal(one.count + two.count + three.count, all.length);
	assert.ok(all.every(id => [one, two, three].filter(index => hasObject(index, id)).length === 1));
	assert.equal(hasObject(one, '0'.repeat(40)), false);
	assert.equal(hasObject(one, 'f'.repeat(40)), false);
	assert.deepEqual(objectsMissing(one, [three, one]), []);
	assert.deepEqual(
		objectsMissing(one, [two, three]).toSorted(),
		all.filter(id => hasObject(one, id)),
	);
	const damaged = join(folder, 'damaged.idx');
	writeFileSync(damaged, Buffer.alloc(2000));
	await assert.rejects(readPackIndex(damaged), /is no index of a pack/);
});

describe('many small packs', () => {
	test('become one, with everything that was in them, whether a ref leads to it or not', async () => {
		cpSync(template, mirrorFolder, {recursive: true});
		const dropped = drop(7);
		const before = objects();
		writeFileSync(join(mirrorFolder, 'objects/pack', (packs()[3] ?? '').replace('.pack', '.keep')), 'mine');
		await tend({mayDrop: false});
		assert.equal(packs().length, 2);
		assert.deepEqual(objects(), before);
		assert.ok(areThere(dropped));
		assert.equal(fsck(), '');
		const after = packs();
		await tend({mayDrop: false});
		assert.deepEqual(packs(), after);
	});

	test('are left where there is no room for another one', async () => {
		cpSync(template, mirrorFolder, {recursive: true});
		const before = packs();
		const problems = await tend({freeBytes: async () => 1000});
		assert.match(problems.join(), /its packs were left as they are: to put them together takes \d/);
		assert.deepEqual(packs(), before);
	});

	test('stay when the new one lacks something', async () => {
		cpSync(template, mirrorFolder, {recursive: true});
		const before = packs();
		const work = workIn(mirrorFolder, async mirror =>
			tendPacks(
				{
					...mirror,
					// A git that leaves a pack out.
					write: async (arguments_, options) =>
						mirror.write(
							arguments_,
							arguments_[0] === 'pack-objects'
								? {input: String(options?.input).replace(/.*\n/, '')}
								: options,
						),
				},
				{mayDrop: false, now: start},
			),
		);
		await assert.rejects(work, /was packed anew and [0-9a-f]{40} was left out; all packs were kept/);
		assert.ok(before.every(pack => packs().includes(pack)));
	});

	test('become one by an older git too, which has to be told each object', async () => {
		cpSync(template, mirrorFolder, {recursive: true});
		const before = objects();
		await workIn(mirrorFolder, async mirror =>
			tendPacks(
				{
					...mirror,
					write: async (arguments_, options) =>
						mirror.write(
							arguments_.map(one => (one === '--stdin-packs' ? '--no-such-option' : one)),
							options,
						),
				},
				{mayDrop: false, now: start},
			),
		);
		assert.equal(packs().length, 1);
		assert.deepEqual(objects(), before);
		assert.equal(fsck(), '');
	});

	test('may be read by others while they are put together', async () => {
		cpSync(template, mirrorFolder, {recursive: true});
		const ids = objects();
		const reader = spawn('git', ['--git-dir', mirrorFolder, 'cat-file', '--batch-check'], {
			stdio: ['pipe', 'pipe', 'ignore'],
		});
		reader.stdin.write(`${ids[0]}\n`);
		await once(reader.stdout, 'data');
		await tend();
		assert.equal(packs().length, 1);
		let answer = '';
		reader.stdout.setEncoding('utf8').on('data', (text: string) => {
			answer += text;
		});
		reader.stdin.end(ids.map(id => `${id}\n`).join(''));
		await once(reader, 'close');
		assert.doesNotMatch(answer, /missing/);
		assert.equal(answer.trimEnd().split('\n').length, ids.length);
	});

	test('leave nothing that harms when they are put together half', async () => {
		cpSync(template, mirrorFolder, {recursive: true});
		const before = objects();
		let deleted = 0;
		const killed = tend({
			before: step => {
				deleted += step === 'delete pack' ? 1 : 0;
				if (deleted === 5) {
					throw new Error('killed');
				}
			},
		});
		await assert.rejects(killed, /killed/);
		assert.deepEqual(objects(), before);
		const half = packs()[0] ?? '';
		// Killed amid the deletion of a pack.
		rmSync(join(mirrorFolder, 'objects/pack', half));
		const rest = objects();
		await makeMirror(0);
		await tend();
		assert.ok(packs().length < 24);
		assert.deepEqual(objects(), rest);
		for (const name of readdirSync(join(mirrorFolder, 'objects/pack'))) {
			assert.ok(existsSync(join(mirrorFolder, 'objects/pack', name.replace(/\.\w+$/, '.pack'))), name);
		}
	});
});

describe('what no ref leads to', () => {
	test('is sorted out first, and vanishes when its time of grace is over', async () => {
		await makeMirror(4);
		const dropped = drop(1);
		const others = objects().filter(id => !dropped.includes(id));
		await noteUnreachable({bytes: 1000, since: new Date(start).toISOString(), packs: {}});
		await tend();
		assert.equal(packs().length, 2);
		assert.equal(Object.keys(await unreachablePacks()).length, 1);
		assert.ok(areThere(dropped));
		await tend({now: start + 13 * day});
		assert.ok(areThere(dropped));
		await tend({now: start + 14 * day, mayDrop: false});
		assert.ok(areThere(dropped));
		await tend({now: start + 14 * day});
		assert.deepEqual(objects(), others);
		assert.deepEqual(await unreachablePacks(), {});
		assert.equal(fsck(), '');
	});

	test('keeps its own time, though other things became unreachable before', async () => {
		await makeMirror(6);
		const first = drop(1);
		await noteUnreachable({bytes: 1000, packs: {}});
		await tend();
		const second = drop(2);
		await noteUnreachable({bytes: 1000, packs: await unreachablePacks()});
		await tend({now: start + 10 * day});
		assert.equal(Object.keys(await unreachablePacks()).length, 2);
		await tend({now: start + 15 * day});
		assert.equal(areThere(first), false);
		assert.ok(areThere(second));
		await tend({now: start + 25 * day});
		assert.equal(areThere(second), false);
		assert.equal(fsck(), '');
	});

	test('stays when a ref leads to it again', async () => {
		for (const bytes of [0, 1000]) {
			number += 1;
			mirrorFolder = join(folder, `mirror-${number}.git`);
			await makeMirror(4);
			const dropped = drop(1);
			await noteUnreachable({bytes: 1000, packs: {}});
			await tend();
			runGitIn(mirrorFolder, ['update-ref', 'refs/mirror/heads/back', dropped[0] ?? '']);
			await noteUnreachable({bytes, packs: await unreachablePacks()});
			await tend({now: start + 30 * day});
			assert.deepEqual(await unreachablePacks(), {});
			assert.ok(areThere(dropped), `${bytes} bytes unreachable`);
			assert.equal(fsck(), '');
		}
	});

	test('takes nothing along when git packs less than all that refs lead to', async () => {
		await makeMirror(4);
		drop(1);
		const before = objects();
		await noteUnreachable({bytes: 1000, packs: {}});
		const [, ref = ''] = [...refsIn(mirrorFolder).keys()];
		const work = workIn(mirrorFolder, async mirror =>
			tendPacks(
				{
					...mirror,
					write: async (arguments_, options) =>
						arguments_.includes('--all')
							? mirror.write(
									arguments_.map(one => (one === '--all' ? '--revs' : one)),
									{input: `${ref}\n`},
								)
							: mirror.write(arguments_, options),
				},
				{mayDrop: true, now: start},
			),
		);
		await assert.rejects(work, /[0-9a-f]{40} was left out; all packs were kept/);
		assert.deepEqual(objects(), before);
	});

	test('is found again after a kill at any moment', async () => {
		await makeMirror(4);
		const dropped = drop(1);
		await noteUnreachable({bytes: 1000, packs: {}});
		const before = objects();
		let isOver = false;
		for (let kill = 1; !isOver; kill += 1) {
			let steps = 0;
			try {
				await tend({
					before: () => {
						steps += 1;
						if (steps === kill) {
							throw new Error('killed');
						}
					},
				});
				isOver = true;
			} catch (error) {
				assert.equal((error as Error).message, 'killed');
				assert.deepEqual(objects(), before);
			}
		}

		assert.equal(packs().length, 2);
		assert.equal(Object.keys(await unreachablePacks()).length, 1);
		await tend({now: start + 14 * day});
		assert.equal(areThere(dropped), false);
		assert.equal(fsck(), '');
	});
});

test('what is planted in the place of a pack is left alone', async () => {
	cpSync(template, mirrorFolder, {recursive: true});
	const planted = join(mirrorFolder, 'objects/pack', `pack-${'a'.repeat(40)}.pack`);
	mkdirSync(planted);
	writeFileSync(join(planted, 'mine'), 'mine');
	mkdirSync(planted.replace('.pack', '.idx'));
	await tend();
	assert.ok(existsSync(join(planted, 'mine')));
});
