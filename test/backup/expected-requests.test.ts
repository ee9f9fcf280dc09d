import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Demand} from '../../source/accounts/demand.ts';
import type {BackupMemoryEntry} from '../../source/backup/backup-memory.ts';
import {
	type ExpectedRepository,
	expectBeside,
	expectRepositories,
	sumExpectations,
} from '../../source/backup/expected-requests.ts';
import {learnCosts, type RepositoryCosts} from '../../source/backup/repository-costs.ts';
import {turnCycle} from '../../source/backup/turn.ts';
import type {DataKind} from '../../source/model/data-kind.ts';
import {type Cycles, CyclesSchema} from '../../source/model/plan.ts';

const now = Date.parse('2026-11-22T12:00:00.000Z');
const hourAgo = new Date(now - 3_600_000).toISOString();
const data: readonly DataKind[] = ['git', 'pull-requests'];
const plan = {name: 'nightly', data: [...data]};
const cycles = CyclesSchema.parse({});

const exactly = (count: number) => ({low: count, likely: count, high: count});

/** A repository that had its turn just now, so that nothing is read in turn. */
function memory(costs: Partial<RepositoryCosts>, part: Partial<BackupMemoryEntry> = {}): BackupMemoryEntry {
	return {
		workspace: 'acme',
		uuid: '{1}',
		slug: 'web',
		plan: 'nightly',
		lastRunAt: hourAgo,
		lastBackupAt: hourAgo,
		status: 'backed-up',
		snapshot: '20261122T110000.000Z',
		turnTakenAt: new Date(now).toISOString(),
		costs: {nightly: {at: hourAgo, ...costs}},
		...part,
	};
}

function expect(
	repositories: ReadonlyArray<Partial<ExpectedRepository>>,
	of: {readonly name: string; readonly data: readonly DataKind[]} = plan,
	often: Partial<Cycles> = {},
) {
	return expectRepositories({
		plan: {...of, data: [...of.data], cycles: {...cycles, ...often}},
		repositories: repositories.map((repository, index) => ({
			uuid: `{${index}}`,
			memory: undefined,
			...repository,
		})),
		now,
	});
}

const expectOne = (repository: Partial<ExpectedRepository>, of = plan): Demand | undefined =>
	expect([repository], of)[0]?.requests;

test('expected: between no change and a change, by how often it changes', () => {
	const costs = {unchanged: {api: 1, git: 1}, changed: {api: 21, git: 5}, changedShare: 0.25};
	assert.deepEqual(expect([{memory: memory(costs)}]), [
		{
			requests: {api: {low: 1, likely: 6, high: 21}, git: {low: 1, likely: 2, high: 5}},
			basis: 'earlier runs',
		},
	]);
});

test('expected: what Bitbucket saw change after the last backup has changed', () => {
	const known = memory({unchanged: {api: 1, git: 1}, changed: {api: 21, git: 5}, changedShare: 0});
	const later = new Date(now - 60_000).toISOString();
	assert.deepEqual(expectOne({memory: known, updatedAt: later}), {
		api: {low: 1, likely: 21, high: 21},
		// One question for refs and a fetch.
		git: {low: 2, likely: 5, high: 5},
	});
	const earlier = new Date(now - 7_200_000).toISOString();
	assert.deepEqual(expectOne({memory: known, updatedAt: earlier})?.git, {low: 1, likely: 1, high: 5});
});

test('expected: a change of a repository that never had one takes what changes took elsewhere, else up to a first backup', () => {
	const still = memory({first: {api: 300, git: 4}, unchanged: {api: 1, git: 1}, changedShare: 0.5});
	const [alone] = expect([{memory: still}]);
	assert.deepEqual(alone?.requests['api'], {low: 1, likely: 1, high: 300});
	const changing = memory({changed: {api: 11, git: 4}, changedShare: 1});
	const [beside] = expect([{memory: still}, {memory: changing}]);
	assert.deepEqual(beside?.requests['api'], {low: 1, likely: 6, high: 11});
});

test('expected: a repository never backed up takes what the first backups of others took', () => {
	const firsts = [100, 200, 300].map(api => ({memory: memory({first: {api, git: 4}})}));
	const [fresh] = expect([{}, ...firsts]);
	assert.deepEqual(fresh, {
		requests: {api: {low: 100, likely: 200, high: 300}, git: exactly(4)},
		basis: 'other repositories',
	});
	// A few that are far off do not decide for all.
	const many = [1, ...Array.from({length: 20}, () => 50), 9000].map(api => ({
		memory: memory({first: {api}}),
	}));
	const range = expect([{}, ...many])[0]?.requests['api'];
	assert.equal(range?.low, 50);
	assert.equal(range?.high, range?.likely);
});

test('expected: where nothing is known, a wide range of what the kinds of data take at least', () => {
	const [fresh] = expect([{}]);
	assert.equal(fresh?.basis, 'nothing known');
	assert.deepEqual(fresh?.requests.git, {low: 1, likely: 2, high: 2});
	assert.equal(fresh?.requests.api?.low, 1);
	assert.ok((fresh?.requests.api?.high ?? 0) > 500);
	const settings = expectOne({}, {name: 'nightly', data: ['settings']});
	// One for each kind but webhooks, which count apart, and what is read for each environment.
	assert.deepEqual(settings, {api: exactly(16), webhooks: exactly(1)});
	assert.deepEqual(expectOne({}, {name: 'nightly', data: ['git']}), {git: {low: 1, likely: 2, high: 2}});
});

test('expected: a kind of data that was never read before is not in the costs of the runs without it', () => {
	const known = memory({unchanged: {git: 1}, changed: {git: 4}, changedShare: 0});
	assert.deepEqual(expectOne({memory: known})?.api, exactly(1));
});

test('expected: settings when it is the repository’s turn, and perhaps where nobody knows', () => {
	const all = {name: 'nightly', data: ['git', 'settings'] satisfies DataKind[]};
	const costs = {unchanged: {git: 1}, changed: {git: 1}, turn: {git: 1, api: 22, webhooks: 1}};
	const longAgo = new Date(now - turnCycle).toISOString();
	assert.deepEqual(expectOne({memory: memory(costs)}, all), {git: exactly(1)});
	assert.deepEqual(expectOne({memory: memory(costs, {turnTakenAt: longAgo})}, all), {
		git: exactly(1),
		api: exactly(22),
		webhooks: exactly(1),
	});
	const {turnTakenAt: _, ...old} = memory(costs);
	assert.deepEqual(expectOne({memory: old}, all)?.api, {low: 0, likely: 22, high: 22});
});

test('expected: turns as often as the plan says', () => {
	const settings = {name: 'nightly', data: ['settings'] satisfies DataKind[]};
	const known = memory({turn: {api: 22}}, {turnTakenAt: hourAgo});
	assert.deepEqual(expect([{memory: known}], settings, {settings: '365d'})[0]?.requests, {});
	assert.deepEqual(expect([{memory: known}], settings, {settings: '1h'})[0]?.requests.api, exactly(22));
});

test('expected: a full pass when it is the repository’s turn for one and an earlier one tells what it takes', () => {
	const costs = {unchanged: {api: 1, git: 1}, changed: {api: 1, git: 1}, fullPass: {api: 31, git: 4}};
	const longAgo = new Date(now - 40 * 86_400_000).toISOString();
	assert.deepEqual(expectOne({memory: memory(costs, {fullPassAt: longAgo})}), {
		api: exactly(31),
		git: exactly(4),
	});
	assert.deepEqual(expectOne({memory: memory(costs, {fullPassAt: hourAgo})}), {
		api: exactly(1),
		git: exactly(1),
	});
	const {fullPass: _, ...unknown} = costs;
	assert.deepEqual(expectOne({memory: memory(unknown, {fullPassAt: longAgo})}), {
		api: exactly(1),
		git: exactly(1),
	});
});

test('expected: entries of before costs were kept still tell that a repository is no new one', () => {
	const {costs: _, ...old} = memory({});
	assert.deepEqual(expect([{memory: old}]), [
		{requests: {api: exactly(1), git: {low: 1, likely: 1.5, high: 2}}, basis: 'nothing known'},
	]);
});

test('expected: one whose first backup failed is still to be backed up for the first time', () => {
	const {snapshot: _, lastBackupAt: __, costs: ___, ...failed} = memory({}, {status: 'failed'});
	assert.deepEqual(expectOne({memory: failed}), expectOne({}));
	const {lastBackupAt: ____, ...partial} = memory(
		{unchanged: {api: 2}, changed: {api: 2}},
		{status: 'partial'},
	);
	assert.deepEqual(expectOne({memory: partial})?.api, exactly(2));
});

test('expected: a plan without runs of its own goes by those of the plan that came last', () => {
	const entry = memory(
		{},
		{
			costs: {
				weekly: {at: '2026-11-20T00:00:00.000Z', unchanged: {api: 9, git: 1}, changed: {api: 9, git: 1}},
				hourly: {at: '2026-11-21T00:00:00.000Z', unchanged: {api: 5, git: 1}, changed: {api: 5, git: 1}},
			},
		},
	);
	assert.deepEqual(expectOne({memory: entry})?.api, exactly(5));
	assert.deepEqual(expectOne({memory: entry}, {name: 'weekly', data: [...data]})?.api, exactly(9));
});

test('expected: beside the repositories, what the last runs took, less what was sent for the list already', () => {
	const earlier = [
		{api: 12, webhooks: 1},
		{api: 10, webhooks: 1},
	];
	const whole = expectBeside({data, earlier, listing: {repositories: 400}});
	assert.deepEqual(whole, {
		requests: {api: {low: 10, likely: 11, high: 12}, webhooks: exactly(1)},
		basis: 'earlier runs',
	});
	const rest = expectBeside({data, earlier, listing: {sent: {api: 5}}});
	assert.deepEqual(rest.requests.api, {low: 5, likely: 6, high: 7});
});

test('expected: beside the repositories, where nothing is known: pages of the list, the workspace and its projects', () => {
	assert.deepEqual(expectBeside({data, earlier: [], listing: {repositories: 401}}).requests, {
		api: exactly(5),
	});
	assert.deepEqual(expectBeside({data, earlier: [], listing: {sent: {api: 5}}}).requests, {});
	const workspace = expectBeside({data: ['workspace'], earlier: [], listing: {sent: {}}}).requests;
	assert.deepEqual(workspace, {api: {low: 6, likely: 22, high: 126}, webhooks: exactly(1)});
});

test('expected: the sum rests on what most of its requests rest on', () => {
	const sum = sumExpectations([
		{requests: {api: exactly(10)}, basis: 'nothing known'},
		{requests: {api: exactly(6)}, basis: 'earlier runs'},
		{requests: {git: exactly(6)}, basis: 'earlier runs'},
	]);
	assert.deepEqual(sum, {requests: {api: exactly(16), git: exactly(6)}, basis: 'earlier runs'});
	assert.deepEqual(sumExpectations([]), {requests: {}, basis: 'nothing known'});
});

test('costs: the last run of each sort, and a share that follows the last runs', () => {
	const learn = (before: RepositoryCosts | undefined, part: Partial<Parameters<typeof learnCosts>[1]>) =>
		learnCosts(before, {
			at: hourAgo,
			requests: {api: 1},
			isFirst: false,
			isTurn: false,
			isFullPass: false,
			hasChanged: false,
			...part,
		});
	const first = learn(undefined, {isFirst: true, isTurn: true, hasChanged: true, requests: {api: 90}});
	assert.deepEqual(first, {at: hourAgo, first: {api: 90}});
	const changed = learn(first, {hasChanged: true, requests: {api: 7}});
	assert.deepEqual(changed, {at: hourAgo, first: {api: 90}, changed: {api: 7}, changedShare: 0.65});
	const turn = learn(changed, {isTurn: true, requests: {api: 20}});
	assert.deepEqual([turn.turn, turn.unchanged, turn.changed], [{api: 20}, undefined, {api: 7}]);
	const full = learn(turn, {isFullPass: true, isTurn: true, requests: {api: 40}});
	assert.deepEqual([full.fullPass, full.turn], [{api: 40}, {api: 20}]);
	const still = Array.from({length: 20}).reduce<RepositoryCosts>(costs => learn(costs, {}), turn);
	assert.deepEqual(still.unchanged, {api: 1});
	assert.ok((still.changedShare ?? 1) < 0.01);
});
