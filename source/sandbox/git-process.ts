import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {endChildren} from './end-children.ts';

/** The sandbox's own environment for git: nothing of the person's configuration, fixed language and time zone. */
export function gitEnvironment(further: Readonly<Record<string, string>> = {}): Record<string, string> {
	return {
		PATH: process.env['PATH'] ?? '/usr/bin:/bin',
		HOME: '/nonexistent',
		LC_ALL: 'C',
		TZ: 'UTC',
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_TERMINAL_PROMPT: '0',
		...further,
	};
}

/** Starts git and waits for it. Rejects with what git said when it fails. */
export type GitProcess = {
	readonly run: (
		gitDirectory: string,
		parameters: readonly string[],
		options?: {readonly input?: Uint8Array; readonly environment?: Readonly<Record<string, string>>},
	) => Promise<Buffer>;
	/** Kills what still runs, and starts nothing more. */
	readonly close: () => Promise<void>;
};

export function createGitProcess(): GitProcess {
	const running = new Set<ChildProcess>();
	let closed = false;
	return {
		async run(gitDirectory, parameters, {input, environment} = {}) {
			if (closed) {
				throw new Error('The sandbox is closed.');
			}

			const child = spawn('git', [`--git-dir=${gitDirectory}`, ...parameters], {
				env: gitEnvironment(environment),
				stdio: ['pipe', 'pipe', 'pipe'],
			});
			running.add(child);
			const output: Buffer[] = [];
			const complaints: Buffer[] = [];
			child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
			child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
			// A git that ends early closes its input; its exit code tells all there is to tell.
			child.stdin.on('error', () => {});
			child.stdin.end(input);
			try {
				const [exitCode] = (await once(child, 'close')) as [number | null];
				if (exitCode !== 0) {
					throw new Error(
						`The sandbox's git ${parameters[0]} ended with ${exitCode}: ${Buffer.concat(complaints).toString().trim()}`,
					);
				}

				return Buffer.concat(output);
			} finally {
				running.delete(child);
			}
		},
		async close() {
			closed = true;
			await endChildren(running);
		},
	};
}
