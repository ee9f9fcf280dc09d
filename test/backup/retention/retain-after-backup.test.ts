import assert from 'node:assert/strict';
import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {changeMirrorNote, readMirrorNote} from '../../../source/backup/mirror-note.ts';
import type {RetentionPolicies} from '../../../source/backup/retention/retain-after-backup.ts';
import type {RunPlanOptions} from '../../../source/backup/runner.ts';
import {snapshotId} from '../../../source/backup/snapshot-id.ts';
import {writeSnapshot} from '../../../source/backup/write-snapshot.ts';
import {type KeepRules, PlanSchema} from '../../../source/model/plan.ts';
import {makeSmallWorkspace, type RunResult, type SmallWorkspace, uuidOf} from '../small-workspace.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {workIn} from './mirror-history.ts';

let workspace: SmallWorkspace;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
	workspace.web.commit('main', {'a.txt': '0'});
});
afterEach(async () => {
	await workspace.close();
});

const run = async (keep: KeepRules, options: Partial<RunPlanOptions> = {}): Promise<RunResult> =>
	workspace.run(['git'], {
		plan: PlanSchema.parse({name: 'nightly', organization: 'acme', data: ['git'], keep}),
		...options,
	});

let text = 0;
const push = (): string => {
	text += 1;
	return workspace.web.commit('main', {'a.txt': `version ${text}`});
};

const stagesOf = ({reports}: RunResult): string[] =>
	reports.flatMap(report => (report.type === 'repository-progress' ? [report.stage] : []));

test('a run of a plan with rules removes old snapshots once the new one is on disk', async () => {
	for (let count = 1; count <= 4; count += 1) {
		push();
		const result = await run({last: 2});
		assert.equal(result.of('web').status, 'backed-up');
		assert.ok(stagesOf(result).includes('retention'));
		assert.equal(workspace.snapshots('web').length, Math.min(count, 2));
		assert.equal(workspace.snapshots('web').at(-1), result.of('web').snapshot);
	}
});

test('one that finds nothing changed and has the same rules leaves retention alone', async () => {
	await run({last: 2});
	push();
	await run({last: 2});
	const again = await run({last: 2});
	assert.equal(again.of('web').status, 'unchanged');
	assert.ok(!stagesOf(again).includes('retention'));
	assert.equal(workspace.snapshots('web').length, 2);

	const stricter = await run({last: 1});
	assert.equal(stricter.of('web').status, 'unchanged');
	assert.equal(workspace.snapshots('web').length, 1);
	assert.ok(!stagesOf(await run({last: 1})).includes('retention'));
});

test('without rules nothing goes, and where another plan of the same place has none', async () => {
	const both: RetentionPolicies = {
		of: () => [
			{plan: 'nightly', rules: {last: 1}},
			{plan: 'archive', rules: {}},
		],
		isKnownPlan: () => true,
	};
	for (const options of [{}, {retention: both}, {}]) {
		push();
		await run(options.retention === undefined ? {} : {last: 1}, options);
	}

	assert.equal(workspace.snapshots('web').length, 3);
});

test('a repository that could not be read keeps all its snapshots', async () => {
	for (const _ of [1, 2]) {
		push();
		await run({});
	}

	workspace.server.intercept = (_, response) => {
		response.writeHead(500).end();
		return true;
	};
	const result = await run({last: 1});
	assert.equal(result.of('web').status, 'failed');
	assert.equal(workspace.snapshots('web').length, 2);
});

test('a mass change is backed up, told, and freezes the repository until a person accepts it', async () => {
	for (const _ of [1, 2]) {
		push();
		await run({last: 2});
	}

	const lost = workspace.web.refs().get('refs/heads/main') ?? '';
	const rewritten = workspace.web.commit('main', {'a.txt': 'ransom'}, {orphan: true});
	const result = await run({last: 2});
	assert.equal(result.of('web').status, 'backed-up');
	assert.equal(result.outcome.status, 'succeeded');
	const problems = result.of('web').problems;
	assert.equal(problems[0], 'the default branch was rewritten upstream; what was there before is kept');
	assert.match(
		problems[1] ?? '',
		/^no snapshot is removed since a mass change upstream, until you accept it: /,
	);
	assert.match(workspace.file('web', 'refs') ?? '', new RegExp(rewritten));
	assert.equal(workspace.snapshots('web').length, 3);

	const later = [];
	for (const change of [push, () => undefined, push]) {
		change();
		later.push(await run({last: 2}));
	}

	assert.deepEqual(
		later.map(({of}) => of('web').status),
		['backed-up', 'unchanged', 'backed-up'],
	);
	for (const {outcome} of later) {
		assert.equal(outcome.problems.filter(problem => problem.includes('--accept-change')).length, 1);
	}

	assert.equal(workspace.snapshots('web').length, 5);
	assert.deepEqual((await run({})).of('web').problems, []);

	await changeMirrorNote(workspace.mirror('web'), uuidOf(1), {frozen: undefined});
	const after = await run({last: 2});
	assert.deepEqual(after.of('web').problems, []);
	assert.equal(workspace.snapshots('web').length, 2);
	assert.equal(refsIn(workspace.mirror('web'), 'refs/brigade/kept').size, 0);
	assert.doesNotThrow(
		() => runGitIn(workspace.mirror('web'), ['cat-file', '-e', lost]),
		'for the time of grace',
	);
});

test('it is frozen before there is a snapshot of the change, so that no kill in between hides it', async () => {
	push();
	await run({last: 2});
	workspace.web.commit('main', {'a.txt': 'ransom'}, {orphan: true});
	const cancel = new AbortController();
	await run(
		{last: 2},
		{
			signal: cancel.signal,
			report: report => {
				if (report.type === 'repository-progress' && report.stage === 'snapshot') {
					cancel.abort();
				}
			},
		},
	);
	assert.equal(workspace.snapshots('web').length, 1);
	assert.ok((await readMirrorNote(workspace.mirror('web')))?.frozen !== undefined);
});

test('a damaged mirror is told, makes the backup partial, and nothing of it goes', async () => {
	const tip = push();
	await run({});
	push();
	await run({});
	const mirror = workspace.mirror('web');
	// As if a disk had lost a snapshot's tip, but not what Git needs for the next run.
	await workIn(mirror, async opened => {
		const parts = new Map([
			[
				'refs',
				{kind: 'new' as const, contents: Buffer.from(`${tip.replace(/^../, 'ff')} refs/heads/main\n`)},
			],
			['snapshot.json', {kind: 'new' as const, contents: Buffer.from('{}')}],
		]);
		await writeSnapshot(opened, snapshotId(0), 'Damaged', parts);
	});
	push();
	const result = await run({last: 1});
	assert.equal(result.of('web').status, 'partial');
	assert.match(result.of('web').problems.join(), /old snapshots could not be removed: the mirror is damaged/);
	assert.equal(workspace.snapshots('web').length, 4);
});

test('the snapshots of the workspace are thinned out too', async () => {
	const plan = PlanSchema.parse({
		...{name: 'nightly', organization: 'acme', include: ['none'], keep: {last: 1}},
		data: ['git', 'workspace'],
	});
	for (const name of ['one', 'two', 'three']) {
		workspace.answers.set('/workspaces/acme', {name});
		await workspace.run(['workspace'], {plan});
	}

	assert.equal(workspace.snapshots('workspace').length, 1);
});

test('packs are put together also where everything is kept', async () => {
	await run({});
	const mirror = workspace.mirror('web');
	await workIn(mirror, async opened => {
		for (let count = 0; count < 30; count += 1) {
			const contents = Buffer.from(`small ${count}`);
			await writeSnapshot(opened, snapshotId(count), 'Small', new Map([['a', {kind: 'new', contents}]]));
		}
	});
	push();
	await run({});
	const packs = readdirSync(join(mirror, 'objects/pack')).filter(name => name.endsWith('.pack'));
	assert.ok(packs.length < 10, `${packs.length} packs`);
	assert.equal(workspace.snapshots('web').length, 32);
	assert.equal(runGitIn(mirror, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']), '');
	rmSync(mirror, {recursive: true});
});
