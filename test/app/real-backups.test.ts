import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {createAppServices} from '../../source/app/create-services.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {makeAcme} from '../acme.ts';
import {type SavedHistory, startSavedHistory, webUuid} from '../backup/restore/saved-history.ts';
import {refsIn} from '../backup/upstream-repository.ts';
import {type OpenApp, openApp} from './open-app.ts';
import {keys} from './terminal.ts';

/* The screens on real backups, with the services that the program has. */

type RealApp = OpenApp & {readonly history: SavedHistory; readonly workplace: Workplace};

const pullRequest = {id: 7, title: 'Checkout in one step', state: 'OPEN', author: {display_name: 'Ada'}};

/** What a run of the plan saves beside Git. */
const filesOf = (day: string, saved: unknown): Record<string, unknown> => ({
	'pull-requests/7/pull-request.json': saved,
	'snapshot.json': {
		version: 1,
		run: `${day.replaceAll('-', '')}T020000.000Z-nightly`,
		at: `${day}T02:00:00.000Z`,
		data: ['git', 'pull-requests'],
		counts: {refs: 1, pullRequests: 1, lfsObjects: 0, downloads: 0},
		incomplete: [],
		problems: [],
	},
});

/** A backup of two snapshots, and the app on it. */
async function openReal(context: TestContext, keep: Record<string, number> = {}): Promise<RealApp> {
	const history = await startSavedHistory();
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: join(history.folder, 'home')});
	const {upstream} = history;
	upstream.commit('main', {'a.txt': 'first'});
	await history.save(filesOf('2026-11-02', pullRequest));
	upstream.commit('topic', {'b.txt': 'new'});
	await history.save(filesOf('2026-11-03', {...pullRequest, state: 'MERGED'}));
	await workplace.store.update(contents => ({
		...contents,
		organizations: [makeAcme()],
		plans: [
			PlanSchema.parse({
				name: 'nightly',
				organization: 'acme',
				destination: join(history.folder, 'backups'),
				keep,
			}),
		],
	}));
	workplace.catalog.put({
		workspace: 'acme',
		uuid: webUuid,
		slug: 'web',
		plan: 'nightly',
		lastRunAt: '2026-11-03T02:00:00.000Z',
		snapshot: '20261103T020000.000Z',
	});
	const opened = openApp(context, createAppServices(workplace), {
		columns: 100,
		rows: 30,
		startAt: {screen: 'repository', workspace: 'acme', repository: 'web'},
	});
	// After the one that ends the app: hooks run in their order.
	context.after(async () => {
		workplace.close();
		await history.close();
	});
	await opened.waitFor('Snapshots (2)');
	return {...opened, history, workplace};
}

test('real backups: from a repository over its snapshots to a restored repository', async context => {
	const app = await openReal(context);
	const target = join(app.history.folder, 'restored.git');
	const main = (await app.history.snapshot()).refs?.refs.get('refs/heads/main');
	app.type(`G${keys.enter}`);
	await app.waitFor(/> 2026-11-03 .* branch topic new, pull request #7 updated/);
	await app.waitFor(/2026-11-02 .* the first one/);
	app.type(keys.enter);
	await app.waitFor(/topic +new/);
	await app.waitFor(/#7 +updated +Checkout in one step +OPEN → MERGED/);
	app.type(`${keys.escape}r`);
	await app.waitFor('> Snapshot');
	// The older one instead.
	app.type(keys.right);
	await app.waitFor('( 2026-11-02');
	app.type(`${keys.tab}${keys.tab}${app.history.folder}`);
	await app.waitFor('is not empty');
	app.type('/restored.git');
	await app.waitFor('becomes');
	app.type(keys.save);
	await app.waitFor('Restore?');
	assert.ok(!existsSync(target));
	app.type(keys.right + keys.enter);
	await app.waitFor('✓ Restored web as it was at 20261102T');
	const refs = refsIn(target);
	assert.equal(refs.get('refs/heads/main'), main);
	assert.ok(!refs.has('refs/heads/topic'), 'the older snapshot has no such branch');
	const saved: unknown = JSON.parse(
		readFileSync(join(`${target}-metadata`, 'pull-requests', '7', 'pull-request.json'), 'utf8'),
	);
	assert.equal((saved as {state: string}).state, 'OPEN');
	// Taken now: the same place is refused while it is typed.
	app.type(`${keys.escape}r`);
	await app.waitFor('> Snapshot');
	app.type(`${keys.tab}${keys.tab}${target}`);
	await app.waitFor('is not empty');
	assert.deepEqual(
		readdirSync(app.history.folder).filter(name => name.includes('unfinished')),
		[],
	);
	app.type(keys.escape);
	await app.waitFor('Drop the changes?');
	app.type(keys.right + keys.enter);
	await app.waitFor('2 snapshots');
});

test('real backups: a pull request is read offline, as it was at the snapshot', async context => {
	const app = await openReal(context);
	app.type('s');
	await app.waitFor('2 snapshots');
	await app.waitFor(/> 2026-11-03/);
	app.type(`j${keys.enter}`);
	await app.waitFor('It is the first snapshot');
	app.type('p');
	await app.waitFor(/> #7 +OPEN +Checkout in one step +Ada/);
	app.type(keys.enter);
	await app.waitFor('# #7 Checkout in one step');
	await app.waitFor('- Read from: acme/web, snapshot 20261102T020000.000Z');
});

test('real backups: verified in the app, it is known everywhere; forgotten, the older one is gone', async context => {
	const app = await openReal(context, {last: 1});
	app.type('s');
	await app.waitFor('– never verified');
	app.type('v');
	await app.waitFor('> Verify, and repair');
	app.type(keys.enter);
	await app.waitFor('✓ web: whole, 2 snapshots');
	assert.ok(app.workplace.catalog.get('acme', webUuid)?.verifiedAt);
	app.type(keys.escape);
	await app.waitFor('✓ verified today');
	app.type('f');
	await app.waitFor('1 snapshot stays, 1 would go');
	assert.equal((await app.history.reader()).folder, app.history.mirrorFolder);
	app.type('d');
	await app.waitFor('Forget 1 snapshot?');
	app.type(keys.right + keys.enter);
	await app.waitFor('1 snapshot stays, 1 gone');
	app.type(keys.escape);
	await app.waitFor('1 snapshot');
	await app.waitFor(/> 2026-11-03 .* the first one/);
	assert.deepEqual(
		[...refsIn(app.history.mirrorFolder).keys()].filter(name => name.startsWith('refs/brigade/snapshots/'))
			.length,
		1,
	);
});

test('real backups: a restore that is cancelled has cleared up once the services are settled', async context => {
	const {workplace, history} = await openReal(context);
	const services = createAppServices(workplace);
	const target = join(history.folder, 'cancelled.git');
	const end = new AbortController();
	let stages = 0;
	const restoring = services.restore(
		{
			plan: 'nightly',
			folder: 'web-1a2b3c4d.git',
			snapshot: '20261103T020000.000Z',
			form: 'bare',
			to: target,
			withMetadata: true,
			withLfs: true,
			force: false,
		},
		() => {
			stages += 1;
			end.abort(new Error('The app was left.'));
		},
		end.signal,
	);
	const outcome = assert.rejects(restoring, /The app was left/);
	await services.settled();
	assert.ok(stages > 0, 'it had begun');
	assert.deepEqual(
		readdirSync(history.folder).filter(name => name.startsWith('cancelled')),
		[],
	);
	await outcome;
});
