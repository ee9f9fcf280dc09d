import {chmodSync} from 'node:fs';
import type {Clock} from './clock.ts';
import {type DatabaseSync, openDatabase} from './sqlite.ts';
import {UserError} from './user-error.ts';

/** A lock that the kernel holds for this process: it is gone when the process is, however it ends, and stays while it is stopped. */
export type ProcessLock = {readonly release: () => void};

/**
Takes the exclusive lock that a file stands for.

The file is an SQLite database whose exclusive transaction is held: Node has no `flock` of its own, SQLite does the same
with the kernel's record locks. Nothing else may open the file in this process: when any of its open files is closed, the
kernel drops the lock.

@returns undefined where another holder has it, in this process or in another.
@throws Error with code `ERR_SQLITE_ERROR` where the file cannot be made or locked.
*/
export function tryProcessLock(path: string): ProcessLock | undefined {
	let database: DatabaseSync | undefined;
	try {
		database = openDatabase(path);
		// The lock must not outlive or depend on files beside it, as a write-ahead log would make it. Nothing is ever written either.
		database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
		chmodSync(path, 0o600);
	} catch (error) {
		database?.close();
		if (isBusy(error)) {
			return undefined;
		}

		throw withPath(error, path);
	}

	const held = database;
	heldLocks.add(held);
	return {
		release: () => {
			if (heldLocks.delete(held)) {
				held.close();
			}
		},
	};
}

/** A database that nobody refers to any more is closed by the garbage collector, and its lock would be gone. */
const heldLocks = new Set<DatabaseSync>();

const pollMilliseconds = 20;

/** Waits for the lock. @throws UserError when another holder keeps it for longer than the time given. */
export async function waitForProcessLock(
	path: string,
	options: {readonly clock: Clock; readonly timeoutMilliseconds: number},
): Promise<ProcessLock> {
	const {clock, timeoutMilliseconds} = options;
	const deadline = clock.elapsed() + timeoutMilliseconds;
	for (;;) {
		const lock = tryProcessLock(path);
		if (lock !== undefined) {
			return lock;
		}

		if (clock.elapsed() >= deadline) {
			throw new UserError(
				`Another process has held ${path} for ${Math.round(timeoutMilliseconds / 1000)} seconds. End it, or try again.`,
			);
		}

		await clock.wait(pollMilliseconds);
	}
}

/** Does something while the lock is held. @throws UserError when another holder keeps it for longer than the time given. */
export async function withProcessLock<Result>(
	path: string,
	options: {readonly clock: Clock; readonly timeoutMilliseconds: number},
	work: () => Promise<Result>,
): Promise<Result> {
	const lock = await waitForProcessLock(path, options);
	try {
		return await work();
	} finally {
		lock.release();
	}
}

function isBusy(error: unknown): boolean {
	// SQLITE_BUSY and SQLITE_LOCKED: https://sqlite.org/rescode.html
	const code = (error as {errcode?: number} | undefined)?.errcode ?? 0;
	return (code & 0xff) === 5 || (code & 0xff) === 6;
}

/** SQLite does not say which file it could not open. */
function withPath(error: unknown, path: string): unknown {
	if (error instanceof Error) {
		error.message = `${path} cannot be locked: ${error.message}`;
	}

	return error;
}
