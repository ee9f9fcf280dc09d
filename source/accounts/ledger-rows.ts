import type {Resource} from '../model/quota-limit.ts';
import type {DatabaseSync} from '../system/sqlite.ts';
import {fullTrust, type Trust} from './trust.ts';

/** What is kept of one account's resource beside its entries. */
export type QuotaRow = {
	/** Requests of all entries. */
	readonly used: number;
	readonly trust: Trust;
	/** Until when a request that goes alone is waited for. */
	readonly probingUntil: number;
	/** What the server said of its limit. */
	readonly told: number | undefined;
};

export type EntryRow = {readonly requests: number; readonly countsUntil: number};

/** The ledger's statements; nothing is decided here. Moments are machine time in milliseconds. */
export type LedgerRows = {
	readonly quota: (account: string, resource: Resource) => QuotaRow;
	/** The same of several accounts, in one reading where that is cheaper. */
	readonly quotas: (accounts: readonly string[], resource: Resource) => (account: string) => QuotaRow;
	readonly putTrust: (account: string, resource: Resource, trust: Trust) => void;
	readonly putProbing: (account: string, resource: Resource, until: number) => void;
	readonly putTold: (account: string, resource: Resource, requests: number) => void;
	/** Removes all entries that have stopped counting. */
	readonly forget: (now: number) => void;
	/** @returns the entry's id. */
	readonly insert: (entry: {
		readonly account: string;
		readonly resource: Resource;
		readonly requests: number;
		readonly countsUntil: number;
		readonly chargedAt: number;
		readonly owner: number;
	}) => number;
	readonly settle: (id: number, countsUntil: number) => void;
	readonly remove: (id: number) => void;
	/**
	When the entries that end first have given back so many requests.

	@param latest No entry can count for longer; one that says so (somebody was at the file) is believed no further.
	*/
	readonly roomAt: (account: string, resource: Resource, surplus: number, latest: number) => number;
	/** Those that count; such as end within the same so many milliseconds are told as one that ends with the last of them. */
	readonly inBuckets: (
		account: string,
		resource: Resource,
		now: number,
		milliseconds: number,
	) => readonly EntryRow[];
	/** Requests that count, and when the first of them stops to. */
	readonly usedAt: (
		account: string,
		resource: Resource,
		now: number,
	) => {readonly used: number; readonly ends: number | undefined};
	/** Entries that were not settled, those of git left out. */
	readonly underWay: () => ReadonlyArray<{
		readonly id: number;
		readonly owner: number;
		readonly chargedAt: number;
		readonly countsUntil: number;
	}>;
};

type StoredQuota = {
	used: number;
	frozen_until: number;
	throttled_at: number | null;
	remembered_until: number;
	step: number;
	successes: number;
	foreign_requests: number;
	foreign_until: number;
	probing_until: number;
	told_limit: number | null;
};

/** Up to so many accounts are read one by one. */
const fewAccounts = 3;

const unknownQuota: QuotaRow = {used: 0, trust: fullTrust, probingUntil: 0, told: undefined};

export function openLedgerRows(database: DatabaseSync): LedgerRows {
	const quota = database.prepare('SELECT * FROM quotas WHERE account = ? AND resource = ?');
	const ofResource = database.prepare('SELECT * FROM quotas WHERE resource = ?');
	const putTrust = database.prepare(`
		INSERT INTO quotas (account, resource, frozen_until, throttled_at, remembered_until, step, successes, foreign_requests, foreign_until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET frozen_until = excluded.frozen_until, throttled_at = excluded.throttled_at,
			remembered_until = excluded.remembered_until, step = excluded.step, successes = excluded.successes,
			foreign_requests = excluded.foreign_requests, foreign_until = excluded.foreign_until
	`);
	const putProbing = database.prepare(
		'UPDATE quotas SET probing_until = ? WHERE account = ? AND resource = ?',
	);
	const putTold = database.prepare(
		'INSERT INTO quotas (account, resource, told_limit) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET told_limit = excluded.told_limit',
	);
	const forget = database.prepare('DELETE FROM quota_entries WHERE counts_until <= ?');
	const insert = database.prepare(
		'INSERT INTO quota_entries (account, resource, requests, counts_until, charged_at, owner) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const settle = database.prepare(
		'UPDATE quota_entries SET counts_until = ?, charged_at = NULL, owner = NULL WHERE id = ?',
	);
	const remove = database.prepare('DELETE FROM quota_entries WHERE id = ?');
	const inOrder = database.prepare(
		'SELECT requests, counts_until AS countsUntil FROM quota_entries WHERE account = ? AND resource = ? AND counts_until > ? ORDER BY counts_until',
	);
	const over = database.prepare(
		'SELECT coalesce(sum(requests), 0) AS requests FROM quota_entries WHERE account = ? AND resource = ? AND counts_until <= ?',
	);
	const inBuckets = database.prepare(
		'SELECT sum(requests) AS requests, max(counts_until) AS countsUntil FROM quota_entries WHERE account = ? AND resource = ? AND counts_until > ? GROUP BY CAST(counts_until / ? AS INTEGER)',
	);
	const firstEnd = database.prepare(
		'SELECT min(counts_until) AS ends FROM quota_entries WHERE account = ? AND resource = ? AND counts_until > ?',
	);
	const cutShort = database.prepare(
		'UPDATE quota_entries SET counts_until = ? WHERE account = ? AND resource = ? AND counts_until > ?',
	);
	const underWay = database.prepare(
		"SELECT id, owner, charged_at AS chargedAt, counts_until AS countsUntil FROM quota_entries WHERE charged_at IS NOT NULL AND owner IS NOT NULL AND resource <> 'git'",
	);

	const quotaOfAccount: LedgerRows['quota'] = (account, resource) => {
		const row = quota.get(account, resource) as StoredQuota | undefined;
		return row === undefined ? unknownQuota : quotaOf(row);
	};

	return {
		quota: quotaOfAccount,
		quotas: (accounts, resource) => {
			if (accounts.length <= fewAccounts) {
				return account => quotaOfAccount(account, resource);
			}

			const rows = ofResource.all(resource) as Array<StoredQuota & {account: string}>;
			const byAccount = new Map(rows.map(row => [row.account, row]));
			return account => {
				const row = byAccount.get(account);
				return row === undefined ? unknownQuota : quotaOf(row);
			};
		},
		putTrust: (account, resource, trust) => {
			const {frozenUntil, throttledAt, rememberedUntil, step, successes, foreign, foreignUntil} = trust;
			putTrust.run(
				account,
				resource,
				frozenUntil,
				throttledAt,
				rememberedUntil,
				step,
				successes,
				foreign,
				foreignUntil,
			);
		},
		putProbing: (account, resource, until) => {
			putProbing.run(until, account, resource);
		},
		putTold: (account, resource, requests) => {
			putTold.run(account, resource, requests);
		},
		forget: now => {
			forget.run(now);
		},
		insert: ({account, resource, requests, countsUntil, chargedAt, owner}) =>
			Number(insert.run(account, resource, requests, countsUntil, chargedAt, owner).lastInsertRowid),
		settle: (id, countsUntil) => {
			settle.run(countsUntil, id);
		},
		remove: id => {
			remove.run(id);
		},
		roomAt: (account, resource, surplus, latest) => {
			let left = surplus;
			for (const row of inOrder.iterate(account, resource, 0)) {
				const {requests, countsUntil} = row as EntryRow;
				if (countsUntil > latest) {
					break;
				}

				left -= requests;
				if (left <= 0) {
					return countsUntil;
				}
			}

			cutShort.run(latest, account, resource, latest);
			return latest;
		},
		inBuckets: (account, resource, now, milliseconds) =>
			inBuckets.all(account, resource, now, Math.max(1, Math.round(milliseconds))) as EntryRow[],
		usedAt: (account, resource, now) => {
			// The sum holds those too that are over and were not removed yet.
			const {requests} = over.get(account, resource, now) as {requests: number};
			const {ends} = firstEnd.get(account, resource, now) as {ends: number | null};
			return {used: quotaOfAccount(account, resource).used - requests, ends: ends ?? undefined};
		},
		underWay: () => underWay.all() as ReturnType<LedgerRows['underWay']>[number][],
	};
}

function quotaOf(row: StoredQuota): QuotaRow {
	return {
		used: row.used,
		trust:
			row.throttled_at === null && row.foreign_requests === 0
				? fullTrust
				: {
						frozenUntil: row.frozen_until,
						throttledAt: row.throttled_at,
						rememberedUntil: row.remembered_until,
						step: row.step,
						successes: row.successes,
						foreign: row.foreign_requests,
						foreignUntil: row.foreign_until,
					},
		probingUntil: row.probing_until,
		told: row.told_limit ?? undefined,
	};
}
