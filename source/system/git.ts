import {type ChildProcess, spawn} from 'node:child_process';
import {gitEnvironment, safeSettings} from './git-environment.ts';
import {GitFailed, type GitResult, lockedExitCode} from './git-result.ts';
import {type GitSignIn, type PreparedSignIn, prepareSignIn} from './git-sign-in.ts';
import {collectErrors, collectOutput, feedInput, type GitInput} from './git-streams.ts';
import {type GitWatch, watchOver} from './git-watch.ts';
import {findFlock, findProgram} from './program-path.ts';
import {createRedactor} from './redactor.ts';
import {UserError} from './user-error.ts';
import {usersGitEnvironment, usersSettings} from './users-git-environment.ts';

export {GitFailed, type GitResult, lockedExitCode} from './git-result.ts';
export type {GitSignIn} from './git-sign-in.ts';

export type GitOptions = {
	readonly gitDirectory?: string;
	readonly arguments: readonly string[];
	readonly input?: GitInput;
	readonly signIn?: GitSignIn;
	readonly signal?: AbortSignal;
	/**
	Held while git or a child of it lives, also when this process is killed; exit code `lockedExitCode` where it is held
	by others. Only where the machine has util-linux's `flock` (Linux): elsewhere git runs without it.
	*/
	readonly lockFile?: string;
	/** Git is killed when it neither printed nor took any input for so long. */
	readonly noProgressMilliseconds?: number;
	/** Cap on standard output. */
	readonly maximumOutputBytes?: number;
	/** Gets each line and each step of progress of git's standard error; redacted, not sanitized. */
	readonly onProgressLine?: (line: string) => void;
	/** Variables besides those that git is given anyway: `GIT_AUTHOR_DATE`, say. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Set where the user's own configuration, helpers and keys hold: towards servers that are their business alone. */
	readonly usersConfiguration?: {readonly allowHttp: boolean};
};

const defaultMaximumOutput = 512 * 1024 * 1024;

/** Runs git and returns what it printed. @throws GitFailed when its exit code is not 0; UserError when git is missing. */
export async function git(options: GitOptions): Promise<Buffer> {
	const result = await runGit(options);
	if (result.exitCode !== 0) {
		throw new GitFailed(result, options.arguments[0] ?? '');
	}

	return result.stdout;
}

/**
Runs git, and returns whatever its exit code is.

@throws UserError when git is missing; the signal's reason when it was aborted; what the input threw; Error when git
printed more than its cap.
*/
export async function runGit(options: GitOptions): Promise<GitResult> {
	const {maximumOutputBytes = defaultMaximumOutput} = options;
	const {child, watch, end} = begin(options);
	const output = collectOutput(child, watch, maximumOutputBytes);
	const result = await end();
	if (output.isTooLong()) {
		throw new Error(`git ${options.arguments[0] ?? ''} printed more than ${maximumOutputBytes} bytes`);
	}

	return {...result, stdout: output.bytes()};
}

/**
Runs git and hands out what it prints, piece by piece, however much it is. Whoever stops listening ends git.

@throws what `git` throws, once all that was printed is handed out.
*/
export async function* streamGit(
	options: Omit<GitOptions, 'maximumOutputBytes'>,
): AsyncGenerator<Buffer, void, undefined> {
	const {child, watch, end} = begin(options);
	let isHeardOut = false;
	try {
		for await (const chunk of child.stdout ?? []) {
			watch.moved();
			yield chunk as Buffer;
		}

		isHeardOut = true;
	} finally {
		if (!isHeardOut) {
			watch.kill();
			await end().catch(() => undefined);
		}
	}

	const result = await end();
	if (result.exitCode !== 0) {
		throw new GitFailed({...result, stdout: Buffer.alloc(0)}, options.arguments[0] ?? '');
	}
}

type RunningGit = {
	readonly child: ChildProcess;
	readonly watch: GitWatch;
	/** Waits until it has ended, and says how. */
	readonly end: () => Promise<Omit<GitResult, 'stdout'>>;
};

function begin(options: GitOptions): RunningGit {
	const {signIn, signal, input, onProgressLine} = options;
	signal?.throwIfAborted();
	const redactor = createRedactor();
	if (signIn !== undefined) {
		redactor.add(signIn.password, signIn.username);
	}

	const child = start(options);
	const watch = watchOver(child, options);
	let refusal: {readonly error: unknown} | undefined;
	const errors = collectErrors(child, watch, {
		redact: redactor.redact,
		onProgressLine: line => {
			try {
				onProgressLine?.(line);
			} catch (error) {
				// Whoever listens cannot go on (a journal on a full disk): the error is that of whoever waits for git.
				refusal ??= {error};
				watch.kill();
			}
		},
	});
	const settled = Promise.allSettled([
		exitOf(child),
		child.stdin === null ? undefined : feedInput(child.stdin, input, watch),
	]);
	return {
		child,
		watch,
		end: async () => {
			const [exit, fed] = await settled;
			watch.end();
			signal?.throwIfAborted();
			if (refusal !== undefined) {
				throw refusal.error;
			}

			if (exit.status === 'rejected') {
				throw exit.reason;
			}

			if (fed.status === 'rejected') {
				throw fed.reason;
			}

			const stderr = errors.text();
			return {
				exitCode: exit.value ?? 128,
				stderr: watch.isStalled() ? `${stderr}\nfatal: nothing moved for too long` : stderr,
			};
		},
	};
}

/** The version of the git that is found, as it says. @throws UserError when there is none. */
export async function gitVersion(): Promise<string> {
	const version = (await git({arguments: ['version']})).toString('utf8');
	return version.replace(/^git version /, '').trim();
}

function start(options: GitOptions): ChildProcess {
	const {signIn} = options;
	const prepared = signIn === undefined ? undefined : prepareSignIn(signIn);
	try {
		const environment = environmentFor(options, prepared);
		const [program = 'git', ...rest] = commandLine(options, environment['PATH'] ?? '', prepared);
		const child = spawn(program, rest, {
			env: environment,
			// A process group of its own: a signal reaches git's children too, and Ctrl-C in the terminal none of them.
			detached: true,
			stdio: ['pipe', 'pipe', 'pipe', ...(prepared?.descriptors ?? [])],
		});
		prepared?.handOver(child);
		return child;
	} finally {
		prepared?.close();
	}
}

function environmentFor(
	{signIn, usersConfiguration, environment}: GitOptions,
	prepared: PreparedSignIn | undefined,
): Record<string, string> {
	if (usersConfiguration !== undefined) {
		return usersGitEnvironment(process.env, usersConfiguration.allowHttp, environment);
	}

	const isHttp = signIn !== undefined && new URL(signIn.origin).protocol === 'http:';
	return gitEnvironment(process.env, isHttp, {...prepared?.environment, ...environment});
}

function commandLine(
	{gitDirectory, lockFile, arguments: arguments_, usersConfiguration}: GitOptions,
	searchPath: string,
	prepared: PreparedSignIn | undefined,
): readonly string[] {
	const program = findProgram('git', searchPath);
	if (program === undefined) {
		throw new UserError('git is missing: install git and see that it is on the PATH.');
	}

	const settings =
		usersConfiguration === undefined ? [...safeSettings, ...(prepared?.settings ?? [])] : usersSettings;
	const command = [
		program,
		...(gitDirectory === undefined ? [] : [`--git-dir=${gitDirectory}`]),
		...settings.flatMap(setting => ['-c', setting]),
		...arguments_,
	];
	const flock = lockFile === undefined ? undefined : findFlock(searchPath);
	return flock === undefined || lockFile === undefined
		? command
		: [flock, '--nonblock', '--conflict-exit-code', String(lockedExitCode), lockFile, ...command];
}

async function exitOf(child: ChildProcess): Promise<number | null> {
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
}
