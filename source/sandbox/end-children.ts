import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';

/** Kills processes that still run, and returns once all are gone. */
export async function endChildren(running: Iterable<ChildProcess>): Promise<void> {
	const children = [...running];
	const ended = children.map(async child => once(child, 'close'));
	for (const child of children) {
		child.kill('SIGKILL');
	}

	await Promise.allSettled(ended);
}
