import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger} from '../../source/accounts/ledger.ts';
import {runPlan} from '../../source/backup/runner.ts';
import type {OpenedCredential} from '../../source/model/credential.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {openDatabase} from '../../source/system/sqlite.ts';

export type AccountsFigures = {
	readonly accounts: number;
	readonly seconds: number;
	/** ⌊(R−1)/(N·L)⌋·W: no N accounts can send R requests sooner. */
	readonly boundSeconds: number;
	readonly apiRequests: number;
	readonly throttled: number;
	/** Requests of the account that sent most, by those of the one that sent least. */
	readonly spread: number;
};

const limit = {requests: 40, windowMilliseconds: 10_000};

/** Backs up the sandbox's workspace over so many accounts of equal quota, and says how long it took. */
export async function measureAccounts(accounts: number): Promise<AccountsFigures> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	const sandbox = await startSandbox({accounts: Math.max(0, accounts - 1), limits: {api: limit}});
	try {
		const labels = ['primary', ...Array.from({length: accounts - 1}, (_, index) => `bot-${index + 1}`)];
		const credentials = labels.map((label): OpenedCredential => {
			const found = sandbox.credentials.find(one => one.label === label);
			if (found === undefined) {
				throw new Error(`The sandbox has no credential ${label}.`);
			}

			const {kind, secret, username} = found;
			return {
				credential: {
					id: label,
					label,
					kind,
					addedAt: new Date().toISOString(),
					...(username === undefined ? {} : {username}),
				},
				secret,
			};
		});
		const [primary, ...additional] = credentials.map(({credential}) => credential);
		const organization = OrganizationSchema.parse({
			workspace: sandbox.workspace,
			apiUrl: sandbox.apiUrl,
			gitUrl: sandbox.gitUrl,
			apiLimit: '40/10s',
			reservePercent: 0,
			primaryCredential: primary,
			additionalCredentials: additional,
		});
		const redactor = createRedactor();
		const start = performance.now();
		const pool = await createAccountPool({
			organization,
			credentials,
			ledger: createLedger(openDatabase(':memory:'), systemClock),
			clock: systemClock,
			redactor,
			reservePercent: 0,
			requestsPerSecond: 100,
			onChange: () => undefined,
		});
		await runPlan({
			plan: PlanSchema.parse({name: 'benchmark', organization: sandbox.workspace}),
			organization,
			destination: folder,
			pool,
			report: () => undefined,
			clock: systemClock,
			signal: new AbortController().signal,
			memory: {get: () => undefined, list: () => [], put: () => undefined, remove: () => undefined},
			run: 'benchmark',
			redactor,
		});
		const seconds = (performance.now() - start) / 1000;
		const totals = pool.totals();
		pool.close();
		const api = totals.map(({requests}) => requests.api ?? 0);
		const apiRequests = api.reduce((sum, count) => sum + count, 0);
		return {
			accounts,
			seconds,
			boundSeconds:
				Math.floor((apiRequests - 1) / (accounts * limit.requests)) * (limit.windowMilliseconds / 1000),
			apiRequests,
			throttled: totals.reduce((sum, {throttled}) => sum + throttled, 0),
			spread: Math.max(...api) / Math.min(...api),
		};
	} finally {
		await sandbox.close();
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}
