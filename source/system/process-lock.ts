import {chmodSync} from 'node:fs';
import type {Clock} from './clock.ts';
import {type DatabaseSync, openDatabase} from './sqlite.ts';
import {UserError} from './user-error.ts';

/** A lock that the kernel holds for this process: it is gone when the process is, however it ends, and stays while it is stopped. */
export type ProcessLock = {readonly release: () => void};

/**
Takes the exclusive lock that a file stands for.

The file is an SQLite database whose exclusive transaction is held: Node has no `flock` of its own, SQLite does the same
with the kernel's record locks.

@returns undefined where another holder has it, in this process or in another.
*/
export function tryProcessLock(path: string): ProcessLock | undefined {
	const database = openDatabase(path);
	try {
		// The lock must not outlive or depend on files beside it, as a write-ahead log would make it.
		database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
		chmodSync(path, 0o600);
	} catch (error) {
		database.close();
		if (isBusy(error)) {
			return undefined;
		}

		throw error;
	}

	return {release: () => release(database)};
}

const pollMilliseconds = 20;

/** Waits for the lock. @throws UserError when another holder keeps it for longer than the time given. */
export async function waitForProcessLock(
	path: string,
	options: {readonly clock: Clock; readonly timeoutMilliseconds: number},
): Promise<ProcessLock> {
	const {clock, timeoutMilliseconds} = options;
	const deadline = clock.now() + timeoutMilliseconds;
	for (;;) {
		const lock = tryProcessLock(path);
		if (lock !== undefined) {
			return lock;
		}

		if (clock.now() >= deadline) {
			throw new UserError(
				`Another process has held ${path} for ${Math.round(timeoutMilliseconds / 1000)} seconds. End it, or try again.`,
			);
		}

		await clock.wait(pollMilliseconds);
	}
}

function release(database: DatabaseSync): void {
	if (database.isOpen) {
		database.close();
	}
}

function isBusy(error: unknown): boolean {
	// SQLITE_BUSY and SQLITE_LOCKED: https://sqlite.org/rescode.html
	const code = (error as {errcode?: number} | undefined)?.errcode ?? 0;
	return (code & 0xff) === 5 || (code & 0xff) === 6;
}
