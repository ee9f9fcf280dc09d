import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {forecastPlan} from '../../source/actions/forecast-plan.ts';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {type Plan, PlanSchema} from '../../source/model/plan.ts';
import type {CatalogEntry} from '../../source/store/catalog.ts';
import {createFakeClock, type FakeClock} from '../fake-clock.ts';
import {finished, started} from '../runs/events.ts';

const hour = 3_600_000;
const turnover = hour + 745;
const limit = {requests: 100, windowMilliseconds: hour};

let folder: string;
let workplace: Workplace;
let clock: FakeClock;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-forecast-'));
	clock = createFakeClock(Date.parse('2026-11-22T12:00:00.000Z'));
	workplace = await openWorkplace({BUCKET_BRIGADE_HOME: folder}, clock);
	await connect();
});
afterEach(async () => {
	workplace.close();
	await rm(folder, {recursive: true, force: true});
});

const credential = (label: string, username = `${label}@acme.example`) => ({
	id: `id-${label}`,
	label,
	kind: 'api-token' as const,
	username,
	addedAt: '2026-11-01T00:00:00.000Z',
});

/** An organization of four credentials: two of them are one user, one was never checked. */
async function connect(): Promise<void> {
	const organization = OrganizationSchema.parse({
		workspace: 'acme',
		apiLimit: '100/1h',
		reservePercent: 0,
		primaryCredential: credential('primary'),
		additionalCredentials: [credential('bot-1'), credential('bot-1-second'), credential('unchecked')],
	});
	await workplace.store.update(contents => ({...contents, organizations: [organization]}));
	for (const [label, account] of [
		['primary', 'user:{1}'],
		['bot-1', 'user:{2}'],
		['bot-1-second', 'user:{2}'],
	] as const) {
		workplace.checks.put(`id-${label}`, {
			state: 'ok',
			checkedAt: '2026-11-22T11:00:00.000Z',
			account: {id: account, name: label},
		});
	}
}

const planWith = (labels: readonly string[], part: Partial<Plan> = {}): Plan =>
	PlanSchema.parse({
		name: 'nightly',
		organization: 'acme',
		data: ['git', 'pull-requests'],
		advanced: {
			additionalCredentials: {enabled: true, credentials: labels.map(label => `id-${label}`)},
			requestsPerSecond: 1000,
		},
		...part,
	});

/** So many repositories that take so many requests, changed or not. */
function remember(repositories: number, api: number, part: Partial<CatalogEntry> = {}): void {
	const at = new Date(clock.now()).toISOString();
	for (let index = 0; index < repositories; index += 1) {
		workplace.catalog.put({
			workspace: 'acme',
			uuid: `{${part.slug ?? ''}${index}}`,
			slug: `web-${index}`,
			plan: 'nightly',
			lastRunAt: at,
			lastBackupAt: at,
			status: 'unchanged',
			snapshot: '20261122T110000.000Z',
			turnTakenAt: at,
			costs: {nightly: {at, unchanged: {api, git: 1}, changed: {api, git: 1}, changedShare: 0.5}},
			...part,
		});
	}
}

async function journal(day: string, ...events: Parameters<typeof finished>): Promise<void> {
	const at = `2026-11-${day}T02:00:00.000Z`;
	await writeFile(
		join(workplace.home.runs, `202611${day}T020000.000Z-nightly.ndjson`),
		`${JSON.stringify(started({at}))}\n${JSON.stringify(finished({at, ...events[0]}))}\n`,
	);
}

test('forecast of a plan: the bound of the quotas, with the accounts chosen, one more and one fewer', async () => {
	remember(29, 10);
	assert.equal((await forecastPlan(workplace, planWith(['bot-1']))).hasSeenAll, false);
	await journal('21', {pace: 1e9, beside: {api: 10}});
	const forecast = await forecastPlan(workplace, planWith(['bot-1', 'bot-1-second']));
	assert.equal(forecast.repositories, 29);
	assert.equal(forecast.hasSeenAll, true);
	assert.equal(forecast.basis, 'earlier runs');
	assert.deepEqual(forecast.requests.api, {low: 300, likely: 300, high: 300});
	const {now, oneMore, oneFewer} = forecast;
	assert.deepEqual([now?.accounts, oneMore?.accounts, oneFewer?.accounts], [2, 3, 1]);
	const at = (outlook: typeof now): number =>
		Math.floor(outlook?.forecast.likely.inMilliseconds ?? Number.NaN);
	assert.equal(Math.floor(at(now) / turnover), 1);
	assert.equal(now?.forecast.likely.decidedBy, 'quota');
	assert.ok(at(oneMore) < 1000, 'three times a hundred are there at once');
	assert.equal(Math.floor(at(oneFewer) / turnover), 2);
});

test('forecast of a plan: what the ledgers hold counts, also of an account that a limit was told of', async () => {
	remember(9, 10);
	await journal('21', {pace: 1e9, beside: {api: 10}});
	for (let index = 0; index < 60; index += 1) {
		workplace.ledger.settle(workplace.ledger.record('user:{1}', 'api', limit));
	}

	await clock.advance(600_000);
	const later = await forecastPlan(workplace, planWith([]));
	const wait = later.now?.forecast.likely.inMilliseconds ?? 0;
	assert.ok(wait > hour - 600_000 && wait <= turnover - 599_000, `${wait}`);
	workplace.ledger.tell('user:{1}', 'api', 10);
	const told = await forecastPlan(workplace, planWith([]));
	assert.ok((told.now?.forecast.likely.inMilliseconds ?? 0) > 9 * hour);
});

test('forecast of a plan: a credential never checked is an account of its own, a refused one is none', async () => {
	remember(9, 10);
	const accounts = async (labels: readonly string[]): Promise<number | undefined> =>
		(await forecastPlan(workplace, planWith(labels))).now?.accounts;
	assert.equal(await accounts(['unchecked']), 2);
	workplace.checks.put('id-unchecked', {
		state: 'refused',
		checkedAt: '2026-11-22T11:00:00.000Z',
		status: 401,
	});
	assert.equal(await accounts(['unchecked', 'bot-1']), 2);
	workplace.checks.put('id-primary', {state: 'refused', checkedAt: '2026-11-22T11:00:00.000Z', status: 401});
	const nobody = await forecastPlan(workplace, planWith([]));
	assert.deepEqual([nobody.now, nobody.oneMore, nobody.oneFewer], [undefined, undefined, undefined]);
});

test('forecast of a plan: only what it covers and what was there when it last ran', async () => {
	remember(3, 10);
	remember(1, 10, {slug: 'archived-1'});
	remember(1, 10, {slug: 'gone', lastRunAt: '2026-11-19T02:00:00.000Z'});
	remember(1, 10, {slug: 'other', plan: 'weekly', lastRunAt: '2026-11-19T02:00:00.000Z'});
	await journal('22', {status: 'partial'});
	const forecast = await forecastPlan(workplace, planWith([], {exclude: ['archived-*']}));
	assert.equal(forecast.repositories, 4);
});

test('forecast of a plan: before any run, what one repository takes, and no end', async () => {
	const forecast = await forecastPlan(workplace, planWith([]));
	assert.equal(forecast.repositories, undefined);
	assert.equal(forecast.basis, 'nothing known');
	assert.equal(forecast.requests.git?.likely, 2);
	assert.equal(forecast.now, undefined);
});

test('forecast of a plan: nothing is charged, and nothing else is written', async () => {
	remember(3, 10);
	const before = workplace.catalog.list('acme');
	await forecastPlan(workplace, planWith(['bot-1']));
	assert.equal(workplace.ledger.usage('user:{1}', 'api').used, 0);
	assert.deepEqual(workplace.catalog.list('acme'), before);
});
