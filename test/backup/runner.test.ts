import assert from 'node:assert/strict';
import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {createRedactor} from '../../source/system/redactor.ts';
import {fakeFailure} from './fake-pool.ts';
import {gitUser} from './git-server.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

let workspace: SmallWorkspace;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.web.commit('main', {'readme.md': 'web'});
	workspace.api.commit('main', {'readme.md': 'api'});
});
afterEach(async () => {
	await workspace.close();
});

test('a first run saves everything, a second one finds nothing to do', async () => {
	const first = await workspace.run(['git', 'pull-requests']);
	assert.equal(first.outcome.status, 'succeeded');
	assert.deepEqual(first.outcome.repositories, {total: 2, backedUp: 2, unchanged: 0, partial: 0, failed: 0});
	assert.deepEqual(
		first.reports.filter(({type}) => type !== 'repository-progress').map(({type}) => type),
		[
			'run-started',
			'repositories-listed',
			'repository-started',
			'repository-started',
			'repository-finished',
			'repository-finished',
			'run-finished',
		],
	);
	const listed = first.reports.flatMap(report =>
		report.type === 'repositories-listed' ? report.repositories : [],
	);
	const begun = first.reports.flatMap(report =>
		report.type === 'repository-started' ? [report.repository] : [],
	);
	assert.deepEqual(listed, begun, 'in the order in which they are begun');
	assert.ok(first.of('web').bytes > 0);
	const snapshots = workspace.snapshots('web');
	assert.equal(snapshots.length, 1);
	assert.equal(first.of('web').snapshot, snapshots[0]);

	const second = await workspace.run(['git', 'pull-requests']);
	assert.equal(second.outcome.repositories.unchanged, 2);
	assert.deepEqual(workspace.snapshots('web'), snapshots);
	assert.equal(second.of('web').snapshot, snapshots[0]);
	assert.equal(second.of('web').bytes, 0);
	assert.deepEqual(second.pool.asked.length, 3);
});

test('a snapshot lists every ref under its own name, and plain git reads it', async () => {
	await workspace.run(['git']);
	const refs = [...workspace.web.refs()].map(([name, id]) => `${id} ${name}`).sort();
	assert.equal(workspace.file('web', 'refs'), ['ref: refs/heads/main HEAD', ...refs].join('\n'));
	assert.deepEqual(JSON.parse(workspace.file('web', 'repository.json') ?? '').uuid, uuidOf(1));
	const record = JSON.parse(workspace.file('web', 'snapshot.json') ?? '');
	assert.equal(record.run, '20261122T020000.000Z-nightly');
	assert.deepEqual(record.counts, {refs: 1, pullRequests: 0, lfsObjects: 0, downloads: 0});
	assert.deepEqual(record.incomplete, []);
	assert.equal(runGitIn(workspace.mirror('web'), ['fsck', '--strict']), '');
	const parents = runGitIn(workspace.mirror('web'), ['log', '--format=%P', '--glob=refs/brigade/snapshots']);
	assert.equal(parents, '');
});

test('a snapshot holds what Bitbucket says of the repository in the order in which it was said', async () => {
	const element = {zebra: [1, {b: null}], uuid: uuidOf(1), name: 'Wéb ✨', slug: 'web', a: {y: 1, x: 2}};
	workspace.answers.set('/repositories/acme', [element]);
	await workspace.run(['git']);
	assert.equal(workspace.file('web', 'repository.json'), JSON.stringify(element));
});

test('what changed makes a new snapshot, and only there', async () => {
	await workspace.run(['git', 'pull-requests']);
	const lost = workspace.web.commit('main', {'readme.md': 'web 2'});
	await workspace.run(['git', 'pull-requests']);
	workspace.web.commit('main', {'readme.md': 'web 3'}, {orphan: true});
	const third = await workspace.run(['git', 'pull-requests']);
	assert.equal(third.of('web').status, 'backed-up');
	assert.equal(third.of('api').status, 'unchanged');
	assert.equal(workspace.snapshots('web').length, 3);
	assert.deepEqual([...refsIn(workspace.mirror('web'), 'refs/brigade/kept').values()], [lost]);
});

test('one that fails stops no other, and says why', async () => {
	workspace.server.intercept = (request, response) => {
		if (!request.url?.startsWith('/acme/web.git')) {
			return false;
		}

		response.writeHead(200, {'content-type': 'text/html'}).end('<html>Down for maintenance</html>');
		return true;
	};
	const {outcome, of} = await workspace.run(['git']);
	assert.equal(outcome.status, 'partial');
	assert.deepEqual([outcome.repositories.failed, outcome.repositories.backedUp], [1, 1]);
	assert.equal(of('web').status, 'failed');
	assert.equal(of('web').snapshot, null);
	assert.match(of('web').problems[0] ?? '', /is no list of refs/);
	assert.equal(workspace.memory.get(`acme${uuidOf(1)}`)?.status, 'failed');
	assert.ok(outcome.problems[0]?.startsWith('web: '));
});

test('a run of which nothing could be read has failed', async () => {
	await workspace.server.close();
	const {outcome} = await workspace.run(['git']);
	assert.equal(outcome.status, 'failed');
	assert.equal(outcome.repositories.failed, 2);
});

test('the workspace cannot be listed: one sentence', async () => {
	workspace.answers.delete('/repositories/acme');
	await assert.rejects(
		workspace.run(['git']),
		/^UserError: The workspace "acme" does not exist, or none of the plan/,
	);
	workspace.answers.set('/repositories/acme', fakeFailure('server', 503));
	await assert.rejects(
		workspace.run(['git']),
		/^UserError: The repositories of "acme" could not be listed: .*503/,
	);
});

test('a destination that cannot be written: one sentence, before anything is asked', async () => {
	writeFileSync(workspace.destination, 'a file');
	await assert.rejects(
		workspace.run(['git']),
		/^SaveFailed: The destination .*backups cannot be written: E(EXIST|NOTDIR)/,
	);
});

test('a mirror with something in the way fails, says what, and stops no other', async () => {
	await workspace.run(['git']);
	workspace.web.commit('main', {'readme.md': 'web 2'});
	const pack = join(workspace.mirror('web'), 'objects', 'pack');
	rmSync(pack, {recursive: true});
	writeFileSync(pack, 'in the way');
	const {outcome, of} = await workspace.run(['git']);
	assert.equal(outcome.status, 'partial');
	assert.match(of('web').problems[0] ?? '', /objects\/pack does not belong into a mirror/);
	assert.equal(of('web').status, 'failed');
	assert.equal(of('api').status, 'unchanged');
});

test('a note that cannot be written fails the run, never the source', async () => {
	const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
		code: 'ENOSPC',
		syscall: 'write',
	});
	const {outcome} = await workspace.run(['git'], {
		memory: {
			get: () => undefined,
			list: () => [],
			put: () => {
				throw full;
			},
			remove: () => undefined,
		},
	});
	assert.equal(outcome.status, 'failed');
	assert.match(outcome.problems[0] ?? '', /cannot be written: ENOSPC/);
});

test('a cancelled run ends at once and says so', async () => {
	const controller = new AbortController();
	workspace.server.intercept = () => {
		controller.abort();
		return false;
	};
	const {outcome, reports} = await workspace.run(['git'], {signal: controller.signal});
	assert.equal(outcome.status, 'cancelled');
	assert.equal(outcome.repositories.backedUp, 0);
	assert.equal(reports.at(-1)?.type, 'run-finished');
	workspace.server.intercept = () => false;
	assert.equal((await workspace.run(['git'])).outcome.status, 'succeeded');
});

test('a dry run writes nothing', async () => {
	const {outcome} = await workspace.run(['git'], {dryRun: true});
	assert.equal(outcome.repositories.total, 2);
	assert.equal(existsSync(workspace.destination), false);
});

test('a renamed repository keeps its history: the folder follows the uuid', async () => {
	await workspace.run(['git']);
	const before = workspace.snapshots('web');
	workspace.web.git('update-ref', 'refs/heads/new', 'refs/heads/main');
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'front'}]);
	workspace.server.intercept = request => {
		request.url = request.url?.replace('/acme/front.git', '/acme/web.git') ?? '';
		return false;
	};
	await workspace.run(['git']);
	assert.deepEqual(readdirSync(join(workspace.destination, 'acme')).sort(), [
		'api-00000002.git',
		'front-00000001.git',
	]);
	assert.equal(workspace.snapshots('front').length, 2);
	assert.equal(workspace.snapshots('front')[0], before[0]);
});

test('what a broken run has finished is left out, but not another repository that got its slug', async () => {
	await workspace.run(['git']);
	const brokenRun = {run: '20261122T015900.000Z-nightly', repositories: new Set(['web'])};
	const {reports, outcome} = await workspace.run(['git'], {brokenRun});
	assert.equal(outcome.repositories.total, 1);
	const started = reports[0];
	assert.ok(started?.type === 'run-started');
	assert.deepEqual(started.continues, {run: brokenRun.run, repositories: 1});

	workspace.answers.set('/repositories/acme', [
		{uuid: uuidOf(3), slug: 'web'},
		{uuid: uuidOf(2), slug: 'api'},
	]);
	const {of} = await workspace.run(['git'], {brokenRun});
	assert.equal(of('web').status, 'backed-up');
});

test('hostile names from the listing lead nowhere', async () => {
	workspace.answers.set('/repositories/acme', [
		{uuid: uuidOf(1), slug: '../../../evil'},
		{uuid: '../../evil', slug: 'api'},
	]);
	const {outcome, reports} = await workspace.run(['git']);
	assert.equal(outcome.repositories.failed, 2);
	assert.deepEqual(readdirSync(workspace.folder).sort(), ['backups', 'upstream']);
	assert.ok(
		reports.some(
			report => report.type === 'repository-finished' && /which is none/.test(report.problems[0] ?? ''),
		),
	);
});

test('secrets are taken out of what is said', async () => {
	const redactor = createRedactor();
	redactor.add(gitUser.password);
	workspace.answers.set('/repositories/acme/web/pullrequests', fakeFailure('server', 500));
	workspace.answers.set('/repositories/acme/api/pullrequests', () => {
		throw new Error(`something with ${gitUser.password} in it`);
	});
	const {of} = await workspace.run(['git', 'pull-requests'], {redactor});
	assert.deepEqual(of('api').problems, ['something with [secret] in it']);
});
