import {createRequire} from 'node:module';
import type * as Sqlite from 'node:sqlite';

export type {DatabaseSync} from 'node:sqlite';

/** Opens an SQLite database with Node's own engine. */
export function openDatabase(path: string): Sqlite.DatabaseSync {
	const {DatabaseSync} = loadSilently();
	return new DatabaseSync(path);
}

/** Takes a transaction back. After some errors (a full disk) SQLite has done so itself: what went wrong first is what has to be told. */
export function rollBack(database: Sqlite.DatabaseSync): void {
	try {
		database.exec('ROLLBACK');
	} catch {
		// There is none any more.
	}
}

/**
Node 22 calls `node:sqlite` experimental when it is loaded. Nobody who looks at a backup can do anything about that, so
this one warning is kept from standard error; all others pass.

Loaded on demand, not imported: an import is executed before the filter could be set.
*/
function loadSilently(): typeof Sqlite {
	const {emitWarning} = process;
	process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
		if (!String(warning).startsWith('SQLite is an experimental feature')) {
			Reflect.apply(emitWarning, process, [warning, ...rest]);
		}
	}) as typeof process.emitWarning;
	try {
		return createRequire(import.meta.url)('node:sqlite') as typeof Sqlite;
	} finally {
		process.emitWarning = emitWarning;
	}
}
