import {measureAccounts} from './accounts.ts';
import {line} from './line.ts';
import {measurePoolCost} from './pool-cost.ts';
import {measurePoolQuota, measureTwoProcesses} from './pool-quota.ts';

/** What the account pool does with quotas, and what it costs. */
export async function printPool(): Promise<void> {
	await printQuotas();
	await printTwoProcesses();
	await printCost();
	await printBackups();
}

function accountsText(accounts: number): string {
	return `${accounts} account${accounts === 1 ? ' ' : 's'}`.padEnd(11);
}

async function printQuotas(): Promise<void> {
	console.log('The account pool, 40 requests in 5 s for each account, at a sandbox that enforces it');
	console.log(
		'  targets: at most 1.05 times the bound, N times one account’s throughput (0.95 to 1.05), no 429, spread at most 1.1',
	);
	const pairs = [
		[1, 8],
		[2, 4],
	] as const;
	const quotas = [];
	for (const pair of pairs) {
		quotas.push(...(await Promise.all(pair.map(measurePoolQuota))));
	}

	quotas.sort((left, right) => left.accounts - right.accounts);
	const alone = quotas[0]?.throughput ?? Number.NaN;
	for (const {accounts, overBound, boundSeconds, throughput, throttled, spread} of quotas) {
		line(
			accountsText(accounts),
			`${overBound.toFixed(3)} × the bound of the quotas (${boundSeconds} s)`,
			`${(throughput / (accounts * alone)).toFixed(3)} × ${accounts} × one account’s throughput`,
			`${throttled} answered 429`,
			`spread ${spread.toFixed(2)}`,
		);
	}
}

async function printTwoProcesses(): Promise<void> {
	console.log('Two processes on the same two accounts');
	const two = await measureTwoProcesses();
	line(
		`${two.overBound.toFixed(3)} × the bound of the quotas`,
		`${two.throttled} answered 429`,
		`while both waited one got ${two.fairness.toFixed(3)} × what the other got`,
	);
}

async function printCost(): Promise<void> {
	console.log('What the pool costs, beside calling got directly');
	for (const [accounts, entries] of [
		[1, 0],
		[4, 1000],
		[50, 10_000],
	] as const) {
		const cost = await measurePoolCost(accounts, entries);
		line(
			accountsText(accounts),
			`${entries} entries each`.padEnd(18),
			`${cost.overGot.toFixed(2)} × got`,
			`${cost.extraMicroseconds.toFixed(0)} µs more a request, of which the ledger ${cost.ledgerMicroseconds.toFixed(0)} µs`,
			`${cost.memoryMegabytes.toFixed(0)} MB of memory, ${cost.diskMegabytes.toFixed(0)} MB of disk`,
		);
	}
}

async function printBackups(): Promise<void> {
	console.log('A first backup of the sandbox’s workspace, 40 requests in 10 s for each account');
	const backups = [];
	for (const accounts of [1, 2, 4]) {
		const measured = await measureAccounts(accounts);
		backups.push(measured);
		line(
			accountsText(accounts),
			`${(measured.seconds / Math.max(1, measured.boundSeconds)).toFixed(2)} × the bound of the quotas (${measured.boundSeconds} s)`,
			`${measured.apiRequests} api requests, ${measured.throttled} answered 429`,
			`spread ${measured.spread.toFixed(2)}`,
		);
	}

	const [one, , four] = backups;
	if (one !== undefined && four !== undefined) {
		line(`four accounts were ${(one.seconds / four.seconds).toFixed(2)} times as fast as one`);
	}
}
