import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {PlanSchema} from '../../source/model/plan.ts';
import {fakeFailure, notFound} from './fake-pool.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';

const web = '/repositories/acme/web';
let workspace: SmallWorkspace;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
	workspace.web.commit('main', {'readme.md': 'web'});
});
afterEach(async () => {
	await workspace.close();
});

const json = (path: string): unknown => {
	const text = workspace.file('web', path);
	return text === undefined ? undefined : JSON.parse(text);
};

/** Paths that were asked for below the repository's, without queries. */
const below = (asked: readonly string[]): string[] =>
	asked
		.map(path => path.replace(/\?.*/, ''))
		.filter(path => path.startsWith(`${web}/`))
		.map(path => path.slice(web.length));

type FakePullRequest = {id: number; comment_count?: number; task_count?: number; [field: string]: unknown};

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
		workspace.answers.set(`${web}/pullrequests/${id}/patch`, Buffer.from(`patch of ${id}`));
	}
}

describe('pull requests', () => {
	test('cost no request for what they have none of', async () => {
		const hash = workspace.web.refs().get('refs/heads/main');
		const source = {commit: {hash: hash?.slice(0, 12)}};
		givePullRequests(
			{id: 1, comment_count: 0, task_count: 0, source},
			{id: 2, comment_count: 3, task_count: 0, source},
			{id: 3, source},
		);
		const {pool, outcome} = await workspace.run(['git', 'pull-requests']);
		assert.equal(outcome.status, 'succeeded');
		assert.deepEqual(below(pool.asked).sort(), [
			'/pullrequests',
			'/pullrequests/2/comments',
			'/pullrequests/3/comments',
			'/pullrequests/3/tasks',
			'/pullrequests/activity',
		]);
		assert.deepEqual(json('pull-requests/1/comments.json'), []);
		assert.deepEqual(json('pull-requests/2/comments.json'), [{id: 20}]);
		assert.deepEqual(json('pull-requests/3/tasks.json'), [{id: 300}]);
		assert.deepEqual(json('pull-requests/3/activity.json'), [{pull_request: {id: 3}, update: {}}]);
		assert.match(
			pool.asked.find(path => path.includes('pullrequests?')) ?? '',
			/\?fields=%2Bvalues\.participants,%2Bvalues\.reviewers&pagelen=50&state=OPEN&/,
		);
	});

	test('whose commit is on no branch have their patch', async () => {
		givePullRequests(
			{id: 1, source: {commit: {hash: 'deadbeefdead'}}},
			{id: 2, source: {commit: null}},
			{id: 3, source: {commit: {hash: workspace.web.refs().get('refs/heads/main')}}},
		);
		await workspace.run(['git', 'pull-requests']);
		assert.equal(workspace.file('web', 'pull-requests/1/patch'), 'patch of 1');
		assert.equal(workspace.file('web', 'pull-requests/2/patch'), 'patch of 2');
		assert.equal(workspace.file('web', 'pull-requests/3/patch'), undefined);
	});

	test('that are as they were are taken over; one that changed is read alone', async () => {
		const many = Array.from({length: 13}, (_, index) => ({id: index + 1, comment_count: 1, task_count: 0}));
		givePullRequests(...many);
		await workspace.run(['pull-requests']);
		givePullRequests(...many.map(one => (one.id === 7 ? {...one, comment_count: 2} : one)));
		workspace.answers.set(`${web}/pullrequests/7/activity`, [{pull_request: {id: 7}, approval: {}}]);
		const {pool, of} = await workspace.run(['pull-requests']);
		assert.deepEqual(below(pool.asked), [
			'/pullrequests',
			'/pullrequests/7/comments',
			'/pullrequests/7/activity',
		]);
		assert.equal(of('web').status, 'backed-up');
		assert.deepEqual(json('pull-requests/7/activity.json'), [{pull_request: {id: 7}, approval: {}}]);
		assert.deepEqual(json('pull-requests/8/comments.json'), [{id: 80}]);
	});

	test('of which a part cannot be read: partial, all else saved, and read again the next time', async () => {
		givePullRequests({id: 1, comment_count: 1}, {id: 2, comment_count: 1});
		workspace.answers.set(`${web}/pullrequests/2/comments`, fakeFailure('server', 502));
		const first = await workspace.run(['git', 'pull-requests']);
		assert.equal(first.of('web').status, 'partial');
		assert.deepEqual(first.of('web').problems, [
			'comments of pull requests could not be read: Bitbucket said 502',
		]);
		assert.deepEqual(json('pull-requests/1/comments.json'), [{id: 10}]);
		assert.equal(json('pull-requests/2/comments.json'), undefined);
		assert.equal(
			(json('snapshot.json') as {incomplete: [{path: string}]}).incomplete[0].path,
			'pull-requests/2/comments.json',
		);

		const again = await workspace.run(['git', 'pull-requests']);
		assert.equal(again.of('web').status, 'partial');
		assert.equal(workspace.snapshots('web').length, 1);

		givePullRequests({id: 1, comment_count: 1}, {id: 2, comment_count: 1});
		const third = await workspace.run(['git', 'pull-requests']);
		assert.equal(third.of('web').status, 'backed-up');
		assert.ok(!below(third.pool.asked).includes('/pullrequests/1/comments'));
		assert.deepEqual(json('pull-requests/2/comments.json'), [{id: 20}]);
	});

	test('that cannot be listed at all stay as the last snapshot has them', async () => {
		givePullRequests({id: 1});
		await workspace.run(['git', 'pull-requests']);
		workspace.answers.set(
			`${web}/pullrequests`,
			fakeFailure('forbidden', 403, ['read:pullrequest:bitbucket']),
		);
		const {of} = await workspace.run(['git', 'pull-requests']);
		assert.equal(of('web').status, 'partial');
		assert.deepEqual(of('web').problems, [
			'pull requests could not be read: no account in use has the scope read:pullrequest:bitbucket',
		]);
		assert.deepEqual(json('pull-requests/1/comments.json'), [{id: 10}]);
	});

	test('are kept by a plan that does not choose them', async () => {
		givePullRequests({id: 1});
		await workspace.run(['git', 'pull-requests']);
		workspace.web.commit('main', {'readme.md': 'web 2'});
		const {of} = await workspace.run(['git']);
		assert.equal(of('web').status, 'backed-up');
		assert.deepEqual(json('pull-requests/1/comments.json'), [{id: 10}]);
		assert.equal((json('snapshot.json') as {counts: {pullRequests: number}}).counts.pullRequests, 1);
	});

	test('have the statuses of their builds where these are chosen, anew while they are open', async () => {
		givePullRequests({id: 1, state: 'MERGED'}, {id: 2, state: 'OPEN'});
		workspace.answers.set(`${web}/pullrequests/1/statuses`, [{state: 'SUCCESSFUL'}]);
		workspace.answers.set(`${web}/pullrequests/2/statuses`, [{state: 'INPROGRESS'}]);
		await workspace.run(['pull-requests', 'statuses']);
		workspace.answers.set(`${web}/pullrequests/2/statuses`, [{state: 'FAILED'}]);
		const {pool} = await workspace.run(['pull-requests', 'statuses']);
		assert.deepEqual(json('pull-requests/2/statuses.json'), [{state: 'FAILED'}]);
		assert.ok(!below(pool.asked).includes('/pullrequests/1/statuses'));
	});
});

describe('settings', () => {
	const day = 86_400_000;
	beforeEach(() => {
		workspace.answers.set(`${web}/hooks`, [{uuid: '{h}', url: 'https://example.com'}]);
		workspace.answers.set(`${web}/environments`, [{uuid: '{e1}'}, {uuid: '{e2}'}]);
		workspace.answers.set(`${web}/deployments_config/environments/%7Be1%7D/variables`, [{key: 'A'}]);
		workspace.answers.set(`${web}/deployments_config/environments/%7Be2%7D/variables`, []);
		workspace.answers.set(`${web}/pipelines_config`, {enabled: true});
	});

	test('are read at first; what Bitbucket does not have is no problem', async () => {
		workspace.answers.set(`${web}/branching-model`, fakeFailure('gone', 410));
		const {outcome} = await workspace.run(['settings']);
		assert.equal(outcome.status, 'succeeded');
		assert.deepEqual(json('settings/hooks.json'), [{uuid: '{h}', url: 'https://example.com'}]);
		assert.deepEqual(json('settings/deployment-variables.json'), {'{e1}': [{key: 'A'}], '{e2}': []});
		assert.deepEqual(json('settings/pipelines-config.json'), {enabled: true});
		assert.equal(json('settings/branching-model.json'), undefined);
		assert.equal(json('settings/deploy-keys.json'), undefined);
	});

	test('are read again when it is their turn, within a week, and not before', async () => {
		await workspace.run(['settings']);
		workspace.answers.set(`${web}/hooks`, []);
		let days = 0;
		for (; days < 8; days += 1) {
			workspace.clock.jump(day - 60_000);
			const {pool, of} = await workspace.run(['settings']);
			if (below(pool.asked).length > 0) {
				assert.equal(of('web').status, 'backed-up');
				break;
			}

			assert.equal(of('web').status, 'unchanged');
		}

		assert.ok(days < 7);
		assert.deepEqual(json('settings/hooks.json'), []);
		const next = await workspace.run(['settings']);
		assert.deepEqual(below(next.pool.asked), []);
	});

	test('are read as often as the plan says', async () => {
		const plan = PlanSchema.parse({
			name: 'nightly',
			organization: 'acme',
			data: ['settings'],
			cycles: {settings: '2h'},
		});
		await workspace.run(['settings'], {plan});
		workspace.answers.set(`${web}/hooks`, []);
		const {pool} = await workspace.run(['settings'], {plan});
		assert.deepEqual(below(pool.asked), []);
		workspace.clock.jump(2 * 3_600_000);
		await workspace.run(['settings'], {plan});
		assert.deepEqual(json('settings/hooks.json'), []);
	});

	test('that may not be read are named, keep what was there, and are tried again each time', async () => {
		await workspace.run(['settings']);
		workspace.clock.jump(8 * day);
		workspace.answers.set(`${web}/hooks`, fakeFailure('forbidden', 403, ['read:webhook:bitbucket']));
		workspace.answers.set(`${web}/environments`, fakeFailure('server', 500));
		const refused = await workspace.run(['settings']);
		assert.deepEqual(refused.of('web').problems, [
			'webhooks could not be read: no account in use has the scope read:webhook:bitbucket',
			'deployment environments could not be read: Bitbucket said 500',
		]);
		assert.equal(refused.outcome.status, 'partial');
		assert.deepEqual(json('settings/hooks.json'), [{uuid: '{h}', url: 'https://example.com'}]);
		assert.deepEqual(json('settings/deployment-variables.json'), {'{e1}': [{key: 'A'}], '{e2}': []});

		workspace.answers.set(`${web}/hooks`, []);
		workspace.answers.set(`${web}/environments`, []);
		const allowed = await workspace.run(['settings']);
		assert.deepEqual(below(allowed.pool.asked), ['/hooks', '/environments']);
		assert.equal(allowed.of('web').status, 'backed-up');
		assert.deepEqual(json('settings/hooks.json'), []);
		assert.deepEqual(json('settings/deployment-variables.json'), {});
	});

	test('of which Bitbucket gives no pages so long are read in shorter ones', async () => {
		workspace.answers.set(`${web}/hooks`, (path: string) =>
			path.includes('pagelen') ? fakeFailure('bad-request', 400) : [{uuid: '{short}'}],
		);
		assert.equal((await workspace.run(['settings'])).outcome.status, 'succeeded');
		assert.deepEqual(json('settings/hooks.json'), [{uuid: '{short}'}]);
	});
});

describe('the exact bytes of what Bitbucket answers', () => {
	/** An answer of one page, byte for byte. */
	const page = (...elements: readonly string[]): Buffer =>
		Buffer.from(`{ "size": ${elements.length}, "values": [ ${elements.join(' , ')} ] }`);
	const pullRequest =
		'{"id":1, "comment_count": 1, "task_count":0, "big":12345678901234567890, "e":"\\u00e9"}';
	const hook = '{"uuid":"{h}", "x":1.0, "x":2}';
	const files = ['pull-requests/1/pull-request.json', 'pull-requests/1/comments.json', 'settings/hooks.json'];
	const kinds = ['git', 'pull-requests', 'settings', 'downloads'] as const;

	beforeEach(() => {
		workspace.answers.set('/repositories/acme', page(`{"uuid":"${uuidOf(1)}","slug":"web", "size":1.50}`));
		workspace.answers.set(`${web}/pullrequests`, page(pullRequest));
		workspace.answers.set(`${web}/pullrequests/1/comments`, page('{"id":10,"n":1e2}', '{"id":11}'));
		workspace.answers.set(`${web}/pullrequests/1/activity`, page('{"pull_request":{"id":1},"v":0.10}'));
		workspace.answers.set(`${web}/hooks`, page(hook));
		workspace.answers.set(`${web}/branching-model`, Buffer.from('{"b":1,\n "a":1.0}'));
		workspace.answers.set(`${web}/downloads`, page('{"name":"a.zip","size":5, "z":1.0}'));
		workspace.answers.set(`${web}/downloads/a.zip`, Buffer.from('hello'));
	});

	/** `runGitIn` takes line breaks off the end. */
	const file = (path: string): string => `${workspace.file('web', path)}\n`;

	test('are what the snapshot holds', async () => {
		assert.equal((await workspace.run(kinds)).outcome.status, 'succeeded');
		assert.equal(file('repository.json'), `{"uuid":"${uuidOf(1)}","slug":"web", "size":1.50}\n`);
		assert.equal(file('pull-requests/1/pull-request.json'), `${pullRequest}\n`);
		assert.equal(file('pull-requests/1/comments.json'), '[\n{"id":10,"n":1e2},\n{"id":11}\n]\n');
		assert.equal(file('pull-requests/1/activity.json'), '[\n{"pull_request":{"id":1},"v":0.10}\n]\n');
		assert.equal(file('settings/hooks.json'), `[\n${hook}\n]\n`);
		assert.equal(workspace.file('web', 'settings/branching-model.json'), '{"b":1,\n "a":1.0}');
		assert.match(
			file('downloads.json'),
			/^\[\n\{"download": \{"name":"a\.zip","size":5, "z":1\.0\}, "sha256": "2cf2/,
		);
	});

	test('stay as they were where a server only shuffles keys: no new snapshot, no request', async () => {
		await workspace.run(kinds);
		const before = files.map(file);
		workspace.clock.jump(40 * 86_400_000);
		const shuffled = '{"task_count":0,"e":"é","big":12345678901234567890,"id":1,"comment_count":1}';
		workspace.answers.set(`${web}/pullrequests`, page(shuffled));
		workspace.answers.set(`${web}/pullrequests/1/comments`, page('{"n":1e2,"id":10}', '{"id":11}'));
		workspace.answers.set(`${web}/hooks`, page('{"x":1.0,"x":2,"uuid":"{h}"}'));
		workspace.answers.set(`${web}/branching-model`, Buffer.from('{"a":1.0,"b":1}'));
		const {of, pool} = await workspace.run(kinds);
		assert.ok(below(pool.asked).includes('/hooks'), 'its turn');
		assert.ok(!below(pool.asked).includes('/pullrequests/1/comments'));
		assert.equal(of('web').status, 'unchanged');
		assert.deepEqual(files.map(file), before);

		workspace.answers.set(`${web}/pullrequests`, page(shuffled.replace('"id":1,', '"id":1,"title":"t",')));
		const changed = await workspace.run(kinds);
		assert.equal(changed.of('web').status, 'backed-up');
		assert.match(file('pull-requests/1/pull-request.json'), /"title":"t"/);
		assert.equal(
			file('pull-requests/1/comments.json'),
			before[1],
			'read again, and the same but for its bytes',
		);
	});

	test('make a difference where a number is written otherwise', async () => {
		await workspace.run(kinds);
		workspace.answers.set(`${web}/pullrequests`, page(pullRequest.replace('890,', '891,')));
		assert.equal((await workspace.run(kinds)).of('web').status, 'backed-up');
		assert.match(file('pull-requests/1/pull-request.json'), /12345678901234567891/);
	});
});

describe('downloads', () => {
	const file = (name: string, contents: string, size = contents.length): object => {
		workspace.answers.set(`${web}/downloads/${name}`, Buffer.from(contents));
		return {name, size, created_on: '2026-11-01T00:00:00Z'};
	};

	test('are fetched once, and lie under the hash of their contents', async () => {
		workspace.answers.set(`${web}/downloads`, [file('a.zip', 'hello\n'), file('b.zip', 'hello\n')]);
		const first = await workspace.run(['downloads']);
		assert.equal(first.outcome.status, 'succeeded');
		const hash = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
		assert.deepEqual(
			(json('downloads.json') as Array<{sha256: string}>).map(({sha256}) => sha256),
			[hash, hash],
		);
		assert.deepEqual(readdirSync(join(workspace.mirror('web'), 'downloads', '58', '91')), [hash]);
		assert.deepEqual(readdirSync(join(workspace.mirror('web'), 'downloads', 'tmp')), []);

		workspace.clock.jump(8 * 86_400_000);
		workspace.answers.set(`${web}/downloads`, [file('a.zip', 'hello\n'), file('c.zip', 'new')]);
		const second = await workspace.run(['downloads']);
		assert.deepEqual(below(second.pool.asked), ['/downloads', '/downloads/c.zip']);
	});

	test('of which not all came: partial, and fetched again the next time', async () => {
		workspace.answers.set(`${web}/downloads`, [file('a.zip', 'hel', 6), file('b.zip', 'hello\n')]);
		const {of} = await workspace.run(['downloads']);
		assert.equal(of('web').status, 'partial');
		assert.match(of('web').problems[0] ?? '', /the download a\.zip could not be read: 3 bytes came/);
		workspace.answers.set(`${web}/downloads`, [file('a.zip', 'hello\n'), file('b.zip', 'hello\n')]);
		const second = await workspace.run(['downloads']);
		assert.equal(second.of('web').status, 'backed-up');
		assert.deepEqual(below(second.pool.asked), ['/downloads', '/downloads/a.zip']);
	});
});

test('pipelines: history, steps and logs, also of those that Bitbucket threw away since', async () => {
	const give = (...numbers: readonly number[]): void => {
		workspace.answers.set(
			`${web}/pipelines`,
			numbers.map(number => ({uuid: `{p${number}}`, build_number: number})),
		);
	};

	for (const number of [1, 2, 3]) {
		const steps = `${web}/pipelines/%7Bp${number}%7D/steps`;
		workspace.answers.set(steps, [{uuid: '{s1}'}, {uuid: '{s2}'}]);
		workspace.answers.set(`${steps}/%7Bs1%7D/log`, Buffer.from(`log of ${number}`));
	}

	give(2, 1);
	assert.equal((await workspace.run(['pipelines'])).outcome.status, 'succeeded');
	give(3, 2);
	const {pool, outcome} = await workspace.run(['pipelines']);
	assert.equal(outcome.status, 'succeeded');
	assert.ok(!below(pool.asked).some(path => path.startsWith('/pipelines/%7Bp2%7D')));
	assert.equal(workspace.file('web', 'pipelines/1/logs/1.log'), 'log of 1');
	assert.equal(workspace.file('web', 'pipelines/3/logs/1.log'), 'log of 3');
	assert.deepEqual(json('pipelines/3/steps.json'), [{uuid: '{s1}'}, {uuid: '{s2}'}]);
});

describe('the workspace', () => {
	test('has its data in a mirror of its own; projects are read when they changed', async () => {
		workspace.answers.set('/workspaces/acme', {slug: 'acme'});
		workspace.answers.set('/workspaces/acme/members', [{user: {uuid: '{1}'}}]);
		workspace.answers.set('/workspaces/acme/projects', [{key: 'WEB', name: 'Web'}, {key: '../evil'}]);
		workspace.answers.set('/workspaces/acme/projects/WEB/default-reviewers', [{user: {uuid: '{1}'}}]);
		const first = await workspace.run(['workspace']);
		assert.equal(first.outcome.status, 'succeeded');
		assert.equal(first.outcome.repositories.total, 1);
		assert.equal(workspace.snapshots('workspace').length, 1);
		assert.deepEqual(JSON.parse(workspace.file('workspace', 'projects/WEB/default-reviewers.json') ?? ''), [
			{user: {uuid: '{1}'}},
		]);

		const second = await workspace.run(['workspace']);
		assert.ok(!second.pool.asked.some(path => path.includes('/projects/')));
		assert.equal(workspace.snapshots('workspace').length, 1);

		workspace.answers.set('/workspaces/acme/projects', [{key: 'WEB', name: 'The Web'}]);
		const third = await workspace.run(['workspace']);
		assert.ok(third.pool.asked.some(path => path.includes('/projects/WEB/')));
		assert.equal(workspace.snapshots('workspace').length, 2);
	});

	test('that may not be read makes the run partial, and no repository', async () => {
		workspace.answers.set(
			'/workspaces/acme/members',
			fakeFailure('forbidden', 403, ['read:workspace:bitbucket']),
		);
		const {outcome, of} = await workspace.run(['git', 'workspace']);
		assert.equal(outcome.status, 'partial');
		assert.equal(of('web').status, 'backed-up');
		assert.deepEqual(outcome.problems, [
			'members could not be read: no account in use has the scope read:workspace:bitbucket',
		]);
	});

	test('of which snippets were removed, or are cloned from elsewhere', async () => {
		workspace.answers.set('/snippets/acme', notFound);
		assert.equal((await workspace.run(['snippets'])).outcome.status, 'succeeded');
		workspace.answers.set('/snippets/acme', [
			{id: 'abc', links: {clone: [{name: 'https', href: 'https://evil.example.com/snippets/acme/abc.git'}]}},
		]);
		const {outcome} = await workspace.run(['snippets']);
		assert.equal(outcome.status, 'partial');
		assert.match(outcome.problems[0] ?? '', /no address to be cloned from/);
		assert.equal(JSON.parse(workspace.file('snippet', 'snippet.json') ?? '').id, 'abc');
	});
});
