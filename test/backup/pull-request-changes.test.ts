import assert from 'node:assert/strict';
import {tmpdir} from 'node:os';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {createAside} from '../../source/backup/aside.ts';
import {type Changes, findChanges} from '../../source/backup/metadata/pull-request-changes.ts';
import {isEnough} from '../../source/backup/metadata/pull-request-walk.ts';
import {findSavedPullRequests} from '../../source/backup/metadata/saved-pull-requests.ts';
import {createModelPool, createModelSnapshot, elementOf, type ModelServer} from './pull-request-model.ts';

const minute = 60_000;

/** What a backup has saved: the files of pull requests, and when the newest of them changed. */
type Saved = {readonly files: ReadonlyMap<number, string>; readonly updatedOn: string | undefined};

const nothing: Saved = {files: new Map(), updatedOn: undefined};

function serverWith(count: number, flaw?: ModelServer['flaw']): ModelServer {
	const start = Date.parse('2026-11-01T00:00:00.000Z');
	return {
		pullRequests: new Map(
			Array.from({length: count}, (_, index) => [
				index + 1,
				{version: 1, updatedAt: start + index * 60 * minute},
			]),
		),
		now: start + count * 60 * minute,
		flaw,
	};
}

function change(server: ModelServer, id: number, after: number): void {
	server.now += after;
	const before = server.pullRequests.get(id);
	server.pullRequests.set(id, {version: (before?.version ?? 0) + 1, updatedAt: server.now});
}

/** Finds the changes and takes them over, as a backup does. */
async function backUp(
	server: ModelServer,
	saved: Saved,
	options: {readonly turn?: () => void; readonly isFullPass?: boolean} = {},
): Promise<Saved & {readonly asked: readonly string[]; readonly changes: Changes}> {
	const {pool, asked} = createModelPool(server, options.turn ?? (() => undefined));
	const {last, mirror} = createModelSnapshot(saved.files, saved.updatedOn);
	const aside = createAside(tmpdir());
	const changes = await findChanges({
		pool,
		names: {workspace: 'acme', repository: 'web'},
		mirror,
		last,
		saved: findSavedPullRequests(last),
		isFullPass: options.isFullPass ?? false,
		withStatuses: false,
		aside,
	});
	const files = new Map([...changes.kept].map(id => [id, saved.files.get(id) ?? 'lost']));
	for (const {pullRequest, slip} of changes.changed) {
		files.set(pullRequest.id, (await aside.get(slip)).toString());
	}

	await aside.close();
	assert.equal(changes.count, files.size);
	return {files, updatedOn: changes.updatedOn, asked, changes};
}

const filesOf = (server: ModelServer): Map<number, string> =>
	new Map([...server.pullRequests.keys()].map(id => [id, `${elementOf(server, id)}\n`]));

const sorted = (files: ReadonlyMap<number, string>): Array<[number, string]> =>
	[...files].sort(([left], [right]) => left - right);

describe('pull requests of a repository', () => {
	test('are all listed at first, the newest ones before them where that takes several pages', async () => {
		const small = await backUp(serverWith(2), nothing);
		assert.deepEqual(small.asked, ['newest 1']);
		const server = serverWith(8);
		const large = await backUp(server, nothing);
		assert.deepEqual(large.asked, ['newest 1', 'id 1', 'id 2', 'id 3']);
		assert.deepEqual(sorted(large.files), sorted(filesOf(server)));
		assert.equal(large.updatedOn, new Date(server.pullRequests.get(8)?.updatedAt ?? 0).toISOString());
	});

	test('that did not change take one request, however many they are', async () => {
		for (const count of [1, 3, 200]) {
			const server = serverWith(count);
			const first = await backUp(server, nothing);
			const second = await backUp(server, first);
			assert.deepEqual(second.asked, ['newest 1'], String(count));
			assert.equal(second.changes.changed.length, 0);
			assert.equal(second.changes.kept.size, count);
		}

		const none = await backUp(serverWith(0), await backUp(serverWith(0), nothing));
		assert.deepEqual(none.asked, ['newest 1']);
	});

	test('that changed are listed down to the last change that is known', async () => {
		const server = serverWith(20);
		const first = await backUp(server, nothing);
		for (const id of [3, 5, 7]) {
			change(server, id, 60 * minute);
		}

		change(server, 21, 60 * minute);
		const second = await backUp(server, first);
		assert.deepEqual(second.asked, ['newest 1', 'newest 2']);
		assert.deepEqual(
			second.changes.changed.map(({pullRequest}) => pullRequest.id).sort((left, right) => left - right),
			[3, 5, 7, 21],
		);
		assert.deepEqual(sorted(second.files), sorted(filesOf(server)));
	});

	test('that were imported at the same moment take one request too', async () => {
		const server = serverWith(20);
		for (const one of server.pullRequests.values()) {
			one.updatedAt = server.now;
		}

		const first = await backUp(server, nothing);
		assert.deepEqual((await backUp(server, first)).asked, ['newest 1']);
	});

	for (const {name, spoil, asked} of [
		{
			name: 'one was deleted',
			spoil: (server: ModelServer) => void server.pullRequests.delete(4),
			asked: ['newest 1', 'newest 1', 'id 1', 'id 2', 'id 3'],
		},
		{
			name: 'the newest was deleted',
			spoil: (server: ModelServer) => void server.pullRequests.delete(9),
			asked: ['newest 1', 'newest 1', 'id 1', 'id 2', 'id 3'],
		},
		{
			name: 'one came that nobody dated anew',
			spoil: (server: ModelServer) => void server.pullRequests.set(99, {version: 1, updatedAt: 0}),
			asked: ['newest 1', 'newest 1', 'id 1', 'id 2', 'id 3', 'id 4'],
		},
	]) {
		test(`are all listed where the numbers do not agree: ${name}`, async () => {
			const server = serverWith(9);
			const first = await backUp(server, nothing);
			spoil(server);
			const second = await backUp(server, first);
			assert.deepEqual(second.asked, asked);
			assert.deepEqual(sorted(second.files), sorted(filesOf(server)));
			assert.deepEqual((await backUp(server, second)).asked, ['newest 1']);
		});
	}

	for (const flaw of ['sorts by id', 'sorts by id, the highest first', 'has no size'] as const) {
		test(`are all listed by a server that ${flaw}`, async () => {
			const server = serverWith(9, flaw);
			change(server, 3, 60 * minute);
			change(server, 9, 60 * minute);
			const first = await backUp(server, nothing);
			change(server, 2, 60 * minute);
			const second = await backUp(server, first);
			assert.ok(second.asked.includes('id 3'));
			assert.deepEqual(sorted(second.files), sorted(filesOf(server)));
		});
	}

	test('are all listed by a server that has ceased to sort', async () => {
		const server = serverWith(9);
		const first = await backUp(server, nothing);
		server.flaw = 'sorts by id';
		change(server, 8, 60 * minute);
		const second = await backUp(server, first);
		assert.ok(second.asked.includes('id 3'));
		assert.deepEqual(sorted(second.files), sorted(filesOf(server)));
	});

	test('are all listed in a full pass, which finds what no date tells of', async () => {
		const server = serverWith(9);
		const first = await backUp(server, nothing);
		(server.pullRequests.get(2) ?? {version: 0}).version = 7;
		const second = await backUp(server, first);
		assert.deepEqual(second.changes.changed, []);
		const third = await backUp(server, second, {isFullPass: true});
		assert.deepEqual(
			third.changes.changed.map(({pullRequest}) => pullRequest.id),
			[2],
		);
	});

	test('are looked for from the top again when one moved while pages were turned', async () => {
		const server = serverWith(20);
		const first = await backUp(server, nothing);
		for (const id of [1, 2, 3, 4, 5, 6]) {
			change(server, id, 60 * minute);
		}

		let pages = 0;
		const second = await backUp(server, first, {
			turn: () => {
				pages += 1;
				if (pages === 2) {
					// Listed on the second page, it goes to the first one.
					change(server, 3, 60 * minute);
				}
			},
		});
		assert.deepEqual(second.asked.slice(0, 4), ['newest 1', 'newest 2', 'newest 3', 'newest 1']);
		assert.deepEqual(sorted(second.files), sorted(filesOf(server)));
	});

	test('are never lost, whatever changes, comes or goes while pages are turned', async () => {
		const actOf = (...kinds: readonly string[]) =>
			fc.record({kind: fc.constantFrom(...kinds), which: fc.nat(40), minutes: fc.nat(25)});
		const runs = fc.array(
			fc.record({
				before: fc.array(actOf('change', 'change', 'change', 'create', 'delete'), {maxLength: 12}),
				// Between one page and the next.
				during: fc.array(fc.array(actOf('change', 'change', 'create'), {maxLength: 6}), {maxLength: 6}),
			}),
			{minLength: 1, maxLength: 5},
		);
		await fc.assert(
			fc.asyncProperty(fc.nat(14), runs, async (count, plan) => {
				const server = serverWith(count);
				const happen = ({kind, which, minutes}: {kind: string; which: number; minutes: number}): void => {
					server.now += minutes * minute;
					const ids = [...server.pullRequests.keys()];
					const id = ids[which % Math.max(1, ids.length)] ?? 1;
					if (kind === 'create') {
						change(server, Math.max(0, ...ids) + 1, 1);
					} else if (kind === 'delete') {
						server.pullRequests.delete(id);
					} else if (kind === 'change' && ids.length > 0) {
						change(server, id, 1);
					}
				};

				let saved = nothing;
				for (const {before, during} of plan) {
					before.forEach(happen);
					const acts = [...during];
					saved = await backUp(server, saved, {
						turn: () => {
							acts.shift()?.forEach(happen);
						},
					});
				}

				const last = await backUp(server, saved);
				assert.deepEqual(sorted(last.files), sorted(filesOf(server)));
			}),
			{numRuns: 300},
		);
	});
});

const mark = Date.parse('2026-11-22T12:00:00.000Z');
for (const {name, last, hasNews, enough} of [
	{name: 'newer than the mark', last: mark + 1, hasNews: false, enough: false},
	{name: 'the mark itself, with news', last: mark, hasNews: true, enough: false},
	{name: 'the mark itself, without news', last: mark, hasNews: false, enough: true},
	{name: 'a little older, with news', last: mark - 9 * minute, hasNews: true, enough: false},
	{name: 'much older', last: mark - 11 * minute, hasNews: true, enough: true},
]) {
	test(`a page that ends with ${name} is ${enough ? '' : 'not '}the last that is turned`, () => {
		assert.equal(isEnough({last, mark, hasNews}), enough);
	});
}
