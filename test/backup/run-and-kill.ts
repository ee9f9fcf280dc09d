import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {RunReport} from '../../source/runs/events.ts';
import type {SandboxRun} from './run-against-sandbox.ts';

/** A run in another process. */
export type RunningChild = {
	readonly reports: AsyncIterable<RunReport>;
	/** Kills it; gone when this returns. Fails where it had ended before. */
	readonly kill: () => Promise<void>;
};

export function startInChild(run: SandboxRun): RunningChild {
	const script = fileURLToPath(new URL('run-in-child.ts', import.meta.url));
	const child = spawn(process.execPath, ['--import=tsx', script], {stdio: ['pipe', 'pipe', 'ignore']});
	const gone = once(child, 'exit');
	child.stdin.end(JSON.stringify(run));
	return {
		reports: reportsIn(child.stdout),
		kill: async () => {
			child.kill('SIGKILL');
			assert.deepEqual(await gone, [null, 'SIGKILL']);
		},
	};
}

/** Runs in another process, which is killed the moment that an event says; gone when this returns. */
export async function runAndKill(
	run: SandboxRun,
	isNow: (report: RunReport, count: number) => boolean,
): Promise<void> {
	const child = startInChild(run);
	let count = 0;
	for await (const report of child.reports) {
		count += 1;
		if (isNow(report, count)) {
			break;
		}
	}

	await child.kill();
}

async function* reportsIn(output: NodeJS.ReadableStream): AsyncIterable<RunReport> {
	for await (const line of createInterface({input: output})) {
		yield JSON.parse(line) as RunReport;
	}
}
