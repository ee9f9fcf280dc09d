import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {withoutRefused} from '../../source/backup/metadata/fetch-commits.ts';
import {findFullId} from '../../source/backup/metadata/lost-commits.ts';
import type {RunReport} from '../../source/runs/events.ts';
import {startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type MirrorReader, readMirror} from './mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

const digits = (digit: string): string => digit.repeat(40);

test('a patch names the full ids of its commits', () => {
	const line = (id: string): string => `From ${id} Mon Sep 17 00:00:00 2001\nFrom: Ada <ada@example.com>\n\n`;
	const patch = Buffer.from(
		`${line(digits('a'))}+From ${digits('b')} Mon Sep 17 00:00:00 2001\n${line(digits('c'))}`,
	);
	assert.equal(findFullId(patch, 'cccccccccccc'), digits('c'));
	assert.equal(findFullId(patch, 'aaaaaaaaaaaa'), digits('a'));
	assert.equal(findFullId(patch, 'bbbbbbbbbbbb'), undefined);
	assert.equal(findFullId(Buffer.from('no patch'), 'aaaaaaaaaaaa'), undefined);
});

for (const {name, ids, refused, wasRefused, next} of [
	{
		name: 'all but the one that is named',
		ids: ['a', 'b', 'c'],
		refused: 'b',
		wasRefused: false,
		next: [['a', 'c']],
	},
	{name: 'nothing more of one', ids: ['a'], refused: 'a', wasRefused: false, next: []},
	{
		name: 'halves at the second time',
		ids: ['a', 'b', 'c', 'd'],
		refused: 'd',
		wasRefused: true,
		next: [['a', 'b'], ['c']],
	},
	{
		name: 'halves without a name',
		ids: ['a', 'b', 'c'],
		refused: undefined,
		wasRefused: false,
		next: [['a', 'b'], ['c']],
	},
	{name: 'nothing more of one without a name', ids: ['a'], refused: undefined, wasRefused: true, next: []},
	{
		name: 'halves where another is named',
		ids: ['a', 'b'],
		refused: 'x',
		wasRefused: false,
		next: [['a'], ['b']],
	},
]) {
	test(`after a refusal: ${name}`, () => {
		assert.deepEqual(
			withoutRefused(ids, {refused}, wasRefused).map(group => group.ids),
			next,
		);
	});
}

function exists(mirror: string, id: string): boolean {
	try {
		execFileSync('git', ['--git-dir', mirror, 'cat-file', '-e', `${id}^{commit}`], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}

describe('in the sandbox', () => {
	const folders: string[] = [];
	afterEach(() => {
		for (const folder of folders.splice(0)) {
			rmSync(folder, {recursive: true, force: true});
		}
	});

	for (const refuseUnadvertised of [false, true]) {
		test(`commits of pull requests that no branch shows are ${refuseUnadvertised ? 'left to their patches where the server refuses them' : 'fetched by their ids, and pinned'}`, async context => {
			const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-lost-'));
			folders.push(folder);
			const sandbox = await startSandbox({repositories: 2, refuseUnadvertised});
			context.after(async () => sandbox.close());
			const {workspace, apiUrl, gitUrl, credentials} = sandbox;
			const run: SandboxRun = {
				folder,
				workspace,
				apiUrl,
				gitUrl,
				credentials: credentials.slice(0, 1),
				plan: {data: ['git', 'pull-requests']},
			};
			const requestsOf = async (): Promise<Map<string, Readonly<Record<string, number>>>> => {
				const reports: RunReport[] = [];
				const {status, problems} = await runAgainstSandbox(run, report => reports.push(report));
				assert.equal(status, 'succeeded', problems.join());
				return new Map(
					reports.flatMap(report =>
						report.type === 'repository-finished' ? [[report.repository, report.requests] as const] : [],
					),
				);
			};
			const mirrorOf = (slug: string): MirrorReader => readMirror(join(destinationOf(run), workspace), slug);

			const first = await requestsOf();
			let lost = 0;
			for (const {slug} of sandbox.world.repositories) {
				const mirror = mirrorOf(slug);
				const {pullRequests, refs} = await sandbox.repository(slug).contents();
				for (const {id, source} of pullRequests) {
					if (mirror.paths().includes(`pull-requests/${id}/patch`)) {
						lost += 1;
						assert.equal(exists(mirror.folder, source.commit), !refuseUnadvertised, `${slug} ${id}`);
						assert.equal(mirror.kept().includes(source.commit), !refuseUnadvertised);
					}
				}

				assert.equal(mirror.fsck(), '');
				assert.ok(refs.length > 0);
				// The question for refs, the fetch of all refs, and one of the commits; five at most where they are refused.
				const git = first.get(slug)?.['git'] ?? 0;
				assert.ok(refuseUnadvertised ? git <= 1 + 1 + 5 * 3 : git === 1 + 1 + 3, String(git));
			}

			assert.ok(lost > 2);
			const [{slug} = {slug: ''}] = sandbox.world.repositories;
			assert.deepEqual((await requestsOf()).get(slug), {api: 1, git: 1});
			const {pullRequests} = await sandbox.repository(slug).contents();
			const one = pullRequests.find(({id}) => mirrorOf(slug).paths().includes(`pull-requests/${id}/patch`));
			assert.ok(one);
			await sandbox.repository(slug).addComment(one.id, {raw: 'still of interest'});
			assert.equal((await requestsOf()).get(slug)?.['git'], 1, 'nothing is asked for again');
			assert.ok(mirrorOf(slug).paths().includes(`pull-requests/${one.id}/patch`), 'the patch stays');
			assert.equal(mirrorOf(slug).fsck(), '');
		});
	}
});

describe('of a server that has some of them', () => {
	const web = '/repositories/acme/web';
	const kinds = ['git', 'pull-requests'] as const;
	let workspace: SmallWorkspace;
	beforeEach(async () => {
		workspace = await makeSmallWorkspace();
		workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
		workspace.web.commit('main', {'readme.md': 'web'});
	});
	afterEach(async () => {
		await workspace.close();
	});

	/** Makes pull requests of commits that no branch shows: of those that the server has, and of some that it has not. */
	function giveLost(present: number, absent: readonly string[]): string[] {
		const ids = Array.from({length: present}, (_, index) => {
			const id = workspace.web.commit(`topic-${index}`, {'topic.txt': String(index)});
			workspace.web.git('update-ref', '-d', `refs/heads/topic-${index}`);
			return id;
		});
		const all = [...ids, ...absent];
		workspace.answers.set(
			`${web}/pullrequests`,
			all.map((id, index) => ({
				id: index + 1,
				state: 'DECLINED',
				comment_count: 0,
				source: {commit: {hash: id.slice(0, 12)}},
			})),
		);
		workspace.answers.set(`${web}/pullrequests/activity`, []);
		for (const [index, id] of all.entries()) {
			workspace.answers.set(`${web}/pullrequests/${index + 1}/tasks`, []);
			workspace.answers.set(`${web}/pullrequests/${index + 1}/activity`, []);
			workspace.answers.set(
				`${web}/pullrequests/${index + 1}/patch`,
				Buffer.from(`From ${id} Mon Sep 17 00:00:00 2001\n`),
			);
		}

		return ids;
	}

	const pinned = (): string[] => [...refsIn(workspace.mirror('web'), 'refs/brigade/kept').values()].sort();

	test('the rest comes although one is gone', async () => {
		const ids = giveLost(4, [digits('d')]);
		const {outcome, pool} = await workspace.run(kinds);
		assert.equal(outcome.status, 'succeeded', outcome.problems.join());
		assert.deepEqual(pinned(), [...ids].sort());
		assert.equal(pool.charged(), 1 + 1 + 2 * 3);
		assert.ok(workspace.server.requests.length <= pool.charged(), 'no more was sent than charged');
		for (const id of ids) {
			assert.ok(exists(workspace.mirror('web'), id));
		}

		assert.equal(runGitIn(workspace.mirror('web'), ['fsck', '--full', '--strict', '--no-dangling']), '');
		assert.match(workspace.file('web', 'pull-requests/5/patch') ?? '', /^From dddd/);
	});

	test('never more than a few fetches are spent, and a full pass tries again', async () => {
		giveLost(2, ['d', 'e', 'f', 'a', 'b', 'c'].map(digits));
		const first = await workspace.run(kinds);
		assert.equal(first.outcome.status, 'succeeded', first.outcome.problems.join());
		assert.ok(first.pool.charged() <= 1 + 1 + 5 * 3, String(first.pool.charged()));
		const second = await workspace.run(kinds);
		assert.equal(second.pool.charged(), 1);
		assert.equal(second.of('web').status, 'unchanged');
		workspace.clock.jump(29 * 86_400_000);
		const third = await workspace.run(kinds);
		assert.ok(third.pool.charged() > 1);
		assert.equal(third.of('web').status, 'unchanged');
		workspace.clock.jump(60_000);
		assert.equal((await workspace.run(kinds)).pool.charged(), 1);
	});

	test('a server that gives none on principle is asked once', async () => {
		giveLost(3, []);
		workspace.server.intercept = request => {
			// Without it git speaks the old protocol, in which servers give what they show.
			delete request.headers['git-protocol'];
			return false;
		};
		const {outcome, pool} = await workspace.run(kinds);
		assert.equal(outcome.status, 'succeeded', outcome.problems.join());
		assert.deepEqual(pinned(), []);
		assert.ok(pool.charged() <= 2 + 3 + 3, String(pool.charged()));
	});

	test('an interrupted backup keeps the patches of those that it had fetched already', async () => {
		const ids = giveLost(3, []);
		workspace.answers.set(`${web}/hooks`, new Error('out of order'));
		assert.equal((await workspace.run(data)).of('web').status, 'failed');
		assert.deepEqual(pinned(), [...ids].sort());
		workspace.answers.set(`${web}/hooks`, []);
		const {of, pool} = await workspace.run(data);
		assert.equal(of('web').status, 'backed-up');
		assert.ok(!pool.asked.some(path => path.includes('/patch')));
		assert.match(workspace.file('web', 'pull-requests/1/patch') ?? '', new RegExp(`^From ${ids[0]}`));
		assert.equal(readdirSync(workspace.mirror('web')).includes('.aside'), false);
	});

	const data = ['git', 'pull-requests', 'settings'] as const;

	/** A run that is over at once when it asks for the hooks, after all pull requests: it can save nothing any more. */
	async function cutOff(): Promise<void> {
		const stop = new AbortController();
		workspace.answers.set(`${web}/hooks`, () => {
			stop.abort();
			return [];
		});
		await workspace.run(data, {signal: stop.signal});
		assert.ok(stop.signal.aborted);
		workspace.answers.set(`${web}/hooks`, []);
		assert.deepEqual(workspace.snapshots('web'), []);
	}

	test('a backup that was cut off when it had fetched them loses no patch', async () => {
		const ids = giveLost(3, []);
		await cutOff();
		assert.deepEqual(pinned(), [...ids].sort());
		const {of} = await workspace.run(data);
		assert.equal(of('web').status, 'backed-up');
		for (const [index, id] of ids.entries()) {
			assert.match(
				workspace.file('web', `pull-requests/${index + 1}/patch`) ?? '',
				new RegExp(`^From ${id}`),
			);
		}
	});

	test('a commit that came but was not pinned yet when the backup was cut off counts as lost', async () => {
		const ids = giveLost(3, []);
		await cutOff();
		for (const id of ids) {
			runGitIn(workspace.mirror('web'), ['update-ref', '-d', `refs/brigade/kept/${id}`]);
			assert.ok(exists(workspace.mirror('web'), id), 'as git leaves it that was killed before it set a ref');
		}

		const {of} = await workspace.run(data);
		assert.equal(of('web').status, 'backed-up');
		assert.deepEqual(pinned(), [...ids].sort());
		for (const [index, id] of ids.entries()) {
			assert.match(
				workspace.file('web', `pull-requests/${index + 1}/patch`) ?? '',
				new RegExp(`^From ${id}`),
			);
		}
	});
});
