import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import type {BackupPlace} from '../../../source/backup/backup-place.ts';
import type {Mirror} from '../../../source/backup/mirror.ts';
import {readMirrorNote} from '../../../source/backup/mirror-note.ts';
import {createProblems} from '../../../source/backup/problems.ts';
import type {RepairSource} from '../../../source/backup/verify/repair-mirror.ts';
import {verifyInTurn} from '../../../source/backup/verify/verify-in-run.ts';
import {PlanSchema} from '../../../source/model/plan.ts';
import type {RunResult} from '../small-workspace.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {
	cut,
	filesIn,
	flip,
	listing,
	looseFile,
	packOf,
	unpackAll,
	whatSnapshotsHold,
} from './damaged-mirror.ts';
import {openForks} from './fork-test.ts';
import {allData, has} from './verified-workspace.ts';

/* Runs verify mirrors in turns, and repair those that they cannot work with. */

const day = 86_400_000;
const {forkTest, workspace} = openForks();

const main = (mirror: string): string => refsIn(mirror).get('refs/mirror/heads/main') ?? '';
const newest = (mirror: string): string => [...refsIn(mirror, 'refs/brigade/snapshots').keys()].at(-1) ?? '';
const wasVerified = ({reports}: RunResult): boolean =>
	reports.some(report => report.type === 'repository-progress' && report.stage === 'verify');
/** A plan whose cycle is so short that it is always a mirror's turn. */
const always = (verify: string) => ({
	plan: PlanSchema.parse({name: 'nightly', organization: 'acme', data: [...allData], cycles: {verify}}),
});

forkTest('nothing is verified before its turn, and the first backup never', async (place, mirror) => {
	const result = await place.run();
	assert.equal(wasVerified(result), false);
	assert.equal((await readMirrorNote(mirror))?.verifiedAt, undefined);
});

forkTest(
	'in its turn a mirror is verified; that is noted, remembered, and not done again',
	async (place, mirror) => {
		workspace().workspace.clock.jump(30 * day);
		const before = listing(mirror);
		const result = await place.run();
		assert.equal(result.of('web').status, 'unchanged');
		assert.deepEqual(result.of('web').problems, []);
		assert.ok(wasVerified(result));
		const {verifiedAt} = (await readMirrorNote(mirror)) ?? {};
		assert.equal(Date.parse(verifiedAt ?? ''), workspace().workspace.clock.now());
		assert.equal([...place.memory.values()][0]?.verifiedAt, verifiedAt);
		const after = listing(mirror);
		for (const files of [before, after]) {
			files.delete('bucket-brigade.json');
		}

		assert.deepEqual(after, before);
		const next = await place.run();
		assert.equal(wasVerified(next), false);
		assert.equal([...place.memory.values()][0]?.verifiedAt, verifiedAt, 'it stays known');
	},
);

forkTest('never, where the plan says so', async place => {
	workspace().workspace.clock.jump(100 * day);
	assert.equal(wasVerified(await place.run(always('never'))), false);
});

forkTest('damage that upstream can make good is repaired, and said', async (place, mirror) => {
	workspace().workspace.clock.jump(30 * day);
	const held = whatSnapshotsHold(mirror);
	const pack = packOf(mirror, workspace().lost);
	flip(join(mirror, pack), 100);
	const result = await place.run();
	assert.equal(result.outcome.status, 'succeeded');
	const [problem] = result.of('web').problems;
	assert.match(problem ?? '', new RegExp(`^the backup on disk was damaged, and was repaired: ${pack}`));
	assert.deepEqual(whatSnapshotsHold(mirror), held);
	assert.ok((await readMirrorNote(mirror))?.verifiedAt);
});

forkTest('damage that nobody can make good makes the backup partial, each time', async (place, mirror) => {
	place.prune();
	unpackAll(mirror);
	rmSync(join(mirror, looseFile(workspace().lost)));
	for (let run = 0; run < 2; run += 1) {
		workspace().workspace.clock.jump(30 * day);
		const result = await place.run();
		assert.equal(result.of('web').status, 'partial');
		assert.match(
			result.of('web').problems.join('\n'),
			new RegExp(`^the backup on disk is damaged: refs/heads/side .*${workspace().lost} is missing`),
		);
		assert.equal((await readMirrorNote(mirror))?.verifiedAt, undefined);
		assert.equal([...place.memory.values()][0]?.status, 'partial');
		assert.equal(wasVerified(await place.run()), false, 'not again before its next turn');
	}
});

forkTest(
	'where what is damaged would lead elsewhere, nothing is repaired and nothing written: it is said what stands in the way',
	async (place, mirror) => {
		workspace().workspace.clock.jump(30 * day);
		const pack = packOf(mirror, workspace().lost);
		flip(join(mirror, pack), 100);
		const elsewhere = join(place.web.folder, '..', 'elsewhere');
		mkdirSync(elsewhere);
		for (const plant of [
			() => symlinkSync(elsewhere, join(mirror, 'damaged')),
			() => writeFileSync(join(mirror, 'damaged'), ''),
		]) {
			plant();
			const {of} = await place.run();
			assert.equal(of('web').status, 'failed');
			assert.match(of('web').problems.join(), /damaged does not belong into a mirror/);
			assert.deepEqual(readdirSync(elsewhere), []);
			assert.ok(filesIn(mirror, 'objects').includes(pack));
			rmSync(join(mirror, 'damaged'));
		}

		assert.match(
			(await place.run()).of('web').problems.join(),
			/^the backup on disk was damaged, and was repaired: /,
		);
	},
);

test('a verification that breaks off makes the backup partial: the snapshot is on disk', async () => {
	const {clock} = workspace().workspace;
	const problems = createProblems();
	const place = {
		clock,
		signal: new AbortController().signal,
		plan: {cycles: {verify: '1d'}},
		verifyBudget: {
			spend: async () => {
				throw new Error('the mount went away');
			},
		},
	} as unknown as BackupPlace;
	const verifiedAt = '2026-01-01T00:00:00.000Z';
	const found = await verifyInTurn({} as Mirror, {
		place,
		kind: 'repository',
		identity: '{w}',
		source: {} as RepairSource,
		progress: () => undefined,
		note: {uuid: '{w}', verifiedAt},
		oldestSnapshot: '20260101T000000.000Z',
		problems,
	});
	assert.equal(found, verifiedAt);
	assert.deepEqual(problems.incomplete(), [
		{path: 'verify', problem: 'the verification did not come to its end: the mount went away'},
	]);
});

/** Damage with which no backup could be made. */
const hindrances: ReadonlyArray<readonly [string, (mirror: string) => void]> = [
	['a pack with a damaged object', mirror => flip(join(mirror, packOf(mirror, main(mirror))), 100)],
	['a pack that was cut', mirror => cut(join(mirror, packOf(mirror, main(mirror))), 100)],
	[
		'a pack that is gone',
		mirror => {
			const pack = packOf(mirror, main(mirror));
			rmSync(join(mirror, pack));
			rmSync(join(mirror, pack.replace(/pack$/, 'idx')));
		},
	],
	['a damaged index', mirror => flip(join(mirror, packOf(mirror, main(mirror)).replace(/pack$/, 'idx')), 5)],
	[
		'a tip that is gone',
		mirror => {
			unpackAll(mirror);
			rmSync(join(mirror, looseFile(workspace().lost)));
		},
	],
];

for (const [name, damage] of hindrances) {
	forkTest(`${name} is repaired on the way, and the backup made`, async (place, mirror) => {
		const held = whatSnapshotsHold(mirror);
		damage(mirror);
		const commit = place.web.commit('main', {'new.md': 'new'});
		const result = await place.run();
		assert.equal(result.of('web').status, 'backed-up', result.of('web').problems.join('\n'));
		assert.match(result.of('web').problems.join('\n'), /^the backup on disk was damaged, and was repaired: /);
		assert.equal(main(mirror), commit);
		const now = whatSnapshotsHold(mirror);
		for (const [ref, list] of held) {
			assert.equal(now.get(ref), list);
		}
	});
}

forkTest('a newest snapshot that cannot be read keeps no run from making the next', async (place, mirror) => {
	unpackAll(mirror);
	const hurt = newest(mirror);
	const settings = runGitIn(mirror, ['rev-parse', `${hurt}:settings`]);
	rmSync(join(mirror, looseFile(settings)));
	const result = await place.run();
	assert.equal(result.of('web').status, 'partial');
	assert.match(
		result.of('web').problems.join('\n'),
		/^the backup on disk is damaged: settings is missing in the snapshots/,
	);
	assert.ok(has(mirror, settings), 'it was read again');
	assert.equal((await place.run()).of('web').status, 'unchanged');
	assert.equal((await place.verify(mirror)).state, 'whole');
});

forkTest('refs that are gone come back, and no snapshot is forgotten', async (place, mirror) => {
	const held = whatSnapshotsHold(mirror);
	const before = refsIn(mirror);
	rmSync(join(mirror, 'packed-refs'));
	const result = await place.run();
	assert.equal(result.of('web').status, 'unchanged');
	assert.match(result.of('web').problems.join('\n'), /was repaired: no snapshot is left in the mirror/);
	assert.deepEqual(whatSnapshotsHold(mirror), held);
	const after = refsIn(mirror);
	for (const [name, id] of before) {
		assert.equal(after.get(name), id, name);
	}
});

forkTest(
	'a repository that was emptied while a run was interrupted is backed up as it is',
	async (place, mirror) => {
		for (const name of refsIn(mirror, 'refs/mirror').keys()) {
			const id = refsIn(mirror).get(name) ?? '';
			runGitIn(mirror, ['update-ref', `refs/brigade/kept/${id}`, id]);
			runGitIn(mirror, ['update-ref', '-d', name]);
		}

		for (const name of place.web.refs().keys()) {
			place.web.git('update-ref', '-d', name);
		}

		const result = await place.run();
		assert.equal(result.of('web').status, 'backed-up', result.of('web').problems.join('\n'));
		assert.equal(runGitIn(mirror, ['cat-file', 'blob', `${newest(mirror)}:refs`]).includes('refs/'), false);
	},
);

forkTest('a server that is to blame itself is not taken for damage', async (place, mirror) => {
	place.web.commit('main', {'new.md': 'new'});
	for (const name of filesIn(place.web.folder, 'objects').filter(file => file.endsWith('.pack'))) {
		rmSync(join(place.web.folder, name));
	}

	const id = place.web.refs().get('refs/heads/main') ?? '';
	rmSync(join(place.web.folder, looseFile(runGitIn(place.web.folder, ['rev-parse', `${id}^{tree}`]))));
	const before = readFileSync(join(mirror, 'packed-refs'));
	const result = await place.run();
	assert.equal(result.of('web').status, 'failed');
	assert.doesNotMatch(result.of('web').problems.join('\n'), /on disk/);
	assert.deepEqual(readFileSync(join(mirror, 'packed-refs')), before);
});
