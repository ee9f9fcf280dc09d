import {chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {tryProcessLock} from '../system/process-lock.ts';
import {SaveFailed} from '../system/save-failed.ts';
import {type DatabaseSync, openDatabase, rollBack} from '../system/sqlite.ts';
import {UserError} from '../system/user-error.ts';

/** Version of the tables as a whole, in SQLite's `user_version`. Who owns a table makes it where it is missing. */
const currentVersion = 2;

/**
Opens the database of what the program finds out: ledgers, catalog, checks of credentials. Its tables are made by those
who own them.

A damaged one is put aside as `state.db.damaged-<time>` and begun anew: everything in it can be found out again, but for
what was sent in the last hour; `lostAt` tells since when the ledgers know everything again.

Commits survive the end of the process, however it ends. After a power cut the last ones may be gone, never half of one:
to wait for the disk at each request would cost more than a few requests too many.

@param onRebuilt Gets a sentence for a person when that was done just now.
@throws UserError where it was written by a newer program, or cannot be opened.
*/
export function openStateDatabase(path: string, onRebuilt?: (notice: string) => void): DatabaseSync {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	// Before it is opened, which may write to it.
	const writtenAt = lastWritten(path);
	try {
		return open(path);
	} catch (error) {
		if (!isDamage(error)) {
			throw error instanceof UserError ? error : new SaveFailed(`The state database ${path}`, error);
		}

		return rebuild(path, writtenAt, onRebuilt);
	}
}

/**
Epoch milliseconds until when something may have been noted that is lost, because a damaged database was begun anew; undefined
where nothing ever was.
*/
export function lostAt(database: DatabaseSync): number | undefined {
	const row = database.prepare('SELECT max(coalesce(written_at, at)) AS moment FROM rebuilt').get();
	const {moment} = row as {moment: string | null};
	return moment === null ? undefined : Date.parse(moment);
}

/** Epoch milliseconds at which the file, or a log beside it, was last written to; undefined where there is none. */
function lastWritten(path: string): number | undefined {
	const moments = [path, `${path}-wal`].flatMap(file =>
		existsSync(file) ? [statSync(file).mtime.getTime()] : [],
	);
	return moments.length === 0 ? undefined : Math.max(...moments);
}

function open(path: string): DatabaseSync {
	makePrivateFile(path);
	const database = openDatabase(path);
	try {
		// Other processes charge the same ledgers: each waits for its turn, some tens of microseconds. Whoever stands still in
		// the middle of its turn must not hold up a screen for long.
		database.exec(`
			PRAGMA busy_timeout = 2000;
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
	// In one transaction: another process may be opening it for the first time too.
	database.exec('BEGIN IMMEDIATE');
	try {
		const {user_version: version} = database.prepare('PRAGMA user_version').get() as {user_version: number};
		if (version > currentVersion) {
			throw new UserError(
				`${path} was written by a newer Bucket Brigade (form ${version}). Update this one; nothing was changed.`,
			);
		}

		if (version < currentVersion) {
			database.exec([...steps.slice(version), `PRAGMA user_version = ${currentVersion}`].join(';'));
		}

		database.exec('COMMIT');
	} catch (error) {
		rollBack(database);
		throw error;
	}
}

/** What makes each version of the one before it. */
const steps = [
	'CREATE TABLE IF NOT EXISTS rebuilt (at TEXT NOT NULL) STRICT',
	'ALTER TABLE rebuilt ADD COLUMN written_at TEXT',
];

function rebuild(
	path: string,
	writtenAt: number | undefined,
	onRebuilt: ((notice: string) => void) | undefined,
): DatabaseSync {
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
		const now = new Date();
		const written = new Date(Math.min(writtenAt ?? now.getTime(), now.getTime()));
		database
			.prepare('INSERT INTO rebuilt (at, written_at) VALUES (?, ?)')
			.run(now.toISOString(), written.toISOString());
		onRebuilt?.(
			`${path} was damaged and is begun anew; the damaged one is kept as ${aside}. What was sent before is not known any more: no request is sent until one window of its quota (an hour, as a rule) has passed since the damaged one was last written.`,
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
