import {type DatabaseSync, rollBack} from '../system/sqlite.ts';

/**
How what an answer tells comes into the database: now, or else with the next charge, which fails if the database cannot be
written at all. An answer that is here must not be lost because it cannot be noted that it came; a request counts for longer
until it is.
*/
export type LedgerWrites = {
	/** Work of a single statement, which is a transaction of its own. */
	readonly one: (work: () => void) => void;
	readonly several: (work: () => void) => void;
	/** Does what could not be written before, and the work, in one transaction. @throws the database's error. */
	readonly withLate: <Result>(work: () => Result) => Result;
};

export function createLedgerWrites(database: DatabaseSync): LedgerWrites {
	const late: Array<() => void> = [];

	const soon = (work: () => void, write: () => void): void => {
		try {
			write();
		} catch {
			late.push(work);
		}
	};

	return {
		one: work => {
			soon(work, work);
		},
		several: work => {
			soon(work, () => inTransaction(database, work));
		},
		withLate: work => {
			const result = inTransaction(database, () => {
				for (const missed of late) {
					missed();
				}

				return work();
			});
			late.length = 0;
			return result;
		},
	};
}

/** Immediate, so that what is read in it still holds when it writes, whatever other processes do. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
	database.exec('BEGIN IMMEDIATE');
	try {
		const result = work();
		database.exec('COMMIT');
		return result;
	} catch (error) {
		rollBack(database);
		throw error;
	}
}

const busyCode = 5;

/** SQLITE_BUSY: another process stands still in the middle of a transaction. https://sqlite.org/rescode.html#busy */
export function isBusy(error: unknown): boolean {
	return ((error as {errcode?: number} | undefined)?.errcode ?? 0) % 256 === busyCode;
}
