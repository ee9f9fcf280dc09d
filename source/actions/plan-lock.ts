import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as z from 'zod';
import type {Home} from '../store/home.ts';
import {isProcessAlive} from '../system/process-alive.ts';
import {type ProcessLock, tryProcessLock} from '../system/process-lock.ts';
import {SaveFailed} from '../system/save-failed.ts';
import {UserError} from '../system/user-error.ts';
import {planOfRun} from './run-id.ts';

const OwnerSchema = z.looseObject({run: z.string(), pid: z.number().int().positive()});

/** The run that holds a plan's lock, and its process. */
export type PlanLockOwner = z.infer<typeof OwnerSchema>;

function paths(home: Home, plan: string): {readonly lock: string; readonly owner: string} {
	return {lock: join(home.locks, `plan-${plan}.lock`), owner: join(home.locks, `plan-${plan}.owner.json`)};
}

/**
Takes a plan for this process alone: one run of a plan at a time. The kernel frees it when the process dies, however it dies.

@param run The run that takes it; told to whoever comes second.
@throws UserError where another process has it; SaveFailed where it cannot be noted who has it.
*/
export async function lockPlan(home: Home, plan: string, run?: string): Promise<ProcessLock> {
	const {lock: lockPath, owner} = paths(home, plan);
	const lock = tryProcessLock(lockPath);
	if (lock === undefined) {
		const running = readOwner(owner)?.run;
		throw new UserError(
			running === undefined
				? `The plan "${plan}" is in use by another process. Try again when it is done.`
				: `The plan "${plan}" is running already, as ${running}. Watch it with: bucket-brigade watch ${running}`,
		);
	}

	try {
		rmSync(owner, {force: true});
		if (run !== undefined) {
			writeFileSync(owner, JSON.stringify({run, pid: process.pid}), {mode: 0o600});
		}
	} catch (error) {
		lock.release();
		throw new SaveFailed(`The file ${owner}`, error);
	}

	return {
		release: () => {
			rmSync(owner, {force: true});
			lock.release();
		},
	};
}

/**
The process of a run that goes on now, or undefined where it does not.

The lock decides, since a process id may belong to a stranger by now; it is touched only where everything else says that
the run lives, so that looking never keeps a run from starting.
*/
export function runningProcess(home: Home, run: string): number | undefined {
	const {lock: lockPath, owner: ownerPath} = paths(home, planOfRun(run));
	const owner = readOwner(ownerPath);
	if (owner?.run !== run || !isProcessAlive(owner.pid)) {
		return undefined;
	}

	const lock = tryProcessLock(lockPath);
	lock?.release();
	return lock === undefined ? owner.pid : undefined;
}

export function isRunning(home: Home, run: string): boolean {
	return runningProcess(home, run) !== undefined;
}

function readOwner(path: string): PlanLockOwner | undefined {
	try {
		return OwnerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
	} catch {
		return undefined;
	}
}
