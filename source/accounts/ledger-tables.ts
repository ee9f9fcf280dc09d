import type {DatabaseSync} from '../system/sqlite.ts';

/** Columns of the ledger's tables. Moments are machine time in milliseconds. */
const columns: Readonly<Record<string, readonly string[]>> = {
	quota_entries: ['id', 'account', 'resource', 'requests', 'counts_until', 'charged_at', 'owner'],
	quotas: [
		'account',
		'resource',
		'used',
		'frozen_until',
		'throttled_at',
		'remembered_until',
		'step',
		'successes',
		'foreign_requests',
		'foreign_until',
		'probing_until',
		'told_limit',
	],
	quota_waiters: ['owner', 'account', 'resource', 'served', 'waiting_until'],
	quota_time: ['boot', 'elapsed', 'wall', 'unknown_before'],
};

/*
What counts is kept beside the entries as one sum for each account and resource, by triggers, so that neither ever says
something else than the other: to add up 10,000 entries of 50 accounts for each request would take longer than the request.
*/
const definitions = `
	CREATE TABLE IF NOT EXISTS quota_entries (
		id INTEGER PRIMARY KEY,
		account TEXT NOT NULL,
		resource TEXT NOT NULL,
		requests INTEGER NOT NULL CHECK (requests > 0),
		counts_until INTEGER NOT NULL,
		charged_at INTEGER,
		owner INTEGER
	) STRICT;
	CREATE INDEX IF NOT EXISTS quota_entries_by_end ON quota_entries (counts_until);
	CREATE INDEX IF NOT EXISTS quota_entries_by_account ON quota_entries (account, resource, counts_until, requests);
	CREATE TABLE IF NOT EXISTS quotas (
		account TEXT NOT NULL,
		resource TEXT NOT NULL,
		used INTEGER NOT NULL DEFAULT 0,
		frozen_until INTEGER NOT NULL DEFAULT 0,
		throttled_at INTEGER,
		remembered_until INTEGER NOT NULL DEFAULT 0,
		step INTEGER NOT NULL DEFAULT 0,
		successes INTEGER NOT NULL DEFAULT 0,
		foreign_requests INTEGER NOT NULL DEFAULT 0,
		foreign_until INTEGER NOT NULL DEFAULT 0,
		probing_until INTEGER NOT NULL DEFAULT 0,
		told_limit INTEGER CHECK (told_limit > 0),
		PRIMARY KEY (account, resource)
	) STRICT, WITHOUT ROWID;
	CREATE TRIGGER IF NOT EXISTS quota_entry_added AFTER INSERT ON quota_entries BEGIN
		INSERT INTO quotas (account, resource, used) VALUES (new.account, new.resource, new.requests)
		ON CONFLICT DO UPDATE SET used = used + new.requests;
	END;
	CREATE TRIGGER IF NOT EXISTS quota_entry_removed AFTER DELETE ON quota_entries BEGIN
		UPDATE quotas SET used = used - old.requests WHERE account = old.account AND resource = old.resource;
	END;
	CREATE TABLE IF NOT EXISTS quota_waiters (
		owner TEXT NOT NULL,
		account TEXT NOT NULL,
		resource TEXT NOT NULL,
		served INTEGER NOT NULL,
		waiting_until INTEGER NOT NULL,
		PRIMARY KEY (owner, account, resource)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE IF NOT EXISTS quota_time (
		boot TEXT NOT NULL,
		elapsed INTEGER NOT NULL,
		wall INTEGER NOT NULL,
		unknown_before INTEGER
	) STRICT;
`;

/**
Makes the ledger's tables where they are missing.

@returns whether there were others under their names, which nobody can read: what they said is lost.
*/
export function prepareLedgerTables(database: DatabaseSync): {readonly wasLost: boolean} {
	const wasLost = Object.keys(columns).some(table => !isAsExpected(database, table));
	if (wasLost) {
		const tables = Object.keys(columns).map(table => `DROP TABLE IF EXISTS ${table};`);
		database.exec(tables.join('\n'));
	}

	database.exec(definitions);
	return {wasLost};
}

/** Sums that say something else than the entries do (somebody was at the file) are put right. */
export function putSumsRight(database: DatabaseSync): void {
	database.exec(`
		UPDATE quota_entries SET requests = 1000000 WHERE requests > 1000000;
		UPDATE quotas SET used = total.requests
		FROM (
			SELECT quotas.account, quotas.resource, coalesce(sum(requests), 0) AS requests
			FROM quotas LEFT JOIN quota_entries USING (account, resource)
			GROUP BY quotas.account, quotas.resource
		) AS total
		WHERE quotas.account = total.account AND quotas.resource = total.resource AND used <> total.requests;
	`);
}

/**
Moments that lie farther ahead than any could (a page of the file was hurt) are taken back: no account rests for ever.

@param latest Machine time in milliseconds.
*/
export function takeMomentsBack(database: DatabaseSync, latest: number): void {
	for (const column of ['frozen_until', 'foreign_until', 'remembered_until', 'probing_until']) {
		database.prepare(`UPDATE quotas SET ${column} = ? WHERE ${column} > ?`).run(latest, latest);
	}
}

function isAsExpected(database: DatabaseSync, table: string): boolean {
	const found = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as Array<{
		name: string;
	}>;
	return found.length === 0 || found.map(({name}) => name).join() === columns[table]?.join();
}
