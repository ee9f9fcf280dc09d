import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import type {DataKind} from '../../source/model/data-kind.ts';
import {fakeFailure, notFound} from './fake-pool.ts';
import {makeSmallWorkspace, type RunResult, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

const web = '/repositories/acme/web';
const draftRef = 'refs/brigade/draft';
const hour = 3_600_000;
let workspace: SmallWorkspace;
let copies = 0;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
	workspace.web.commit('main', {'readme.md': 'web'});
});
afterEach(async () => {
	await workspace.close();
});

/** Paths that were asked for below the repository's, without queries; sorted. */
const asked = ({pool}: RunResult): string[] =>
	pool.asked
		.map(path => path.replace(/\?.*/, ''))
		.filter(path => path.startsWith(`${web}/`))
		.map(path => path.slice(web.length))
		.sort();

type FakePullRequest = {id: number; [field: string]: unknown};

function givePullRequests(...pullRequests: readonly FakePullRequest[]): void {
	workspace.answers.set(`${web}/pullrequests`, pullRequests);
	workspace.answers.set(
		`${web}/pullrequests/activity`,
		pullRequests.map(({id}) => ({pull_request: {id}, update: {}})),
	);
	for (const {id} of pullRequests) {
		workspace.answers.set(`${web}/pullrequests/${id}/comments`, [{id: 10 * id}]);
		workspace.answers.set(`${web}/pullrequests/${id}/tasks`, [{id: 100 * id}]);
		workspace.answers.set(`${web}/pullrequests/${id}/activity`, [{pull_request: {id}, update: {}}]);
		workspace.answers.set(`${web}/pullrequests/${id}/statuses`, [{state: 'SUCCESSFUL'}]);
		workspace.answers.set(`${web}/pullrequests/${id}/patch`, Buffer.from(`patch of ${id}`));
	}
}

/** Runs until a path is asked for, at which the backup ends as if by a fault of our own. */
async function runUntil(path: string, data: readonly DataKind[]): Promise<RunResult> {
	const before = workspace.answers.get(web + path);
	workspace.answers.set(web + path, new Error('out of order'));
	const result = await workspace.run(data);
	assert.equal(result.of('web').status, 'failed');
	if (before === undefined) {
		workspace.answers.delete(web + path);
	} else {
		workspace.answers.set(web + path, before);
	}

	return result;
}

/** Every file of the newest snapshot in a mirror with its id, but the record. */
function snapshotIn(mirror: string): string[] {
	const newest = [...refsIn(mirror, 'refs/brigade/snapshots').values()].at(-1) ?? '';
	return runGitIn(mirror, ['ls-tree', '-r', newest])
		.split('\n')
		.filter(line => !line.endsWith('\tsnapshot.json'));
}

/** Checks that the newest snapshot is what a backup makes of upstream as it is now that knows of nothing before. */
async function assertAsUninterrupted(data: readonly DataKind[]): Promise<void> {
	copies += 1;
	const destination = join(workspace.folder, `fresh-${copies}`);
	const {outcome} = await workspace.run(data, {destination});
	assert.equal(outcome.status, 'succeeded');
	const [fresh = ''] = readdirSync(join(destination, 'acme'));
	assert.deepEqual(snapshotIn(workspace.mirror('web')), snapshotIn(join(destination, 'acme', fresh)));
}

const hasDraft = (): boolean => refsIn(workspace.mirror('web'), draftRef).size > 0;

const assertSound = (): void => {
	assert.equal(hasDraft(), false);
	assert.equal(
		runGitIn(workspace.mirror('web'), ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']),
		'',
	);
};

const kinds = ['git', 'pull-requests'] as const;
const twelve = Array.from({length: 12}, (_, index) => ({id: index + 1, state: 'MERGED', comment_count: 1}));

/** What is asked about one pull request that is read in full. */
const detailsOf = (id: number): string[] =>
	['comments', 'patch', 'tasks'].map(part => `/pullrequests/${id}/${part}`);

describe('pull requests of an interrupted backup', () => {
	test('are not asked for again once they were whole, nor is the list of all activity', async () => {
		givePullRequests(...twelve);
		const first = await runUntil('/pullrequests/9/comments', kinds);
		assert.ok(asked(first).includes('/pullrequests/activity'));
		assert.ok(hasDraft());
		assert.deepEqual(workspace.snapshots('web'), [], 'a draft is no snapshot');
		assert.equal(refsIn(workspace.mirror('web'), 'refs/brigade/kept').size, 0);
		const whole = twelve
			.map(({id}) => id)
			.filter(id => detailsOf(id).every(path => asked(first).includes(path)) && id !== 9);
		assert.ok(whole.length >= 8, String(whole));

		const second = await workspace.run(kinds);
		const rest = twelve.map(({id}) => id).filter(id => !whole.includes(id));
		assert.deepEqual(asked(second), ['/pullrequests', ...rest.flatMap(detailsOf)].sort());
		assert.equal(second.of('web').status, 'backed-up');
		await assertAsUninterrupted(kinds);
		assertSound();

		const third = await workspace.run(kinds);
		assert.equal(third.of('web').status, 'unchanged');
	});

	test('are asked for again when they changed meanwhile, or their commits came to a branch', async () => {
		const hash = workspace.web.commit('topic', {'topic.txt': 'x'});
		workspace.web.git('update-ref', '-d', 'refs/heads/topic');
		const one = twelve.map(each => (each.id === 4 ? {...each, source: {commit: {hash}}} : each));
		givePullRequests(...one);
		const first = await runUntil('/pullrequests/9/comments', kinds);
		assert.deepEqual(
			detailsOf(4).filter(path => !asked(first).includes(path)),
			[],
			'whole, with its patch',
		);

		givePullRequests(...one.map(each => (each.id === 3 ? {...each, comment_count: 2} : each)));
		workspace.answers.set(`${web}/pullrequests/3/comments`, [{id: 31}, {id: 32}]);
		workspace.answers.set(`${web}/pullrequests/3/activity`, [{pull_request: {id: 3}, comment: {}}]);
		workspace.web.git('update-ref', 'refs/heads/topic', hash);
		const second = await workspace.run(kinds);
		const about = (id: number): string[] =>
			asked(second).filter(path => path.startsWith(`/pullrequests/${id}/`));
		assert.deepEqual(about(2), []);
		assert.deepEqual(about(3), [
			'/pullrequests/3/activity',
			'/pullrequests/3/comments',
			'/pullrequests/3/patch',
			'/pullrequests/3/tasks',
		]);
		assert.deepEqual(about(4), ['/pullrequests/4/comments', '/pullrequests/4/tasks']);
		assert.equal(workspace.file('web', 'pull-requests/4/patch'), undefined);
		assert.deepEqual(JSON.parse(workspace.file('web', 'pull-requests/3/comments.json') ?? ''), [
			{id: 31},
			{id: 32},
		]);
		workspace.answers.set(`${web}/pullrequests/activity`, [
			...one.filter(({id}) => id !== 3).map(({id}) => ({pull_request: {id}, update: {}})),
			{pull_request: {id: 3}, comment: {}},
		]);
		await assertAsUninterrupted(kinds);
		assertSound();
	});

	test('are not asked for again where the server only puts their keys in another order', async () => {
		givePullRequests(...twelve);
		const first = await runUntil('/pullrequests/9/comments', kinds);
		givePullRequests(
			...twelve.map(each => Object.fromEntries(Object.entries(each).reverse()) as FakePullRequest),
		);
		const second = await workspace.run(kinds);
		assert.equal(second.of('web').status, 'backed-up');
		assert.ok(asked(first).includes('/pullrequests/1/comments'));
		assert.ok(!asked(second).includes('/pullrequests/1/comments'));
		assert.ok(!asked(second).some(path => path.endsWith('/activity')));
		assert.equal((await workspace.run(kinds)).of('web').status, 'unchanged');
	});

	test('that are gone meanwhile are not in the snapshot', async () => {
		givePullRequests(...twelve);
		await runUntil('/pullrequests/9/comments', kinds);
		givePullRequests(...twelve.slice(1));
		await workspace.run(kinds);
		assert.equal(workspace.file('web', 'pull-requests/1/pull-request.json'), undefined);
		await assertAsUninterrupted(kinds);
	});

	test('of which a part could not be read are read again', async () => {
		givePullRequests(...twelve);
		workspace.answers.set(`${web}/pullrequests/2/tasks`, fakeFailure('server', 502));
		await runUntil('/pullrequests/9/comments', kinds);
		givePullRequests(...twelve);
		const second = await workspace.run(kinds);
		assert.ok(detailsOf(2).every(path => asked(second).includes(path)));
		assert.ok(!asked(second).includes('/pullrequests/1/tasks'));
		await assertAsUninterrupted(kinds);
	});

	for (const {name, first, second} of [
		{name: 'without Git after with it', first: ['git', 'pull-requests'], second: ['pull-requests']},
		{name: 'with Git after without it', first: ['pull-requests'], second: ['git', 'pull-requests']},
		{
			name: 'with statuses after without them',
			first: ['git', 'pull-requests'],
			second: ['git', 'pull-requests', 'statuses'],
		},
		{
			name: 'without statuses after with them',
			first: ['git', 'pull-requests', 'statuses'],
			second: ['git', 'pull-requests'],
		},
	] as const) {
		test(`come as another plan wants them: ${name}`, async () => {
			givePullRequests(...twelve);
			await runUntil('/pullrequests/9/comments', first);
			await workspace.run(second);
			await assertAsUninterrupted(second);
			assertSound();
		});
	}

	test('that are open have their statuses read anew', async () => {
		const data = ['git', 'pull-requests', 'statuses'] as const;
		const open = twelve.map(each => (each.id === 2 ? {...each, state: 'OPEN'} : each));
		givePullRequests(...open);
		await runUntil('/pullrequests/9/comments', data);
		workspace.answers.set(`${web}/pullrequests/2/statuses`, [{state: 'FAILED'}]);
		const second = await workspace.run(data);
		assert.ok(!asked(second).includes('/pullrequests/1/statuses'));
		await assertAsUninterrupted(data);
	});

	test('outlive a plan that does not choose them, and a list that cannot be read', async () => {
		givePullRequests(...twelve);
		await runUntil('/pullrequests/9/comments', kinds);
		assert.equal((await workspace.run(['git'])).of('web').status, 'backed-up');
		assert.ok(hasDraft());
		workspace.answers.set(`${web}/pullrequests`, fakeFailure('server', 503));
		assert.equal((await workspace.run(kinds)).of('web').status, 'partial');
		assert.ok(hasDraft());

		givePullRequests(...twelve);
		const last = await workspace.run(kinds);
		assert.ok(!asked(last).includes('/pullrequests/1/comments'));
		await assertAsUninterrupted(kinds);
		assertSound();
	});

	test('outlive a run that is cancelled', async () => {
		givePullRequests(...twelve);
		await runUntil('/pullrequests/9/comments', kinds);
		const control = new AbortController();
		workspace.answers.set(`${web}/pullrequests`, () => {
			control.abort();
			throw control.signal.reason;
		});
		assert.equal((await workspace.run(kinds, {signal: control.signal})).outcome.status, 'cancelled');
		assert.ok(hasDraft());
		givePullRequests(...twelve);
		assert.ok(!asked(await workspace.run(kinds)).includes('/pullrequests/1/comments'));
	});

	test('are no reason to read more than the last snapshot lacks', async () => {
		givePullRequests(...twelve);
		await workspace.run(kinds);
		const changed = twelve.map(each => (each.id > 10 ? {...each, comment_count: 5} : each));
		givePullRequests(...changed);
		await runUntil('/pullrequests/12/comments', kinds);
		const second = await workspace.run(kinds);
		assert.deepEqual(asked(second), ['/pullrequests', '/pullrequests/12/activity', ...detailsOf(12)]);
		await assertAsUninterrupted(kinds);
		assertSound();
	});
});

describe('settings of an interrupted backup', () => {
	beforeEach(() => {
		workspace.answers.set(`${web}/hooks`, [{uuid: '{h}'}]);
		workspace.answers.set(`${web}/environments`, [{uuid: '{e1}'}]);
		workspace.answers.set(`${web}/deployments_config/environments/%7Be1%7D/variables`, [{key: 'A'}]);
		workspace.answers.set(`${web}/pipelines_config`, {enabled: true});
	});

	for (const {name, pass, isYoung} of [
		{
			name: 'are not asked for again within an hour',
			pass: () => workspace.clock.jump(hour - 120_000),
			isYoung: true,
		},
		{name: 'are read again after an hour', pass: () => workspace.clock.jump(hour), isYoung: false},
		{
			name: 'are read again when they were read in the future',
			pass: () => workspace.clock.setBy(-120_000),
			isYoung: false,
		},
	]) {
		test(name, async () => {
			const first = await runUntil('/deployments_config/environments/%7Be1%7D/variables', ['settings']);
			assert.ok(asked(first).includes('/branching-model'));
			pass();
			workspace.answers.set(`${web}/hooks`, [{uuid: '{h2}'}]);
			const second = await workspace.run(['settings']);
			assert.equal(second.of('web').status, 'backed-up');
			for (const path of ['/hooks', '/environments', '/branching-model']) {
				assert.equal(asked(second).includes(path), !isYoung, path);
			}

			assert.ok(asked(second).includes('/deployments_config/environments/%7Be1%7D/variables'));
			const saved = (path: string): unknown => JSON.parse(workspace.file('web', path) ?? 'null');
			assert.deepEqual(saved('settings/hooks.json'), [{uuid: isYoung ? '{h}' : '{h2}'}]);
			assert.deepEqual(saved('settings/deployment-variables.json'), {'{e1}': [{key: 'A'}]});
			assertSound();
		});
	}

	test('that could not be read are asked for again', async () => {
		workspace.answers.set(`${web}/hooks`, fakeFailure('server', 500));
		await runUntil('/pipelines_config', ['settings']);
		workspace.answers.set(`${web}/hooks`, [{uuid: '{h}'}]);
		const second = await workspace.run(['settings']);
		assert.ok(asked(second).includes('/hooks'));
		assert.ok(!asked(second).includes('/environments'));
		await assertAsUninterrupted(['settings']);
	});
});

test('downloads that are in the store are not fetched again, though no snapshot lists them', async () => {
	const file = (name: string, contents: string): object => {
		workspace.answers.set(`${web}/downloads/${name}`, Buffer.from(contents));
		return {name, size: contents.length, created_on: '2026-11-01T00:00:00Z'};
	};

	workspace.answers.set(
		`${web}/downloads`,
		['a', 'b', 'c', 'd'].map(name => file(`${name}.zip`, `${name}!`)),
	);
	const first = await runUntil('/downloads/d.zip', ['downloads']);
	assert.ok(asked(first).includes('/downloads/a.zip'));
	workspace.answers.set(`${web}/downloads`, [
		...['a', 'c', 'd'].map(name => file(`${name}.zip`, `${name}!`)),
		file('b.zip', 'longer'),
	]);
	const second = await workspace.run(['downloads']);
	assert.deepEqual(asked(second), ['/downloads', '/downloads/b.zip', '/downloads/d.zip']);
	await assertAsUninterrupted(['downloads']);
	assertSound();
});

test('pipelines that were at their end are not asked for again, and do not hide older ones', async () => {
	const numbers = [5, 4, 3, 2, 1];
	const state = (number: number): string => (number === 5 ? 'IN_PROGRESS' : 'COMPLETED');
	workspace.answers.set(
		`${web}/pipelines`,
		numbers.map(number => ({uuid: `{p${number}}`, build_number: number, state: {name: state(number)}})),
	);
	const stepsOf = (number: number): string => `/pipelines/%7Bp${number}%7D/steps`;
	for (const number of numbers) {
		workspace.answers.set(web + stepsOf(number), [{uuid: '{s1}'}]);
		workspace.answers.set(`${web + stepsOf(number)}/%7Bs1%7D/log`, Buffer.from(`log of ${number}`));
	}

	await runUntil(stepsOf(2), ['pipelines']);
	workspace.answers.set(`${web + stepsOf(5)}/%7Bs1%7D/log`, Buffer.from('longer log of 5'));
	const second = await workspace.run(['pipelines']);
	assert.deepEqual(
		asked(second),
		[
			'/deployments',
			'/pipelines',
			...[1, 2, 5].flatMap(number => [stepsOf(number), `${stepsOf(number)}/%7Bs1%7D/log`]),
		].sort(),
	);
	await assertAsUninterrupted(['pipelines']);
	assertSound();
});

describe('what is no draft of this repository', () => {
	const gitIn = (...arguments_: string[]): string => runGitIn(workspace.mirror('web'), arguments_);
	const draftFile = (): string => join(workspace.mirror('web'), draftRef);
	const plant = (text: string): void => {
		mkdirSync(dirname(draftFile()), {recursive: true});
		writeFileSync(draftFile(), text);
	};

	/** Puts a changed record into the one chunk of the draft. */
	const changeRecord = (change: (record: Record<string, unknown>) => void): void => {
		const record = JSON.parse(gitIn('cat-file', 'blob', `${draftRef}:000001/draft.json`));
		change(record);
		const blob = runGitIn(workspace.mirror('web'), ['hash-object', '-w', '--stdin'], JSON.stringify(record));
		const parts = gitIn('rev-parse', `${draftRef}:000001/parts`);
		const chunk = runGitIn(
			workspace.mirror('web'),
			['mktree'],
			`100644 blob ${blob}\tdraft.json\n040000 tree ${parts}\tparts\n`,
		);
		const tree = runGitIn(workspace.mirror('web'), ['mktree'], `040000 tree ${chunk}\t000001\n`);
		gitIn('update-ref', draftRef, gitIn('commit-tree', tree, '-m', 'planted'));
	};

	const main = (): string => gitIn('rev-parse', 'refs/mirror/heads/main');
	const plants: Readonly<Record<string, () => void>> = {
		'a commit of upstream': () => gitIn('update-ref', draftRef, main()),
		'another name of a branch': () => gitIn('symbolic-ref', draftRef, 'refs/mirror/heads/main'),
		'another name of nothing': () => gitIn('symbolic-ref', draftRef, 'refs/heads/nowhere'),
		'another name of the draft': () => {
			gitIn('update-ref', 'refs/mirror/heads/main', gitIn('rev-parse', draftRef));
			gitIn('symbolic-ref', draftRef, 'refs/mirror/heads/main');
		},
		'an object that is not there': () => plant(`${'1'.repeat(40)}\n`),
		'no ref at all': () => plant('rubbish\n'),
		'an empty file': () => plant(''),
		'a folder of refs': () => {
			gitIn('update-ref', '-d', draftRef);
			gitIn('update-ref', `${draftRef}/one`, main());
			gitIn('pack-refs', '--all');
			gitIn('update-ref', `${draftRef}/two`, main());
		},
		'a draft of a later version': () => changeRecord(record => Object.assign(record, {version: 2})),
		'a draft of another repository': () =>
			changeRecord(record => Object.assign(record, {repository: uuidOf(2)})),
		'a draft that lost a file': () => {
			const mirror = workspace.mirror('web');
			const lost = gitIn('rev-parse', `${draftRef}:000001/parts/pull-requests/1/comments.json`);
			unpackWithout(mirror, lost);
		},
	};

	for (const [name, put] of Object.entries(plants)) {
		test(`is ignored and taken away: ${name}`, async () => {
			givePullRequests(...twelve);
			await runUntil('/pullrequests/9/comments', kinds);
			put();
			const second = await workspace.run(kinds);
			assert.equal(second.of('web').status, 'backed-up', second.of('web').problems.join());
			assert.ok(asked(second).includes('/pullrequests/1/comments'), 'nothing of it is believed');
			assert.equal(existsSync(draftFile()), false);
			assert.deepEqual(
				[...refsIn(workspace.mirror('web'), 'refs/mirror')].map(([, id]) => id),
				[...workspace.web.refs().values()],
			);
			await assertAsUninterrupted(kinds);
			assertSound();
		});
	}
});

/** Makes loose objects of all packs of a repository, but for one object, which is lost. */
function unpackWithout(folder: string, lost: string): void {
	const packs = join(folder, 'objects', 'pack');
	const aside = join(folder, 'aside');
	mkdirSync(aside);
	for (const name of readdirSync(packs)) {
		execFileSync('mv', [join(packs, name), aside]);
	}

	for (const name of readdirSync(aside).filter(each => each.endsWith('.pack'))) {
		execFileSync('sh', [
			'-c',
			'git --git-dir "$1" unpack-objects -q < "$2"',
			'sh',
			folder,
			join(aside, name),
		]);
	}

	rmSync(aside, {recursive: true});
	rmSync(join(folder, 'objects', lost.slice(0, 2), lost.slice(2)));
}

test('a fault of the first pull request leaves no draft where nothing was whole', async () => {
	givePullRequests({id: 1});
	workspace.answers.set(`${web}/pullrequests/1/comments`, notFound);
	await runUntil('/pullrequests', kinds);
	assert.equal(hasDraft(), false);
	assert.equal((await workspace.run(kinds)).of('web').status, 'backed-up');
});
