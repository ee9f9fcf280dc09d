import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {bundle} from '../../scripts/bundle.ts';

export type ProgramOptions = {
	readonly environment?: Readonly<Record<string, string>>;
	/** What the program reads on standard input. */
	readonly input?: string;
	/** The program and arguments that start it: `strace`, say. */
	readonly under?: readonly string[];
};

export type Ended = {readonly code: number | null; readonly stdout: string; readonly stderr: string};

export type Running = {
	readonly child: ChildProcess;
	readonly stdout: () => string;
	/** Resolves once standard output matches. */
	readonly printed: (pattern: RegExp) => Promise<void>;
	/** Resolves once standard error matches. */
	readonly noted: (pattern: RegExp) => Promise<void>;
	readonly ended: Promise<Ended>;
};

/** A home of its own, and a way to run the program in it as a process, bundled as it is shipped. */
export type TestHome = {
	readonly folder: string;
	readonly home: string;
	readonly start: (commandLine: readonly string[], options?: ProgramOptions) => Running;
	readonly run: (commandLine: readonly string[], options?: ProgramOptions) => Promise<Ended>;
	/** Writes a secret file and returns its path. */
	readonly secretFile: (name: string, secret: string) => Promise<string>;
	readonly close: () => Promise<void>;
};

export async function openTestHome(): Promise<TestHome> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-test-'));
	const home = join(folder, 'home');
	const program = join(folder, 'program');
	await bundle(program);
	const running = new Set<ChildProcess>();

	const start: TestHome['start'] = (commandLine, {environment = {}, input = '', under = []} = {}) => {
		const [first = '', ...rest] = [...under, process.execPath, join(program, 'cli.js'), ...commandLine];
		const child = spawn(first, rest, {
			env: {
				PATH: process.env['PATH'] ?? '',
				TMPDIR: folder,
				BUCKET_BRIGADE_HOME: home,
				...environment,
			},
			stdio: ['pipe', 'pipe', 'pipe'],
		});
		running.add(child);
		child.stdin.on('error', () => undefined);
		child.stdin.end(input);
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
		});
		const ended = once(child, 'close').then(([code]): Ended => {
			running.delete(child);
			return {code: code as number | null, stdout, stderr};
		});
		const untilMatches = async (
			stream: NodeJS.ReadableStream,
			text: () => string,
			pattern: RegExp,
		): Promise<void> => {
			while (!pattern.test(text())) {
				const more = await Promise.race([once(stream, 'data'), ended.then(() => undefined)]);
				if (more === undefined && !pattern.test(text())) {
					throw new Error(`It ended without ${pattern}: ${stdout}${stderr}`);
				}
			}
		};

		return {
			child,
			stdout: () => stdout,
			printed: async pattern => untilMatches(child.stdout, () => stdout, pattern),
			noted: async pattern => untilMatches(child.stderr, () => stderr, pattern),
			ended,
		};
	};

	const removeAll = (): void => {
		for (const child of running) {
			child.kill('SIGKILL');
		}

		rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
	};

	// A test that is stopped from outside leaves nothing behind either: a run would go on without its reader.
	process.once('exit', removeAll);
	process.once('SIGTERM', () => process.exit(143));

	return {
		folder,
		home,
		start,
		run: async (commandLine, options) => start(commandLine, options).ended,
		secretFile: async (name, secret) => {
			const path = join(folder, name);
			await writeFile(path, `${secret}\n`, {mode: 0o600});
			return path;
		},
		close: async () => {
			process.off('exit', removeAll);
			removeAll();
		},
	};
}
