import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {listMirrors} from '../../source/backup/list-mirrors.ts';
import {processGuard} from '../../source/backup/mirror.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {tryProcessLock} from '../../source/system/process-lock.ts';
import {fakeFailure} from './fake-pool.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';

const list = '/repositories/acme';
const web = {uuid: uuidOf(1), slug: 'web', full_name: 'acme/web'};
const api = {uuid: uuidOf(2), slug: 'api', full_name: 'acme/api'};
const oneOf = (uuid: string): string => `${list}/${encodeURIComponent(uuid)}`;

let workspace: SmallWorkspace;
beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.web.commit('main', {'readme.md': 'web'});
	workspace.api.commit('main', {'readme.md': 'api'});
	workspace.answers.set(list, [web, api]);
	await workspace.run(['git']);
});
afterEach(async () => {
	await workspace.close();
});

const note = (slug: string): Record<string, unknown> =>
	JSON.parse(readFileSync(join(workspace.mirror(slug), 'bucket-brigade.json'), 'utf8'));
const entry = (number: number) => workspace.memory.get(`acme${uuidOf(number)}`);

test('a vanished repository is kept, marked, and told once; when it is back, its history goes on', async () => {
	const before = workspace.snapshots('api');
	workspace.answers.set(list, [web]);
	const first = await workspace.run(['git']);
	assert.equal(first.outcome.status, 'succeeded', 'nothing is missing');
	assert.equal(first.outcome.problems.length, 1);
	assert.match(first.outcome.problems[0] ?? '', /^api is not listed in the workspace acme any more/);
	const since = new Date(workspace.clock.now()).toISOString();
	assert.equal(note('api')['archivedSince'], since);
	assert.equal(entry(2)?.archivedSince, since);
	assert.deepEqual(workspace.snapshots('api'), before);
	const mirrors = await listMirrors(workspace.destination, 'acme');
	assert.deepEqual(
		mirrors.map(({name, archivedSince}) => [name, archivedSince]),
		[
			['api', since],
			['web', undefined],
		],
	);

	const second = await workspace.run(['git']);
	assert.deepEqual(second.outcome.problems, []);
	assert.deepEqual(second.pool.asked, [`${list}?pagelen=100`], 'and it is not asked for again');
	assert.equal(entry(2)?.archivedSince, since);
	assert.equal(note('api')['archivedSince'], since);

	workspace.answers.set(list, [web, api]);
	workspace.api.commit('main', {'readme.md': 'api 2'});
	const third = await workspace.run(['git']);
	assert.deepEqual(third.outcome.problems, []);
	assert.equal(third.of('api').status, 'backed-up');
	assert.equal(entry(2)?.archivedSince, undefined);
	assert.equal(note('api')['archivedSince'], undefined);
	assert.equal(note('api')['uuid'], uuidOf(2));
	assert.deepEqual(workspace.snapshots('api').slice(0, -1), before);
});

test('what a plan leaves out has not vanished; and is welcome back though no plan covers it', async () => {
	const plan = PlanSchema.parse({name: 'nightly', organization: 'acme', data: ['git'], include: ['web']});
	const left = await workspace.run(['git'], {plan});
	assert.deepEqual(left.outcome.problems, []);
	assert.equal(entry(2)?.archivedSince, undefined);
	assert.equal(note('api')['archivedSince'], undefined);

	workspace.answers.set(list, [web]);
	await workspace.run(['git'], {plan});
	assert.ok(entry(2)?.archivedSince !== undefined);
	workspace.answers.set(list, [web, api]);
	const back = await workspace.run(['git'], {plan});
	assert.equal(back.outcome.repositories.total, 1);
	assert.equal(entry(2)?.archivedSince, undefined);
	assert.equal(note('api')['archivedSince'], undefined);
});

test('a list that fails, or breaks off, marks nothing', async () => {
	workspace.answers.set(list, () => fakeFailure('server', 503));
	await assert.rejects(workspace.run(['git']), /could not be listed/);
	workspace.answers.set(list, {
		*[Symbol.iterator]() {
			yield web;
			throw fakeFailure('connection', 500);
		},
	});
	await assert.rejects(workspace.run(['git']), /could not be listed/);
	assert.equal(entry(2)?.archivedSince, undefined);
	assert.equal(note('api')['archivedSince'], undefined);
});

test('an element that is not understood is said, and then nothing is taken for vanished', async () => {
	workspace.answers.set(list, [web, {uuid: uuidOf(2), slug: 17}]);
	const {outcome, of} = await workspace.run(['git']);
	assert.equal(outcome.status, 'partial');
	assert.match(outcome.problems[0] ?? '', /^1 of what Bitbucket lists .* could not be understood/);
	assert.equal(of('web').status, 'unchanged');
	assert.equal(entry(2)?.archivedSince, undefined);
	assert.equal(note('api')['archivedSince'], undefined);
});

test('what the list leaves out and is there all the same is backed up', async () => {
	workspace.answers.set(list, [web]);
	workspace.answers.set(oneOf(uuidOf(2)), api);
	const {outcome, of} = await workspace.run(['git']);
	assert.deepEqual(outcome.problems, []);
	assert.equal(outcome.repositories.total, 2);
	assert.equal(of('api').status, 'unchanged');
	assert.equal(entry(2)?.archivedSince, undefined);
});

for (const [text, answer, isGone] of [
	['may not be read', fakeFailure('forbidden', 403), true],
	['has gone to another workspace', {...api, full_name: 'other/api'}, true],
	['could not be asked for', fakeFailure('server', 500), false],
	['is answered with another one', web, false],
] as const) {
	test(`one that is not listed and ${text} is ${isGone ? '' : 'not '}archived`, async () => {
		workspace.answers.set(list, [web]);
		workspace.answers.set(oneOf(uuidOf(2)), answer);
		const {outcome} = await workspace.run(['git']);
		assert.equal(outcome.status, 'succeeded');
		assert.equal(outcome.problems.length, isGone ? 1 : 0);
		assert.equal(entry(2)?.archivedSince !== undefined, isGone);
	});
}

test('a lost memory is found out again from the notes, and nothing is told twice', async () => {
	workspace.answers.set(list, [web]);
	await workspace.run(['git']);
	const since = note('api')['archivedSince'];
	workspace.memory.clear();
	const {outcome} = await workspace.run(['git']);
	assert.deepEqual(outcome.problems, []);
	assert.equal(entry(2)?.archivedSince, since);
	assert.equal(entry(2)?.slug, 'api');
});

test('with a lost memory what has vanished in the meantime is found by its mirror', async () => {
	workspace.answers.set(list, [web]);
	workspace.memory.clear();
	const {outcome} = await workspace.run(['git']);
	assert.match(outcome.problems[0] ?? '', /^api is not listed/);
	assert.ok(entry(2)?.archivedSince !== undefined);
	assert.ok(note('api')['archivedSince'] !== undefined);
});

test('a mirror that another run works on is marked by the next one, and that is not told again', async () => {
	workspace.answers.set(list, [web]);
	const guard = tryProcessLock(join(workspace.mirror('api'), processGuard));
	const first = await workspace.run(['git']);
	guard?.release();
	assert.equal(first.outcome.problems.length, 1);
	assert.equal(note('api')['archivedSince'], undefined);
	const second = await workspace.run(['git']);
	assert.deepEqual(second.outcome.problems, []);
	assert.equal(note('api')['archivedSince'], entry(2)?.archivedSince);
});

test('a list without anything is an alarm each time, and nothing is removed', async () => {
	workspace.answers.set(list, []);
	for (const told of [2, 1]) {
		const {outcome} = await workspace.run(['git']);
		assert.equal(outcome.status, 'partial');
		assert.equal(outcome.problems.length, told);
		assert.match(outcome.problems[0] ?? '', /^Bitbucket lists no repository .* lost their permission/);
	}

	assert.equal(workspace.snapshots('web').length, 1);
	assert.equal(workspace.snapshots('api').length, 1);
});

test('a cancelled run and a dry one mark nothing: the next one tells', async () => {
	workspace.answers.set(list, [web]);
	await workspace.run(['git'], {dryRun: true});
	const controller = new AbortController();
	workspace.server.intercept = () => {
		controller.abort();
		return false;
	};
	const cancelled = await workspace.run(['git'], {signal: controller.signal});
	assert.equal(cancelled.outcome.status, 'cancelled');
	assert.equal(note('api')['archivedSince'], undefined);
	assert.equal(entry(2)?.archivedSince, undefined);
	workspace.server.intercept = () => false;
	assert.equal((await workspace.run(['git'])).outcome.problems.length, 1);
});

test('a note that cannot be read is no repository’s that vanished', async () => {
	writeFileSync(join(workspace.mirror('api'), 'bucket-brigade.json'), '{"uuid": "../../evil"}');
	workspace.memory.delete(`acme${uuidOf(2)}`);
	workspace.answers.set(list, [web]);
	const {outcome, pool} = await workspace.run(['git']);
	assert.deepEqual(outcome.problems, []);
	assert.equal(pool.asked.length, 1);
});
