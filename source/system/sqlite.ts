import {createRequire} from 'node:module';
import type * as Sqlite from 'node:sqlite';

export type {DatabaseSync} from 'node:sqlite';

/**
Opens an SQLite database with Node's own engine.

Node 22 calls `node:sqlite` experimental when it is loaded. Nobody who looks at a backup can do anything about that, so
this one warning is kept from standard error; all others pass.
*/
export function openDatabase(path: string): Sqlite.DatabaseSync {
	const {DatabaseSync} = withoutExperimentalWarning(
		() => createRequire(import.meta.url)('node:sqlite') as typeof Sqlite,
	);
	return new DatabaseSync(path);
}

function withoutExperimentalWarning<Result>(load: () => Result): Result {
	const {emitWarning} = process;
	process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
		if (!String(warning).startsWith('SQLite is an experimental feature')) {
			Reflect.apply(emitWarning, process, [warning, ...rest]);
		}
	}) as typeof process.emitWarning;
	try {
		return load();
	} finally {
		process.emitWarning = emitWarning;
	}
}
