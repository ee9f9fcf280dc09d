import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import fc from 'fast-check';
import {changeMirrorNote} from '../../../source/backup/mirror-note.ts';
import type {BeforeStep} from '../../../source/backup/retention/remove-snapshots.ts';
import {type RetentionView, retain} from '../../../source/backup/retention/retain.ts';
import {type KeepRules, keepCounts} from '../../../source/model/plan.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {
	assertWhole,
	copyOf,
	filesIn,
	type HistoryMaker,
	type MirrorHistory,
	type SnapshotContents,
	snapshotsIn,
	startHistoryMaker,
	uuid,
	workIn,
} from './mirror-history.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01T02:00:00Z');
let maker: HistoryMaker;
before(async () => {
	maker = await startHistoryMaker();
});
after(async () => {
	await maker.close();
});

type Change = {readonly kind: string; readonly name: string};
type Run = {
	readonly changes: readonly Change[];
	readonly days: number;
	readonly isGood: boolean;
	/** Whether another home made its snapshot, so that it stays; so what stays is any part of all. */
	readonly isForeign: boolean;
	readonly files: readonly string[];
	readonly proposes: boolean;
};

/** The main branch moves on or is rewritten each time; of the others, and of tags, most stay as they are for a while. */
const mainChange: fc.Arbitrary<Change> = fc.record({
	kind: fc.constantFrom('commit', 'orphan'),
	name: fc.constant('main'),
});
const otherChange: fc.Arbitrary<Change> = fc.oneof(
	fc.record({
		kind: fc.constantFrom('commit', 'orphan', 'delete'),
		name: fc.constantFrom('main', 'a', 'a/b'),
	}),
	fc.record({kind: fc.constantFrom('tag', 'untag'), name: fc.constantFrom('v1', 'v2')}),
);
const changes: fc.Arbitrary<readonly Change[]> = fc
	.tuple(mainChange, fc.array(otherChange, {maxLength: 2}))
	.map(([first, more]) => [first, ...more]);
const runs: fc.Arbitrary<readonly Run[]> = fc.array(
	fc.record({
		changes,
		days: fc.constantFrom(0.01, 1, 20, 200),
		isGood: fc.boolean(),
		isForeign: fc.boolean(),
		files: fc.subarray(['one', 'two', 'three']),
		proposes: fc.boolean(),
	}),
	{minLength: 5, maxLength: 6},
);
const rules: fc.Arbitrary<KeepRules> = fc.oneof(
	fc.constant({last: 1}),
	fc.constant({last: 1}),
	fc.record(
		{
			...Object.fromEntries(keepCounts.map(name => [name, fc.integer({min: 1, max: 2})])),
			within: fc.constantFrom('1d', '1m'),
		},
		{requiredKeys: []},
	),
);

let text = 0;

/** What upstream refuses (a branch `a` beside `a/b`, a tag of nothing) simply does not happen. */
function make({upstream}: MirrorHistory, {kind, name}: Change): void {
	text += 1;
	try {
		if (kind === 'commit' || kind === 'orphan') {
			upstream.commit(name, {'a.txt': String(text)}, {orphan: kind === 'orphan'});
		} else if (kind === 'delete') {
			upstream.git('update-ref', '-d', `refs/heads/${name}`);
		} else if (kind === 'untag') {
			upstream.git('update-ref', '-d', `refs/tags/${name}`);
		} else {
			upstream.git('tag', '--force', '-a', '-m', String(text), name, 'main');
		}
	} catch {}
}

/** @returns the time of the last backup. */
async function live(history: MirrorHistory, lived: readonly Run[]): Promise<number> {
	const pullRequests = new Map<number, string>();
	let at = start;
	for (const {changes, days, isGood, isForeign, files, proposes} of lived) {
		for (const one of changes) {
			make(history, one);
		}

		at += Math.ceil(days * day);
		const proposed = [...history.upstream.refs()].find(([name]) => name.startsWith('refs/heads/a'))?.[1];
		if (proposes && proposed !== undefined) {
			pullRequests.set(pullRequests.size + 1, proposed);
		}

		const plan = isForeign ? 'elsewhere' : 'nightly';
		const contents: SnapshotContents = {isGood, plan, lfs: files, downloads: files, pullRequests};
		await history.backUp(at, contents);
	}

	return at;
}

const thinOut = async (
	folder: string,
	keep: KeepRules,
	now: number,
	before?: BeforeStep,
): Promise<RetentionView> =>
	workIn(folder, async mirror =>
		retain(mirror, {
			policies: [{plan: 'nightly', rules: keep}],
			isKnownPlan: plan => plan === 'nightly',
			now,
			...(before === undefined ? {} : {before}),
		}),
	);

/** Everything of a mirror that a pass is answerable for. */
const stateOf = (folder: string): unknown => ({
	refs: [...refsIn(folder)],
	files: filesIn(folder).filter(path => /^(lfs|downloads|strange)/.test(path)),
});

const calm = {isGood: true, isForeign: false, days: 1, files: [], proposes: false};

/** The first snapshot stays, the second goes, and what it alone listed leads to the tip of the first. */
const tipThatOnlyALaterOneLeadsTo: [readonly Run[], KeepRules, number] = [
	[
		{...calm, changes: [{kind: 'commit', name: 'main'}], isForeign: true},
		{...calm, changes: [{kind: 'commit', name: 'main'}]},
		{...calm, changes: [{kind: 'orphan', name: 'main'}]},
	],
	{last: 1},
	5,
];

/** An annotated tag that upstream lost, and that a snapshot lists which stays, and one which goes. */
const tagThatAnotherOneListsToo: [readonly Run[], KeepRules, number] = [
	[
		{
			...calm,
			changes: [
				{kind: 'commit', name: 'main'},
				{kind: 'tag', name: 'v1'},
			],
			isForeign: true,
		},
		{...calm, changes: [{kind: 'commit', name: 'main'}], files: ['one']},
		{...calm, changes: [{kind: 'untag', name: 'v1'}]},
	],
	{last: 1},
	3,
];

test('whatever happens upstream, whatever the rules, wherever it is killed: every snapshot that is kept stays whole', async () => {
	await fc.assert(
		fc.asyncProperty(runs, rules, fc.nat(), async (lived, keep, kill) => {
			const history = maker.make();
			const now = await live(history, lived);
			const {mirrorFolder} = history;
			await history.inMirror(async () => changeMirrorNote(mirrorFolder, uuid, {frozen: undefined}));
			writeFileSync(join(mirrorFolder, 'strange'), 'mine');
			const untouched = copyOf(mirrorFolder);
			const before = snapshotsIn(mirrorFolder);
			const good = lived.findLastIndex(({isGood}) => isGood);

			let steps = 0;
			const {remove} = await thinOut(mirrorFolder, keep, now, () => {
				steps += 1;
			});
			const left = snapshotsIn(mirrorFolder);
			assert.deepEqual([...left, ...remove].sort(), before);
			assert.equal(left.at(-1), before.at(-1));
			assert.ok(good < 0 || left.includes(before[good] ?? ''));
			assertWhole(mirrorFolder, 'after a pass');
			const state = stateOf(mirrorFolder);

			if (steps > 0) {
				const at = `killed at step ${(kill % steps) + 1} of ${steps}`;
				let count = 0;
				const killed = thinOut(untouched, keep, now, step => {
					count += 1;
					if (count === (kill % steps) + 1) {
						throw new Error(`killed before ${step}`);
					}
				});
				await assert.rejects(killed, /^Error: killed before/);
				assertWhole(untouched, at);
				await thinOut(untouched, keep, now);
				assert.deepEqual(stateOf(untouched), state, at);
			}

			// When its time of grace is over, what goes is really gone.
			await thinOut(mirrorFolder, keep, now + 200 * day);
			await thinOut(mirrorFolder, keep, now + 400 * day);
			assert.deepEqual(stateOf(mirrorFolder), state);
			assertWhole(mirrorFolder, 'in the end');
			assert.equal(
				runGitIn(mirrorFolder, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']),
				'',
			);
		}),
		{numRuns: 9, examples: [tipThatOnlyALaterOneLeadsTo, tagThatAnotherOneListsToo]},
	);
});

test('whatever happens upstream, a frozen repository loses nothing', async () => {
	await fc.assert(
		fc.asyncProperty(runs, rules, async (lived, keep) => {
			const history = maker.make();
			const now = await live(history, [
				{changes: [{kind: 'commit', name: 'main'}], ...calm, files: ['one']},
				{changes: [{kind: 'orphan', name: 'main'}], ...calm},
				...lived,
			]);
			const state = stateOf(history.mirrorFolder);
			for (const later of [0, 200, 400]) {
				const {remove, frozen} = await thinOut(history.mirrorFolder, keep, now + later * day);
				assert.ok(frozen !== undefined);
				assert.deepEqual(remove, []);
			}

			assert.deepEqual(stateOf(history.mirrorFolder), state);
		}),
		{numRuns: 2},
	);
});
