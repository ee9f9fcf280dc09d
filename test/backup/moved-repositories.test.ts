import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {processGuard} from '../../source/backup/mirror.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {tryProcessLock} from '../../source/system/process-lock.ts';
import {makeSmallWorkspace, type RunResult, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn} from './upstream-repository.ts';

const web = {uuid: uuidOf(1), slug: 'web', full_name: 'acme/web'};
const api = {uuid: uuidOf(2), slug: 'api', full_name: 'acme/api'};
/** Another repository whose uuid begins with the same eight digits as that of `web`. */
const twin = uuidOf(1).replace('1111', '2222');

let workspace: SmallWorkspace;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.web.commit('main', {'readme.md': 'web'});
	workspace.api.commit('main', {'readme.md': 'api'});
	list('acme', [web]);
	await workspace.run(['git']);
});
afterEach(async () => {
	await workspace.close();
});

const list = (name: string, repositories: readonly unknown[]): void => {
	workspace.answers.set(`/repositories/${name}`, repositories);
};

/** Backs up the workspace `other` to the same destination. */
const runOther = async (): Promise<RunResult> =>
	workspace.run(['git'], {
		plan: PlanSchema.parse({name: 'other-nightly', organization: 'other', data: ['git']}),
		organization: OrganizationSchema.parse({
			workspace: 'other',
			apiUrl: `${workspace.server.origin}/2.0`,
			gitUrl: workspace.server.origin,
			primaryCredential: {
				id: '1',
				label: 'primary',
				kind: 'workspace-access-token',
				addedAt: '2026-11-22T00:00:00.000Z',
			},
		}),
	});

const folders = (name: string): string[] => readdirSync(join(workspace.destination, name)).sort();
const snapshotsIn = (...path: string[]): string[] => [
	...refsIn(join(workspace.destination, ...path), 'refs/brigade/snapshots').keys(),
];
const noteIn = (...path: string[]): Record<string, unknown> =>
	JSON.parse(readFileSync(join(workspace.destination, ...path, 'bucket-brigade.json'), 'utf8'));

/** Serves a repository under other names than its folder's. */
function serve(...names: ReadonlyArray<readonly [from: string, to: string]>): void {
	workspace.server.intercept = request => {
		for (const [from, to] of names) {
			request.url = request.url?.replace(`/${from}.git`, `/${to}.git`) ?? '';
		}

		return false;
	};
}

describe('a repository that was transferred to another workspace', () => {
	beforeEach(() => {
		list('acme', []);
		list('other', [{...web, slug: 'front', full_name: 'other/front'}]);
		serve(['other/front', 'acme/web']);
	});

	test('goes on with its history in the folder of that one', async () => {
		const before = snapshotsIn('acme', 'web-00000001.git');
		workspace.web.commit('main', {'readme.md': 'web 2'});
		const {outcome, of} = await runOther();
		assert.equal(outcome.status, 'succeeded');
		assert.equal(of('front').status, 'backed-up');
		assert.match(of('front').problems[0] ?? '', /^it was transferred from the workspace acme/);
		assert.deepEqual(folders('acme'), []);
		assert.deepEqual(folders('other'), ['front-00000001.git']);
		assert.deepEqual(snapshotsIn('other', 'front-00000001.git').slice(0, -1), before);
		assert.equal(workspace.memory.get(`acme${uuidOf(1)}`), undefined);
		const entry = workspace.memory.get(`other${uuidOf(1)}`);
		assert.equal(entry?.slug, 'front');
		assert.ok(entry?.costs?.['nightly'] !== undefined, 'what earlier runs took is known on');

		const again = await runOther();
		assert.deepEqual(again.outcome.problems, []);
		assert.deepEqual((await workspace.run(['git'])).outcome.problems, []);
	});

	test('loses the mark that it got as one that vanished', async () => {
		await workspace.run(['git']);
		assert.ok(noteIn('acme', 'web-00000001.git')['archivedSince'] !== undefined);
		await runOther();
		assert.equal(noteIn('other', 'front-00000001.git')['archivedSince'], undefined);
		assert.equal(workspace.memory.get(`other${uuidOf(1)}`)?.archivedSince, undefined);
		const {outcome} = await workspace.run(['git']);
		assert.deepEqual(outcome.problems, []);
	});

	test('and back again', async () => {
		await runOther();
		list('acme', [web]);
		list('other', []);
		const {of} = await workspace.run(['git']);
		assert.match(of('web').problems[0] ?? '', /from the workspace other/);
		assert.deepEqual(folders('acme'), ['web-00000001.git']);
		assert.deepEqual(folders('other'), []);
	});

	test('is not taken away from a run that works on it: it fails, nothing new is begun, and the next one moves it', async () => {
		const guard = tryProcessLock(join(workspace.destination, 'acme', 'web-00000001.git', processGuard));
		const {outcome, of} = await runOther();
		guard?.release();
		assert.equal(outcome.status, 'failed');
		assert.match(of('front').problems[0] ?? '', /^Another run works on .*acme.web-00000001\.git/);
		assert.deepEqual(folders('other'), []);
		assert.deepEqual(folders('acme'), ['web-00000001.git']);
		assert.equal((await runOther()).outcome.status, 'succeeded');
		assert.deepEqual(folders('other'), ['front-00000001.git']);
		assert.equal(workspace.memory.get(`acme${uuidOf(1)}`), undefined);
	});

	test('is found by its note alone: not by the digits of its name, not through a link', async () => {
		const mirror = join(workspace.destination, 'acme', 'web-00000001.git');
		const {uuid: _, ...rest} = noteIn('acme', 'web-00000001.git');
		writeFileSync(join(mirror, 'bucket-brigade.json'), JSON.stringify({...rest, uuid: twin}));
		await runOther();
		assert.deepEqual(folders('acme'), ['web-00000001.git']);

		rmSync(join(workspace.destination, 'other'), {recursive: true});
		workspace.memory.clear();
		writeFileSync(join(mirror, 'bucket-brigade.json'), JSON.stringify({...rest, uuid: uuidOf(1)}));
		const away = join(workspace.folder, 'away');
		renameSync(join(workspace.destination, 'acme'), away);
		symlinkSync(away, join(workspace.destination, 'acme'));
		mkdirSync(join(workspace.destination, 'third'));
		symlinkSync(join(away, 'web-00000001.git'), join(workspace.destination, 'third', 'web-00000001.git'));
		const {of} = await runOther();
		assert.deepEqual(of('front').problems, []);
		assert.deepEqual(readdirSync(away), ['web-00000001.git']);
	});

	for (const [moment, state] of [
		[
			'before its folder is moved',
			() => {
				const entry = workspace.memory.get(`acme${uuidOf(1)}`);
				assert.ok(entry);
				workspace.memory.delete(`acme${uuidOf(1)}`);
				workspace.memory.set(`other${uuidOf(1)}`, {...entry, workspace: 'other', slug: 'front'});
			},
		],
		[
			'right after',
			() => {
				mkdirSync(join(workspace.destination, 'other'));
				workspace.memory.delete(`acme${uuidOf(1)}`);
				renameSync(
					join(workspace.destination, 'acme', 'web-00000001.git'),
					join(workspace.destination, 'other', 'front-00000001.git'),
				);
			},
		],
	] as const) {
		test(`by a run that is killed ${moment}: the next one goes on with all of its history`, async () => {
			await workspace.run(['git']);
			const before = snapshotsIn('acme', 'web-00000001.git');
			state();
			const {outcome} = await runOther();
			assert.equal(outcome.status, 'succeeded');
			assert.deepEqual(folders('acme'), []);
			assert.deepEqual(snapshotsIn('other', 'front-00000001.git').slice(0, before.length), before);
			assert.equal(noteIn('other', 'front-00000001.git')['archivedSince'], undefined);
		});
	}
});

describe('a repository that was renamed', () => {
	test('is left where it is while another run works on it', async () => {
		list('acme', [{...web, slug: 'front'}, api]);
		serve(['acme/front', 'acme/web']);
		const guard = tryProcessLock(join(workspace.destination, 'acme', 'web-00000001.git', processGuard));
		const {outcome, of} = await workspace.run(['git']);
		guard?.release();
		assert.equal(outcome.status, 'partial');
		assert.match(of('front').problems[0] ?? '', /^Another run works on/);
		assert.equal(of('api').status, 'backed-up');
		assert.deepEqual(folders('acme'), ['api-00000002.git', 'web-00000001.git']);
		await workspace.run(['git']);
		assert.deepEqual(folders('acme'), ['api-00000002.git', 'front-00000001.git']);
	});

	test('keeps its history though its note is lost, also beside one whose uuid begins the same', async () => {
		const before = snapshotsIn('acme', 'web-00000001.git');
		rmSync(join(workspace.destination, 'acme', 'web-00000001.git', 'bucket-brigade.json'));
		list('acme', [
			{uuid: twin, slug: 'api', full_name: 'acme/api'},
			{...web, slug: 'front'},
		]);
		serve(['acme/front', 'acme/web']);
		const {outcome} = await workspace.run(['git']);
		assert.equal(outcome.status, 'succeeded');
		assert.deepEqual(folders('acme'), ['api-00000001.git', 'front-00000001.git']);
		assert.deepEqual(snapshotsIn('acme', 'front-00000001.git').slice(0, 1), before);
		assert.equal(noteIn('acme', 'api-00000001.git')['uuid'], twin);
		assert.equal(snapshotsIn('acme', 'api-00000001.git').length, 1);
	});
});

describe('two repositories', () => {
	test('whose uuids begin with the same eight digits stay apart', async () => {
		list('acme', [web, {uuid: twin, slug: 'api', full_name: 'acme/api'}]);
		const {outcome} = await workspace.run(['git']);
		assert.equal(outcome.status, 'succeeded');
		assert.deepEqual(folders('acme'), ['api-00000001.git', 'web-00000001.git']);
		assert.equal(noteIn('acme', 'web-00000001.git')['uuid'], uuidOf(1));
		assert.equal(noteIn('acme', 'api-00000001.git')['uuid'], twin);
	});

	test('of the same slug, one after the other, have a mirror each', async () => {
		const lost = workspace.web.refs().get('refs/heads/main');
		workspace.web.commit('main', {'readme.md': 'another one'}, {orphan: true});
		list('acme', [{...web, uuid: uuidOf(3)}]);
		const {outcome} = await workspace.run(['git']);
		assert.equal(outcome.status, 'succeeded');
		assert.match(outcome.problems[0] ?? '', /^web is not listed/);
		assert.deepEqual(folders('acme'), ['web-00000001.git', 'web-00000003.git']);
		const old = refsIn(join(workspace.destination, 'acme', 'web-00000001.git'), 'refs/mirror');
		assert.deepEqual([...old.values()], [lost]);
		assert.equal(snapshotsIn('acme', 'web-00000003.git').length, 1);
	});

	test('of the same slug have a mirror each, even where their uuids begin the same', async () => {
		list('acme', [{...web, uuid: twin}]);
		for (const snapshots of [1, 2]) {
			workspace.web.commit('main', {'readme.md': `another ${snapshots}`}, {orphan: true});
			const {outcome} = await workspace.run(['git']);
			assert.equal(outcome.status, 'succeeded', outcome.problems.join());
			assert.deepEqual(folders('acme'), ['web-00000001-2222-4222-8333-444455556666.git', 'web-00000001.git']);
			assert.equal(snapshotsIn('acme', 'web-00000001-2222-4222-8333-444455556666.git').length, snapshots);
			assert.equal(snapshotsIn('acme', 'web-00000001.git').length, 1);
		}

		list('acme', [{...web, uuid: twin, slug: 'front'}]);
		serve(['acme/front', 'acme/web']);
		await workspace.run(['git']);
		assert.deepEqual(folders('acme'), ['front-00000001.git', 'web-00000001.git']);
		assert.equal(snapshotsIn('acme', 'front-00000001.git').length, 3);
	});
});
