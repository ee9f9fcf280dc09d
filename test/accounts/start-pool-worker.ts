import {type ChildProcess, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {PoolReading} from './read-through-pool.ts';

export type PoolWorker = {
	readonly process: ChildProcess;
	/** What it has read so far, in that order. */
	readonly read: ReadonlyArray<{readonly path: string; readonly at: number}>;
	/** Resolves when the process has ended, with its exit code or the signal that ended it. */
	readonly ended: Promise<number | string | null>;
};

/** Reads through a pool in a process of its own. @param onRead Told how many things were read so far. */
export function startPoolWorker(
	reading: PoolReading,
	onRead: (count: number, worker: ChildProcess) => void = () => undefined,
): PoolWorker {
	const script = fileURLToPath(new URL('pool-worker.ts', import.meta.url));
	const child = spawn(process.execPath, ['--import=tsx', script], {stdio: ['pipe', 'pipe', 'inherit']});
	const read: Array<{path: string; at: number}> = [];
	createInterface({input: child.stdout}).on('line', line => {
		const said = JSON.parse(line) as {path?: string; at?: number};
		if (said.path !== undefined && said.at !== undefined) {
			read.push({path: said.path, at: said.at});
			onRead(read.length, child);
		}
	});
	child.stdin.end(JSON.stringify(reading));
	const ended = new Promise<number | string | null>(resolve => {
		child.once('close', (code, signal) => resolve(code ?? signal));
	});
	return {process: child, read, ended};
}
