import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {RunReport} from '../../source/runs/events.ts';
import type {RepositoryHandle} from '../../source/sandbox/repository-handle.ts';
import {type Sandbox, type SandboxOptions, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import type {PullRequest} from '../../source/sandbox/world.ts';
import {type MirrorReader, readMirror} from './mirror-reader.ts';
import {logRequests, type RequestLog} from './request-log.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';

const plenty = {requests: 100_000, windowMilliseconds: 3_600_000};
const slug = 'web-frontend';
const folders: string[] = [];
after(() => {
	for (const folder of folders) {
		rmSync(folder, {recursive: true, force: true});
	}
});

type Scene = {
	readonly sandbox: Sandbox;
	readonly handle: RepositoryHandle;
	readonly mirror: () => MirrorReader;
	readonly run: (data?: readonly string[]) => Promise<Extract<RunReport, {type: 'repository-finished'}>>;
	/** Operations below the repository's pull requests that were asked for since the last run, sorted. */
	readonly asked: () => string[];
	/** Makes a full pass due. */
	readonly makeDue: () => void;
	readonly close: () => Promise<void>;
};

async function openScene(options: SandboxOptions): Promise<Scene> {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-passes-'));
	folders.push(folder);
	const sandbox = await startSandbox({repositories: 1, limits: {api: plenty}, ...options});
	const log: RequestLog = logRequests(new URL(sandbox.apiUrl));
	const [credential] = sandbox.credentials;
	assert.ok(credential);
	const {workspace, apiUrl, gitUrl} = sandbox;
	const run: SandboxRun = {folder, workspace, apiUrl, gitUrl, credentials: [credential]};
	const mirror = (): MirrorReader => readMirror(join(destinationOf(run), workspace), slug);
	return {
		sandbox,
		handle: sandbox.repository(slug),
		mirror,
		run: async (data = ['git', 'pull-requests']) => {
			log.clear();
			const reports: RunReport[] = [];
			await runAgainstSandbox({...run, plan: {data}}, report => reports.push(report));
			const finished = reports.find(report => report.type === 'repository-finished');
			assert.ok(finished);
			return finished;
		},
		asked: () =>
			log
				.paths()
				.map(path => path.replace(/\?.*/, ''))
				.flatMap(path => path.split('/pullrequests/')[1] ?? [])
				.sort(),
		makeDue: () => {
			const path = join(mirror().folder, 'bucket-brigade.json');
			const note = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
			writeFileSync(path, JSON.stringify({...note, fullPassAt: '2020-01-01T00:00:00.000Z'}));
		},
		close: async () => {
			log.close();
			await sandbox.close();
		},
	};
}

describe('a repository of many pull requests', () => {
	let scene: Scene;
	let old: PullRequest[];
	before(async () => {
		scene = await openScene({pullRequests: 70});
		await scene.run();
		const {pullRequests} = await scene.handle.contents();
		old = [...pullRequests]
			.sort((left, right) => left.updatedOn.localeCompare(right.updatedOn))
			.filter(({comments, tasks}) => comments.some(({deleted}) => !deleted) && tasks.length > 0)
			.slice(0, 4);
		assert.equal(old.length, 4);
	});
	after(async () => scene.close());

	const commentsOf = (id: number): Array<{id: number; content: {raw: string}}> =>
		scene.mirror().json(`pull-requests/${id}/comments.json`) as Array<{id: number; content: {raw: string}}>;

	test('takes one request when nothing changed', async () => {
		const {status, requests} = await scene.run();
		assert.equal(status, 'unchanged');
		assert.deepEqual(requests, {api: 1, git: 1});
	});

	test('has the one pull request read of which somebody spoke', async () => {
		const [one] = old;
		assert.ok(one);
		const {id} = await scene.handle.addComment(one.id, {raw: 'what about this?'});
		const {status} = await scene.run();
		assert.equal(status, 'backed-up');
		assert.deepEqual(
			scene.asked(),
			['activity', 'comments', 'tasks'].map(part => `${one.id}/${part}`),
		);
		assert.ok(commentsOf(one.id).some(comment => comment.id === id));
		assert.deepEqual((await scene.run()).requests, {api: 1, git: 1});
	});

	test('has everything compared in a full pass: what no date and no number tells of is found', async () => {
		const [, spoken, edited, resolved] = old;
		assert.ok(spoken && edited && resolved);
		const comment = edited.comments.find(({deleted}) => !deleted);
		const task = resolved.tasks[0];
		assert.ok(comment && task);
		task.state = 'UNRESOLVED';
		await scene.handle.addComment(spoken.id, {raw: 'psst', silently: true});
		await scene.handle.editComment(edited.id, comment.id, {raw: 'other words', silently: true});
		await scene.handle.resolveTask(resolved.id, task.id, {silently: true});

		assert.equal((await scene.run()).status, 'unchanged', 'hidden as long as nobody looks');
		scene.makeDue();
		assert.equal((await scene.run()).status, 'backed-up');
		const asked = new Set(scene.asked());
		assert.ok(asked.has(`${spoken.id}/comments`) && asked.has(`${edited.id}/comments`));
		assert.ok(!asked.has(`${resolved.id}/comments`));
		assert.ok(!asked.has(`${resolved.id}/activity`), 'it came with that of all');
		assert.ok(commentsOf(spoken.id).some(({content}) => content.raw === 'psst'));
		assert.ok(commentsOf(edited.id).some(({content}) => content.raw === 'other words'));
		const tasks = scene.mirror().json(`pull-requests/${resolved.id}/tasks.json`) as Array<{
			id: number;
			updated_on: string;
		}>;
		assert.equal(tasks.find(({id}) => id === task.id)?.updated_on, task.updatedOn.replace('Z', '000+00:00'));

		assert.deepEqual((await scene.run()).requests, {api: 1, git: 1}, 'and not again before its turn');
	});

	test('makes up for a full pass that could not be made', async () => {
		const [, , edited] = old;
		const comment = edited?.comments.find(({deleted}) => !deleted);
		assert.ok(edited && comment);
		await scene.handle.editComment(edited.id, comment.id, {raw: 'once more', silently: true});
		scene.makeDue();
		scene.sandbox.control.failNext({match: '/pullrequests/activity', status: 410});
		scene.sandbox.control.failNext({match: '/pullrequests/activity', status: 403});
		assert.equal((await scene.run()).status, 'unchanged', 'a list that is gone can be compared with nothing');
		scene.makeDue();
		const partial = await scene.run();
		assert.equal(partial.status, 'partial');
		assert.match(partial.problems.join(), /the activity of pull requests could not be read/);
		assert.equal((await scene.run()).status, 'backed-up');
		assert.ok(commentsOf(edited.id).some(({content}) => content.raw === 'once more'));
		assert.deepEqual((await scene.run()).requests, {api: 1, git: 1});
	});

	test('has the statuses of open ones read, and all else left alone', async () => {
		const data = ['git', 'pull-requests', 'statuses'];
		await scene.run(data);
		const {pullRequests} = await scene.handle.contents();
		const open = pullRequests.filter(({state}) => state === 'OPEN').map(({id}) => `${id}/statuses`);
		assert.ok(open.length > 0);
		const {status} = await scene.run(data);
		assert.equal(status, 'unchanged');
		assert.deepEqual(scene.asked(), open.sort());
	});
});

test('tasks that are done are saved, also where only open ones are counted', async context => {
	const scene = await openScene({pullRequests: 12, countOpenTasks: true});
	context.after(async () => scene.close());
	const idsOf = (list: unknown): number[] => (list as Array<{id: number}>).map(({id}) => id).sort();
	const {pullRequests} = await scene.handle.contents();
	for (const pullRequest of pullRequests) {
		// All are done in one that is merged, as a rule; another shows what the number counts.
		for (const task of pullRequest.tasks) {
			task.state = pullRequest.state === 'MERGED' ? 'RESOLVED' : task.state;
		}
	}

	const check = (): void => {
		const mirror = scene.mirror();
		for (const {id, tasks} of pullRequests) {
			assert.deepEqual(
				idsOf(mirror.json(`pull-requests/${id}/tasks.json`)),
				tasks.map(task => task.id).sort(),
				String(id),
			);
		}
	};

	assert.ok(
		pullRequests.some(({tasks}) => tasks.length > 0 && tasks.every(({state}) => state === 'RESOLVED')),
	);
	await scene.run();
	check();

	const open = pullRequests.find(({tasks}) => tasks.some(({state}) => state === 'UNRESOLVED'));
	assert.ok(open);
	for (const task of open.tasks) {
		await scene.handle.resolveTask(open.id, task.id);
	}

	await scene.run();
	check();
});
