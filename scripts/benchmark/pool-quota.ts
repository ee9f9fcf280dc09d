import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startPoolWorker} from '../../test/accounts/start-pool-worker.ts';
import {type SandboxProcess, startSandboxProcess} from './start-sandbox-process.ts';

const limit = {requests: 40, windowMilliseconds: 5000};

/** Windows that the bound of the quotas comes to: with it over 30 s, starting and ending weigh little. */
const windows = 7;

export type PoolQuotaFigures = {
	readonly accounts: number;
	/** From the first answer to the last, by the bound of the quotas. */
	readonly overBound: number;
	readonly boundSeconds: number;
	/** Requests a second. */
	readonly throughput: number;
	readonly throttled: number;
	/** Requests of the account that sent most, by those of the one that sent least. */
	readonly spread: number;
};

/**
Reads through so many accounts of equal quota for a little more than seven windows.

The bound: R requests over N accounts of limit L in a window W cannot end before ⌊(R−1)/(N·L)⌋·W.
*/
export async function measurePoolQuota(accounts: number): Promise<PoolQuotaFigures> {
	return withSandbox(accounts, async (sandbox, folder) => {
		const requests = readings(accounts);
		const worker = startPoolWorker(reading(sandbox, {accounts, requests, state: join(folder, 'state.db')}));
		await ended(worker.ended);
		const moments = worker.read.map(({at}) => at);
		const seconds = (Math.max(...moments) - Math.min(...moments)) / 1000;
		const sent = await apiRequests(sandbox);
		const boundSeconds = bound(sent, accounts);
		return {
			accounts,
			boundSeconds,
			overBound: seconds / boundSeconds,
			throughput: requests / seconds,
			throttled: sent.reduce((sum, {throttled}) => sum + throttled, 0),
			spread: Math.max(...sent.map(one => one.requests)) / Math.min(...sent.map(one => one.requests)),
		};
	});
}

export type TwoProcessesFigures = {
	readonly overBound: number;
	readonly throttled: number;
	/** While both waited: answers of the process that got more, by those of the other. */
	readonly fairness: number;
};

/** Two processes with a pool each, on the same two accounts and the same ledger. */
export async function measureTwoProcesses(): Promise<TwoProcessesFigures> {
	const accounts = 2;
	return withSandbox(accounts, async (sandbox, folder) => {
		const each = readings(accounts) / 2;
		const one = reading(sandbox, {accounts, requests: each, state: join(folder, 'state.db')});
		const workers = [startPoolWorker(one), startPoolWorker(one)];
		await Promise.all(workers.map(async worker => ended(worker.ended)));
		const all = workers.map(({read}) => read.map(({at}) => at));
		const begin = Math.max(...all.map(moments => Math.min(...moments)));
		const end = Math.min(...all.map(moments => Math.max(...moments)));
		// After the first window, which belongs to whoever came first.
		const together = all.map(
			moments => moments.filter(at => at > begin + limit.windowMilliseconds && at < end).length,
		);
		const seconds = (Math.max(...all.flat()) - Math.min(...all.flat())) / 1000;
		const sent = await apiRequests(sandbox);
		return {
			overBound: seconds / bound(sent, accounts),
			throttled: sent.reduce((sum, {throttled}) => sum + throttled, 0),
			fairness: Math.max(...together) / Math.max(1, Math.min(...together)),
		};
	});
}

/** So many that the last window is used too, with room for the questions who the credentials are. */
function readings(accounts: number): number {
	return (windows + 1) * accounts * limit.requests - 4 * accounts;
}

/** @param sent What the sandbox counted: what was read, and who was asked for. */
function bound(sent: ReadonlyArray<{readonly requests: number}>, accounts: number): number {
	const requests = sent.reduce((sum, account) => sum + account.requests, 0);
	return Math.floor((requests - 1) / (accounts * limit.requests)) * (limit.windowMilliseconds / 1000);
}

function reading(
	{apiUrl, gitUrl, workspace, credentials, slugs}: SandboxProcess,
	{accounts, requests, state}: {accounts: number; requests: number; state: string},
) {
	const labels = ['primary', ...Array.from({length: accounts - 1}, (_, index) => `bot-${index + 1}`)];
	return {
		apiUrl,
		gitUrl,
		workspace,
		credentials: credentials.filter(({label}) => labels.includes(label)),
		apiLimit: `${limit.requests}/${limit.windowMilliseconds}ms`,
		state,
		paths: Array.from(
			{length: requests},
			(_, index) => `/repositories/${workspace}/${slugs[index % slugs.length]}?n=${index}`,
		),
		atOnce: 16,
	};
}

async function apiRequests(sandbox: SandboxProcess) {
	const {accounts} = await sandbox.statistics();
	return accounts.filter(({resource}) => resource === 'api');
}

async function ended(end: Promise<number | string | null>): Promise<void> {
	const code = await end;
	if (code !== 0) {
		throw new Error(`A reading process ended with ${code}.`);
	}
}

async function withSandbox<Result>(
	accounts: number,
	work: (sandbox: SandboxProcess, folder: string) => Promise<Result>,
): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	const sandbox = await startSandboxProcess({
		repositories: 6,
		pullRequests: 0,
		accounts: accounts - 1,
		limits: {api: limit},
	});
	try {
		return await work(sandbox, folder);
	} finally {
		await sandbox.close();
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}
