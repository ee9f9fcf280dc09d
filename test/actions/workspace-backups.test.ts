import assert from 'node:assert/strict';
import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {listSnapshotFiles, readSnapshotFile} from '../../source/actions/snapshot-files.ts';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {findWorkspaceBackups} from '../../source/actions/workspace-backups.ts';
import {processGuard} from '../../source/backup/mirror.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {tryProcessLock} from '../../source/system/process-lock.ts';
import {startSavedHistory} from '../backup/restore/saved-history.ts';

const {signal} = new AbortController();
const of = {workspace: 'acme', signal} as const;

/** A destination with a repository, a snippet and the workspace's own data; the plans that name it. */
async function open(
	context: TestContext,
	title: unknown = 'how we deploy',
): Promise<{readonly backups: string; readonly workplace: Workplace; readonly snapshot: string}> {
	const history = await startSavedHistory();
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: join(history.folder, 'home')});
	context.after(async () => {
		workplace.close();
		await history.close();
	});
	history.upstream.commit('main', {'a.txt': 'first'});
	const {id} = await history.save({
		'snippet.json': {id: 'kMB7x', title},
		'members.json': [{name: 'Ada \u001b[31m'}],
		'pull-requests/1/pull-request.json': {id: 1},
	});
	for (const name of ['snippet-kMB7x.git', 'workspace.git']) {
		cpSync(history.mirrorFolder, join(history.backups, name), {recursive: true});
	}

	await workplace.store.update(contents => ({
		...contents,
		plans: [
			...['nightly', 'weekly'].map(name =>
				PlanSchema.parse({name, organization: 'acme', destination: join(history.folder, 'backups')}),
			),
			PlanSchema.parse({name: 'other', organization: 'other', destination: join(history.folder, 'backups')}),
		],
	}));
	return {backups: history.backups, workplace, snapshot: id};
}

test('workspace backups: the workspace first, then its snippets with their titles; each destination once', async context => {
	const {workplace} = await open(context);
	const found = await findWorkspaceBackups(workplace, of);
	assert.deepEqual(
		found.map(({kind, name, title, plan, snapshots, problem}) => [
			kind,
			name,
			title,
			plan,
			snapshots,
			problem,
		]),
		[
			['workspace', 'acme', undefined, 'nightly', 1, undefined],
			['snippet', 'kMB7x', 'how we deploy', 'nightly', 1, undefined],
		],
	);
	assert.deepEqual(await findWorkspaceBackups(workplace, {...of, workspace: 'other'}), []);
});

test('workspace backups: a title that is none hides nothing, and one backup that cannot be read does not hide another', async context => {
	const {workplace, backups} = await open(context, 42);
	rmSync(join(backups, 'workspace.git', 'HEAD'));
	const found = await findWorkspaceBackups(workplace, of);
	assert.deepEqual(
		found.map(({name, title}) => [name, title]),
		[
			['acme', undefined],
			['kMB7x', undefined],
		],
	);
	assert.notEqual(found[0]?.problem, undefined);
	assert.equal(found[1]?.problem, undefined);
});

test('workspace backups: a destination that cannot be read is an error that names it', async context => {
	const {workplace, backups} = await open(context);
	rmSync(backups, {recursive: true});
	mkdirSync(join(backups, '..'), {recursive: true});
	writeFileSync(backups, '');
	await assert.rejects(findWorkspaceBackups(workplace, of), /backups cannot be read: .*ENOTDIR/);
});

test('files of a snapshot: those around Git with what they are called, but not pull requests; one of them as text', async context => {
	const {workplace, snapshot} = await open(context);
	const place = {plan: 'nightly', repository: 'snippet-kMB7x.git', snapshot, signal};
	const {repository, files} = await listSnapshotFiles(workplace, place);
	assert.equal(repository, 'kMB7x');
	assert.deepEqual(
		files.map(({path}) => path),
		['members.json', 'refs', 'snapshot.json', 'snippet.json'],
	);
	assert.equal(files.at(-1)?.label, 'snippet description');
	assert.match(await readSnapshotFile(workplace, {...place, path: 'refs'}), /^ref: refs\/heads\/main HEAD\n/);
	assert.match(
		await readSnapshotFile(workplace, {...place, path: 'members.json'}),
		/^\[\n {2}\{\n {4}"name": "Ada \\u001b\[31m"\n/,
	);
	for (const path of ['nothing', 'pull-requests/1/pull-request.json', '../refs', '']) {
		await assert.rejects(readSnapshotFile(workplace, {...place, path}), /There is no file/);
	}
});

test('workspace backups: one that a run makes just now is told from one that cannot be read', async context => {
	const {backups, workplace} = await open(context);
	for (const name of ['snippet-kMB7x.git', 'workspace.git']) {
		writeFileSync(join(backups, name, 'config'), '[core]\n\tbare = true\n');
	}

	const lock = tryProcessLock(join(backups, 'snippet-kMB7x.git', processGuard));
	assert.ok(lock !== undefined);
	const found = await findWorkspaceBackups(workplace, of);
	lock.release();
	assert.deepEqual(
		found.map(({kind, isBusy, problem}) => [kind, isBusy, problem === undefined]),
		[
			['workspace', undefined, true],
			['snippet', true, false],
		],
	);
});
