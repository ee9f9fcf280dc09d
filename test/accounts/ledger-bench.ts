import {DatabaseSync} from 'node:sqlite';
import {
	createLedger,
	type Ledger,
	type LedgerCandidate,
	type LedgerEntry,
	type LedgerOptions,
} from '../../source/accounts/ledger.ts';
import type {Resource} from '../../source/model/quota-limit.ts';
import {createFakeClock, type FakeClock} from '../fake-clock.ts';

export const windowMilliseconds = 10_000;

export function candidate(account: string, requests: number, usable = requests): LedgerCandidate {
	return {account, limit: {requests, windowMilliseconds}, usable};
}

export type LedgerBench = {
	readonly clock: FakeClock;
	readonly database: DatabaseSync;
	readonly ledger: Ledger;
	/** Another process, or this one started again. */
	readonly open: (options?: LedgerOptions) => Ledger;
};

export function createLedgerBench(options: LedgerOptions = {}): LedgerBench {
	const clock = createFakeClock();
	const database = new DatabaseSync(':memory:');
	const open = (more: LedgerOptions = {}): Ledger => createLedger(database, clock, {...options, ...more});
	return {clock, database, ledger: open(), open};
}

export function charge(
	ledger: Ledger,
	candidates: readonly LedgerCandidate[],
	{requests = 1, resource = 'api' as Resource, owner = 'a pool', insists = false} = {},
): LedgerEntry | undefined {
	const result = ledger.charge({resource, candidates, requests, owner, insists});
	return result.kind === 'charged' ? result.entry : undefined;
}

/** When there is room again, as the ledger says when it has none now. */
export function retryAt(
	ledger: Ledger,
	candidates: readonly LedgerCandidate[],
	{requests = 1, owner = 'a pool'} = {},
): number | null {
	const result = ledger.charge({resource: 'api', candidates, requests, owner});
	if (result.kind === 'charged') {
		throw new Error('There was room.');
	}

	return result.retryAt;
}
