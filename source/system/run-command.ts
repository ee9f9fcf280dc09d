import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import type {Clock} from './clock.ts';

/** How a command ended. */
export type CommandEnd = {
	readonly end:
		| {readonly kind: 'exited'; readonly code: number}
		| {readonly kind: 'killed'; readonly signal: string}
		/** It took longer than it may. */
		| {readonly kind: 'late'}
		| {readonly kind: 'not-started'; readonly reason: string};
	/** The beginning of what it printed, on both outputs; as it came, neither sanitized nor redacted. */
	readonly output: string;
};

export type CommandOptions = {
	readonly environment: Readonly<Record<string, string>>;
	/** What it reads on its standard input. */
	readonly input: string;
	readonly clock: Pick<Clock, 'wait'>;
	/** After so long it is killed, with all that it started. */
	readonly limitMilliseconds: number;
};

const keptOutputBytes = 8 * 1024;

/** What it printed at its end may still be on its way; something that it left running may hold its output open for ever. */
const drainMilliseconds = 250;

/** Runs a program of the user's in a process group of its own, without a shell. Never throws. */
export async function runCommand(
	[program, ...words]: readonly [string, ...string[]],
	{environment, input, clock, limitMilliseconds}: CommandOptions,
): Promise<CommandEnd> {
	let child: ChildProcess;
	try {
		child = spawn(program, words, {env: environment, detached: true, stdio: ['pipe', 'pipe', 'pipe']});
	} catch (error) {
		return {end: {kind: 'not-started', reason: reasonOf(error)}, output: ''};
	}

	const output: Buffer[] = [];
	let kept = 0;
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (part: Buffer) => {
			const taken = part.subarray(0, keptOutputBytes - kept);
			kept += taken.length;
			output.push(taken);
		});
	}

	const closed = once(child, 'close').catch(() => undefined);
	// It need not read what it is told.
	child.stdin?.on('error', () => undefined);
	child.stdin?.end(input);
	const over = new AbortController();
	const end = await Promise.race([endOf(child), late(clock, limitMilliseconds, over.signal)]);
	if (end.kind === 'late') {
		killGroup(child);
	}

	if (end.kind !== 'not-started') {
		await Promise.race([closed, clock.wait(drainMilliseconds, over.signal).catch(() => undefined)]);
	}

	over.abort();
	child.stdout?.destroy();
	child.stderr?.destroy();
	child.unref();
	return {end, output: Buffer.concat(output).toString('utf8')};
}

async function endOf(child: ChildProcess): Promise<CommandEnd['end']> {
	return new Promise(resolve => {
		child.once('error', error => resolve({kind: 'not-started', reason: reasonOf(error)}));
		child.once('exit', (code, signal) =>
			resolve(code === null ? {kind: 'killed', signal: signal ?? 'a signal'} : {kind: 'exited', code}),
		);
	});
}

async function late(
	clock: Pick<Clock, 'wait'>,
	milliseconds: number,
	signal: AbortSignal,
): Promise<{readonly kind: 'late'}> {
	await clock.wait(milliseconds, signal).catch(() => undefined);
	return {kind: 'late'};
}

function killGroup({pid}: ChildProcess): void {
	try {
		if (pid !== undefined) {
			process.kill(-pid, 'SIGKILL');
		}
	} catch {
		// All of them ended in the meantime.
	}
}

function reasonOf(error: unknown): string {
	const {code, message} = error as NodeJS.ErrnoException;
	return code === 'ENOENT' ? 'there is no such program' : (code ?? message);
}
