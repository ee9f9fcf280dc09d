import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {ask, credentialOf, type RestClient, restAuthorization, restClient} from './rest-client.ts';

let sandbox: Sandbox;
let client: RestClient;
before(async () => {
	sandbox = await startSandbox();
	client = restClient(sandbox, 'primary');
});
after(async () => sandbox.close());

const home = '/repositories/acme/web-frontend';
const contents = async () => sandbox.repository('web-frontend').contents();

type Page = {
	readonly values: ReadonlyArray<Readonly<Record<string, unknown>>>;
	readonly size?: number;
	readonly next?: string;
};

async function page(path: string): Promise<Page> {
	const {status, text, json} = await client.get(path);
	assert.equal(status, 200, text);
	return json() as unknown as Page;
}

describe('pages', () => {
	test('links lead through each list, each element once, on the same origin', async () => {
		const {pullRequests} = await contents();
		const lists: ReadonlyArray<[string, number, (value: Readonly<Record<string, unknown>>) => unknown]> = [
			['/repositories/acme?pagelen=5', sandbox.world.repositories.length, ({uuid}) => uuid],
			[
				`${home}/pullrequests?state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&pagelen=2`,
				pullRequests.length,
				({id}) => id,
			],
			[
				`${home}/pullrequests/activity?pagelen=7`,
				pullRequests.flatMap(({activity}) => activity).length,
				value => JSON.stringify(value),
			],
			[`${home}/commits?pagelen=30`, await reachable(), ({hash}) => hash],
		];
		for (const [path, count, identity] of lists) {
			const values = await client.all(path);
			assert.equal(values.length, count, path);
			assert.equal(new Set(values.map(identity)).size, count, path);
			const {next = ''} = await page(path);
			assert.ok(next.startsWith(`${sandbox.apiUrl}/repositories/acme`), next);
		}
	});

	test('pull requests come by fifty at most, all else by a hundred', async () => {
		assert.equal((await client.get(`${home}/pullrequests?pagelen=50`)).status, 200);
		const {status, json} = await client.get(`${home}/pullrequests?pagelen=51`);
		assert.equal(status, 400);
		assert.deepEqual(json(), {type: 'error', error: {message: 'Invalid pagelen'}});
		assert.equal((await client.get(`${home}/refs?pagelen=100`)).status, 200);
		assert.equal((await client.get(`${home}/refs?pagelen=101`)).status, 400);
	});

	async function reachable(): Promise<number> {
		const {refs} = await contents();
		const repository = sandbox.world.repositories.find(({slug}) => slug === 'web-frontend');
		assert.ok(repository);
		return (await sandbox.services.git.log(repository, {include: refs.map(({hash}) => hash)})).length;
	}
});

describe('pull requests', () => {
	const states = async (query: string) =>
		new Set((await client.all(`${home}/pullrequests?pagelen=50${query}`)).map(({state}) => state));

	test('are open ones unless states are named, or a query takes over', async () => {
		assert.deepEqual(await states(''), new Set(['OPEN']));
		assert.deepEqual(await states('&state=MERGED&state=DECLINED'), new Set(['MERGED', 'DECLINED']));
		assert.equal((await client.get(`${home}/pullrequests?state=ALL`)).status, 400);
		const all = new Set((await contents()).pullRequests.map(({state}) => state));
		assert.deepEqual(await states('&q=id>0'), all);
		assert.deepEqual(await states('&q=id>0&state=OPEN'), all);
		assert.deepEqual(await states(`&q=${encodeURIComponent('state="DECLINED"')}`), new Set(['DECLINED']));
	});

	test('are found by when they changed, in that order', async () => {
		const {pullRequests} = await contents();
		const times = pullRequests.map(({updatedOn}) => updatedOn).sort();
		const middle = times[Math.floor(times.length / 2)] ?? '';
		const query = encodeURIComponent(`updated_on>${middle.replace('Z', '000+00:00')}`);
		const found = await client.all(`${home}/pullrequests?pagelen=2&sort=updated_on&q=${query}`);
		const later = times.filter(time => time > middle);
		assert.deepEqual(
			found.map(value => String(value['updated_on'])),
			later.map(time => time.replace('Z', '000+00:00')),
		);
	});

	test('list participants and reviewers only when asked to', async () => {
		const plain = await page(`${home}/pullrequests?state=MERGED`);
		assert.equal(
			plain.values.some(value => 'participants' in value || 'reviewers' in value),
			false,
		);
		const fields = 'fields=%2Bvalues.participants,%2Bvalues.reviewers,-values.links';
		const full = await page(`${home}/pullrequests?state=MERGED&${fields}`);
		assert.ok(
			full.values.every(value => 'participants' in value && 'reviewers' in value && !('links' in value)),
		);
		assert.deepEqual(
			Object.keys((await page(`${home}/pullrequests?state=MERGED&fields=values.id,next`)).values[0] ?? {}),
			['id'],
		);
	});

	test('keep deleted comments without their text, and places in files', async () => {
		const comments = (
			await Promise.all(
				(
					await contents()
				).pullRequests.map(({id}) => client.all(`${home}/pullrequests/${id}/comments?pagelen=100`)),
			)
		).flat();
		const deleted = comments.find(comment => comment['deleted'] === true);
		assert.deepEqual(deleted?.['content'], {raw: '', markup: 'markdown', html: ''});
		const inline = comments.find(comment => 'inline' in comment)?.['inline'] as {path: string};
		assert.ok(inline.path);
		assert.ok(comments.some(comment => 'parent' in comment));
	});

	test('lead to their patch by a redirect, also when no branch has its commits', async () => {
		const {pullRequests} = await contents();
		const squashed = pullRequests.find(({mergeStrategy}) => mergeStrategy === 'squash');
		const declined = pullRequests.find(({state}) => state === 'DECLINED');
		for (const pullRequest of [squashed, declined]) {
			assert.ok(pullRequest);
			const redirect = await client.get(`${home}/pullrequests/${pullRequest.id}/patch`);
			assert.equal(redirect.status, 302);
			const location = redirect.headers.get('location') ?? '';
			assert.ok(location.startsWith(`${sandbox.apiUrl}${home}/patch/acme/web-frontend:`), location);
			const patch = await client.get(location);
			assert.equal(patch.status, 200, patch.text);
			assert.match(patch.text, /^From [0-9a-f]{40} /);
			const commits = await client.all(`${home}/pullrequests/${pullRequest.id}/commits`);
			assert.equal(patch.text.match(/^From [0-9a-f]{40} /gm)?.length, commits.length);
		}
	});

	test('name their commits by twelve digits', async () => {
		const [first] = (await contents()).pullRequests;
		const {json} = await client.get(`${home}/pullrequests/${first?.id}`);
		const source = json()['source'] as {commit: {hash: string}};
		assert.equal(source.commit.hash, first?.source.commit.slice(0, 12));
	});
});

describe('pipelines', () => {
	test('come oldest first, whatever is asked, unless the newest shall be first', async () => {
		const numbers = async (query: string) =>
			(await client.all(`${home}/pipelines?pagelen=5${query}`)).map(value => Number(value['build_number']));
		const oldestFirst = await numbers('');
		assert.ok(oldestFirst.length > 1);
		assert.deepEqual(
			oldestFirst,
			oldestFirst.toSorted((one, other) => one - other),
		);
		assert.deepEqual(await numbers('&q=nonsense('), oldestFirst);
		assert.deepEqual(await numbers('&sort=-created_on'), oldestFirst.toReversed());
	});

	test('give logs as bytes only', async () => {
		const {pipelines} = await contents();
		const [pipeline] = pipelines;
		const [step] = pipeline?.steps ?? [];
		const path = `${home}/pipelines/${pipeline?.uuid}/steps/${step?.uuid}/log`;
		assert.equal((await client.get(path, {accept: 'application/json'})).status, 406);
		const {status, text, headers} = await client.get(path, {accept: 'application/octet-stream'});
		assert.deepEqual([status, text], [200, step?.log]);
		assert.equal(headers.get('content-type'), 'application/octet-stream');
	});

	test('tell no secured value', async () => {
		const variables = await client.all(`${home}/pipelines_config/variables`);
		const secured = variables.filter(variable => variable['secured'] === true);
		assert.ok(secured.length > 0);
		assert.ok(secured.every(variable => !('value' in variable)));
	});
});

for (const countOpenTasks of [false, true]) {
	test(`a pull request counts ${countOpenTasks ? 'its open' : 'all its'} tasks`, async context => {
		const own = await startSandbox({repositories: 1, countOpenTasks});
		context.after(async () => own.close());
		const {pullRequests} = await own.repository('web-frontend').contents();
		const {json} = await restClient(own, 'primary').get(
			`${home}/pullrequests?state=MERGED&state=OPEN&pagelen=50`,
		);
		const said = new Map((json() as unknown as Page).values.map(({id, task_count}) => [id, task_count]));
		const merged = pullRequests.find(({state, tasks}) => state === 'MERGED' && tasks.length > 0);
		assert.ok(merged);
		const open = merged.tasks.filter(({state}) => state === 'UNRESOLVED').length;
		assert.equal(said.get(merged.id), countOpenTasks ? open : merged.tasks.length);
	});
}

test('downloads lie on another host, which must not be shown a credential', async () => {
	const [download] = (await contents()).downloads;
	assert.ok(download);
	const redirect = await client.get(`${home}/downloads/${encodeURIComponent(download.name)}`);
	assert.equal(redirect.status, 302);
	const location = redirect.headers.get('location') ?? '';
	assert.notEqual(new URL(location).origin, new URL(sandbox.apiUrl).origin);

	const response = await fetch(location);
	assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.from(download.content));
	assert.deepEqual(sandbox.statistics().leaks, []);

	const {secret, label} = credentialOf(sandbox, 'primary');
	const leaking = await ask(location, {authorization: await restAuthorization(sandbox, label)});
	assert.equal(leaking.status, 400);
	assert.equal(sandbox.statistics().leaks.length, 1);
	assert.doesNotMatch(JSON.stringify(sandbox.statistics()), new RegExp(secret));
});

test('what Bitbucket removed answers 410 in JSON', async () => {
	for (const path of [
		'/repositories',
		'/workspaces',
		'/user/permissions/repositories',
		'/user/permissions/workspaces?q=permission="owner"',
		`${home}/issues`,
		`${home}/issues/1/comments`,
		`${home}/milestones`,
		`${home}/wiki/Home`,
	]) {
		const {status, json} = await client.get(path);
		assert.equal(status, 410, path);
		assert.equal(json()['type'], 'error');
	}
});

test('times have microseconds and an offset, those of commits seconds, those of pipelines a Z', async () => {
	const repository = (await client.get(home)).json();
	assert.match(String(repository['updated_on']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
	const [branch] = (await page(`${home}/refs/branches?pagelen=1`)).values;
	const target = branch?.['target'] as {date: string};
	assert.match(target.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
	const [pipeline] = (await page(`${home}/pipelines?pagelen=1`)).values;
	assert.match(String(pipeline?.['created_on']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('an empty repository has lists without anything in them', async () => {
	const empty = sandbox.world.repositories.find(({mainBranch}) => mainBranch === undefined);
	assert.ok(empty);
	for (const room of ['refs', 'refs/branches', 'commits', 'pullrequests', 'pipelines', 'downloads']) {
		assert.deepEqual((await page(`/repositories/acme/${empty.slug}/${room}`)).values, [], room);
	}

	assert.equal((await client.get(`/repositories/acme/${empty.slug}/src`)).status, 404);
});

test('snippets give their files by way of their newest revision', async () => {
	const [snippet] = sandbox.world.snippets;
	assert.ok(snippet);
	const {json} = await client.get(`/snippets/acme/${snippet.id}`);
	const files = json()['files'] as Record<string, {links: {self: {href: string}}}>;
	const {files: originals, head} = await sandbox.services.snippetContents(snippet);
	for (const {path, content} of originals) {
		const {text} = await client.get(files[path]?.links.self.href ?? '');
		assert.equal(text, Buffer.from(content).toString());
		const redirect = await client.get(`/snippets/acme/${snippet.id}/files/${path}`);
		assert.equal(redirect.status, 302);
		assert.ok(redirect.headers.get('location')?.includes(`/${head}/files/`));
	}
});

test('it is for reading only', async () => {
	const response = await fetch(`${sandbox.apiUrl}${home}`, {
		method: 'DELETE',
		headers: {authorization: await restAuthorization(sandbox, 'primary')},
	});
	assert.equal(response.status, 405);
});
