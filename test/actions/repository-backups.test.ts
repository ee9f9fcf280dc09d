import assert from 'node:assert/strict';
import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {findRepositoryBackups} from '../../source/actions/repository-backups.ts';
import {listSnapshotsOf, readChangesTexts} from '../../source/actions/repository-snapshots.ts';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {changeMirrorNote} from '../../source/backup/mirror-note.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {makeAcme} from '../acme.ts';
import {type SavedHistory, startSavedHistory, webUuid} from '../backup/restore/saved-history.ts';

const folder = 'web-1a2b3c4d.git';
const {signal} = new AbortController();
const web = {workspace: 'acme', repository: 'web', signal} as const;

async function open(
	context: TestContext,
	plans: ReadonlyArray<readonly [name: string, destination: string]>,
): Promise<{readonly history: SavedHistory; readonly workplace: Workplace}> {
	const history = await startSavedHistory();
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: join(history.folder, 'home')});
	context.after(async () => {
		workplace.close();
		await history.close();
	});
	history.upstream.commit('main', {'a.txt': 'first'});
	await history.save();
	await workplace.store.update(contents => ({
		...contents,
		organizations: [makeAcme()],
		plans: plans.map(([name, destination]) =>
			PlanSchema.parse({name, organization: 'acme', destination: join(history.folder, destination)}),
		),
	}));
	return {history, workplace};
}

const remember = (workplace: Workplace, plan: string): void => {
	workplace.catalog.put({
		workspace: 'acme',
		uuid: webUuid,
		slug: 'web',
		plan,
		lastRunAt: '2026-11-02T02:00:00.000Z',
	});
};

test('backups of a repository: each destination once, that of the last run first', async context => {
	const {history, workplace} = await open(context, [
		['hourly', 'elsewhere'],
		['nightly', 'backups'],
		['weekly', 'backups'],
	]);
	cpSync(join(history.folder, 'backups'), join(history.folder, 'elsewhere'), {recursive: true});
	remember(workplace, 'weekly');
	const found = await findRepositoryBackups(workplace, web);
	assert.deepEqual(
		found.map(({plan, destination, snapshots, problem}) => [plan, destination, snapshots, problem]),
		[
			['weekly', join(history.folder, 'backups'), 1, undefined],
			['hourly', join(history.folder, 'elsewhere'), 1, undefined],
		],
	);
	assert.ok(found.every(one => one.folder === folder));
});

test('backups of a repository: found without any catalog too, and not where none is', async context => {
	const {workplace} = await open(context, [['nightly', 'backups']]);
	assert.deepEqual(
		(await findRepositoryBackups(workplace, web)).map(one => one.folder),
		[folder],
	);
	assert.deepEqual(await findRepositoryBackups(workplace, {...web, repository: 'api'}), []);
	assert.deepEqual(await findRepositoryBackups(workplace, {...web, workspace: 'other'}), []);
});

test('backups of a repository: how each stands, and why one cannot be read', async context => {
	const {history, workplace} = await open(context, [['nightly', 'backups']]);
	remember(workplace, 'nightly');
	await changeMirrorNote(history.mirrorFolder, webUuid, {
		verifiedAt: '2026-11-01T00:00:00.000Z',
		foundDamagedAt: '2026-11-02T00:00:00.000Z',
		archivedSince: '2026-11-03T00:00:00.000Z',
		frozen: {since: '2026-11-04T00:00:00.000Z', reason: 'most refs are gone'},
	});
	const [sound] = await findRepositoryBackups(workplace, web);
	assert.equal(sound?.isDamaged, true);
	assert.equal(sound?.archivedSince, '2026-11-03T00:00:00.000Z');
	assert.deepEqual(sound?.frozen, {since: '2026-11-04T00:00:00.000Z', reason: 'most refs are gone'});
	rmSync(join(history.mirrorFolder, 'objects'), {recursive: true});
	writeFileSync(join(history.mirrorFolder, 'objects'), 'no folder');
	const [broken] = await findRepositoryBackups(workplace, web);
	assert.equal(broken?.snapshots, undefined);
	assert.ok(broken?.problem);
	assert.equal(broken?.isDamaged, true, 'what its note says is known all the same');
});

test('backups of a repository: a destination that cannot be read is said where there is no other', async context => {
	const {history, workplace} = await open(context, [['nightly', 'no-folder']]);
	mkdirSync(join(history.folder, 'no-folder'));
	writeFileSync(join(history.folder, 'no-folder', 'acme'), 'no folder');
	await assert.rejects(findRepositoryBackups(workplace, web), /no-folder cannot be read: ENOTDIR/);
});

test('snapshots of a repository: called by its folder no other is looked at; pairs that are gone are left out', async context => {
	const {history, workplace} = await open(context, [['nightly', 'backups']]);
	history.upstream.commit('topic', {'b.txt': 'second'});
	const {id} = await history.save();
	// Whoever looked at it would stumble over it.
	mkdirSync(join(history.backups, 'other-99999999.git'));
	const of = {plan: 'nightly', repository: folder, signal} as const;
	const {snapshots, destination} = await listSnapshotsOf(workplace, of);
	assert.equal(destination, join(history.folder, 'backups'));
	assert.deepEqual(
		snapshots.map(one => [one.id, one.before]),
		[
			[id, snapshots[1]?.id],
			[snapshots[1]?.id, undefined],
		],
	);
	const texts = await readChangesTexts(workplace, {
		...of,
		pairs: [
			{before: snapshots[1]?.id ?? '', after: id},
			{before: id, after: '20301101T020000.000Z'},
		],
	});
	assert.deepEqual([...texts], [[id, 'branch topic new']]);
});
