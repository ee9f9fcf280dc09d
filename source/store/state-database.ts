import {mkdirSync, renameSync, rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {type DatabaseSync, openDatabase} from '../system/sqlite.ts';

/**
Opens the database of what the program finds out: ledgers, catalog, checks of credentials. Its tables are made by those
who own them.

A damaged one is put aside and begun anew: everything in it can be found out again.
*/
export function openStateDatabase(path: string): DatabaseSync {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	try {
		return open(path);
	} catch (error) {
		if (!isDamage(error)) {
			throw error;
		}

		renameSync(path, `${path}.damaged-${process.pid}`);
		for (const companion of ['-wal', '-shm']) {
			rmSync(`${path}${companion}`, {force: true});
		}

		return open(path);
	}
}

function open(path: string): DatabaseSync {
	const database = openDatabase(path);
	try {
		// Other processes charge the same ledgers: each waits for its turn, some tens of microseconds.
		database.exec(`
			PRAGMA busy_timeout = 10000;
			PRAGMA journal_mode = WAL;
			PRAGMA synchronous = NORMAL;
		`);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** SQLITE_CORRUPT and SQLITE_NOTADB: https://sqlite.org/rescode.html */
function isDamage(error: unknown): boolean {
	const code = ((error as {errcode?: number} | undefined)?.errcode ?? 0) & 0xff;
	return code === 11 || code === 26;
}
