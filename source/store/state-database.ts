import {chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {tryProcessLock} from '../system/process-lock.ts';
import {type DatabaseSync, openDatabase} from '../system/sqlite.ts';
import {UserError} from '../system/user-error.ts';

/** Version of the tables as a whole, in SQLite's `user_version`. Who owns a table makes it where it is missing. */
const currentVersion = 1;

/**
Opens the database of what the program finds out: ledgers, catalog, checks of credentials. Its tables are made by those
who own them.

A damaged one is put aside as `state.db.damaged-<time>` and begun anew: everything in it can be found out again. Until that
has happened the ledgers know less than Bitbucket does; `rebuiltAt` tells.

Commits survive the end of the process, however it ends. After a power cut the last ones may be gone, never half of one:
to wait for the disk at each request would cost more than a few requests too many.

@param onRebuilt Gets a sentence for a person when that was done just now.
@throws UserError where it was written by a newer program.
*/
export function openStateDatabase(path: string, onRebuilt?: (notice: string) => void): DatabaseSync {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	try {
		return open(path);
	} catch (error) {
		if (!isDamage(error)) {
			throw error;
		}

		return rebuild(path, onRebuilt);
	}
}

/** ISO-8601 time at which the database was begun anew in the place of a damaged one; undefined where it never was. */
export function rebuiltAt(database: DatabaseSync): string | undefined {
	const row = database.prepare('SELECT at FROM rebuilt ORDER BY at DESC LIMIT 1').get();
	return (row as {at: string} | undefined)?.at;
}

function open(path: string): DatabaseSync {
	makePrivateFile(path);
	const database = openDatabase(path);
	try {
		// Other processes charge the same ledgers: each waits for its turn, some tens of microseconds.
		database.exec(`
			PRAGMA busy_timeout = 10000;
			PRAGMA journal_mode = WAL;
			PRAGMA synchronous = NORMAL;
			PRAGMA foreign_keys = ON;
		`);
		assertWhole(database);
		prepareTables(database, path);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** Made before SQLite would, for its owner alone; the files beside it take over its modes. */
function makePrivateFile(path: string): void {
	if (existsSync(path)) {
		chmodSync(path, 0o600);
		return;
	}

	closeSync(openSync(path, 'a', 0o600));
}

/** Damage in a table is found when it is read, which may be much later: so all of it is looked at now. */
function assertWhole(database: DatabaseSync): void {
	const [row] = database.prepare('PRAGMA quick_check(1)').all() as Array<{quick_check?: unknown}>;
	if (row?.quick_check !== 'ok') {
		throw Object.assign(new Error('the state database is damaged'), {errcode: corruptCode});
	}
}

function prepareTables(database: DatabaseSync, path: string): void {
	const {user_version: version} = database.prepare('PRAGMA user_version').get() as {user_version: number};
	if (version > currentVersion) {
		throw new UserError(
			`${path} was written by a newer Bucket Brigade (form ${version}). Update this one; nothing was changed.`,
		);
	}

	if (version < currentVersion) {
		database.exec(`
			CREATE TABLE IF NOT EXISTS rebuilt (at TEXT NOT NULL) STRICT;
			PRAGMA user_version = ${currentVersion};
		`);
	}
}

function rebuild(path: string, onRebuilt: ((notice: string) => void) | undefined): DatabaseSync {
	const lock = lockFor(path);
	try {
		// Another process may have begun it anew in the meantime.
		try {
			return open(path);
		} catch (error) {
			if (!isDamage(error)) {
				throw error;
			}
		}

		const aside = `${path}.damaged-${statSync(path).mtime.toISOString().replaceAll(/[-:]/g, '')}`;
		// The log first: beside a new database it would be taken for that one's own.
		for (const suffix of ['-wal', '-shm', '']) {
			if (existsSync(`${path}${suffix}`)) {
				renameSync(`${path}${suffix}`, `${aside}${suffix}`);
			}
		}

		const database = open(path);
		database.exec(`INSERT INTO rebuilt (at) VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`);
		onRebuilt?.(
			`${path} was damaged and is begun anew; the damaged one is kept as ${aside}. For an hour the quotas may be taken for larger than they are.`,
		);
		return database;
	} finally {
		lock.release();
	}
}

const patienceMilliseconds = 10_000;
const pollMilliseconds = 20;

function lockFor(path: string): {readonly release: () => void} {
	for (let waited = 0; waited < patienceMilliseconds; waited += pollMilliseconds) {
		const lock = tryProcessLock(`${path}.lock`);
		if (lock !== undefined) {
			return lock;
		}

		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMilliseconds);
	}

	throw new UserError(`Another process has been mending ${path} for too long. End it, or try again.`);
}

const corruptCode = 11;
const notADatabaseCode = 26;

/** SQLITE_CORRUPT and SQLITE_NOTADB: https://sqlite.org/rescode.html */
function isDamage(error: unknown): boolean {
	const code = ((error as {errcode?: number} | undefined)?.errcode ?? 0) & 0xff;
	return code === corruptCode || code === notADatabaseCode;
}
