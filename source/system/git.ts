import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {Readable, type Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {
	gitEnvironment,
	helperHost,
	helperProtocol,
	safeSettings,
	signInDescriptor,
} from './git-environment.ts';
import {createRedactor} from './redactor.ts';
import {sanitize} from './sanitize.ts';
import {UserError} from './user-error.ts';

/** How git signs in: for one origin only. */
export type GitSignIn = {
	/** `https://bitbucket.org` */
	readonly origin: string;
	readonly username: string;
	readonly password: string;
};

export type GitOptions = {
	readonly gitDirectory?: string;
	readonly arguments: readonly string[];
	readonly input?: string | Uint8Array | AsyncIterable<Uint8Array | string>;
	readonly signIn?: GitSignIn;
	readonly signal?: AbortSignal;
	/** Held while git or a child of it lives, also when this process is killed; where the machine has `flock`. */
	readonly lockFile?: string;
	/** Git is killed when it neither printed nor read anything for so long. */
	readonly noProgressMilliseconds?: number;
	/** Cap on standard output. */
	readonly maximumOutputBytes?: number;
	readonly onProgressLine?: (line: string) => void;
	/** Variables besides those that git is given anyway: `GIT_AUTHOR_DATE`, say. */
	readonly environment?: Readonly<Record<string, string>>;
};

export type GitResult = {
	readonly exitCode: number;
	readonly stdout: Buffer;
	/** Its end, without the sign-in's password in any form. */
	readonly stderr: string;
};

/** Exit code of `flock` when somebody else holds the lock. */
export const lockedExitCode = 75;

const defaultMaximumOutput = 512 * 1024 * 1024;
const maximumErrorText = 64 * 1024;
const killAfterMilliseconds = 5000;
/** How often one git may ask the helper: once for each process that talks to the server, and a few more. */
const signInCopies = 16;

/** Git ended with an error. Its message is one sanitized line. */
export class GitFailed extends Error {
	readonly exitCode: number;
	readonly stderr: string;

	constructor(result: GitResult, command: string) {
		super(`git ${command} failed: ${reasonOf(result)}`);
		this.name = 'GitFailed';
		this.exitCode = result.exitCode;
		this.stderr = result.stderr;
	}
}

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

@throws UserError when git is missing; the signal's reason when it was aborted; Error when it printed more than its cap.
*/
export async function runGit(options: GitOptions): Promise<GitResult> {
	const {signIn, signal} = options;
	signal?.throwIfAborted();
	const child = start(options);
	const redactor = createRedactor();
	if (signIn !== undefined) {
		redactor.add(signIn.password, signIn.username);
	}

	const watch = watchOver(child, options);
	const output = collect(child, options, watch);
	try {
		const [exitCode] = await Promise.all([exitOf(child), feed(child, options, watch)]);
		signal?.throwIfAborted();
		output.check();
		const stderr = redactor.redact(output.stderr());
		return {
			exitCode: exitCode ?? 128,
			stdout: output.stdout(),
			stderr: watch.isStalled() ? `${stderr}\nfatal: nothing moved for too long` : stderr,
		};
	} finally {
		watch.end();
	}
}

/** The version of the git that is found, as it says. @throws UserError when there is none. */
export async function gitVersion(): Promise<string> {
	const version = (await git({arguments: ['version']})).toString('utf8');
	return version.replace(/^git version /, '').trim();
}

function start(options: GitOptions): ChildProcess {
	const {gitDirectory, signIn, lockFile} = options;
	const origin = signIn === undefined ? undefined : new URL(signIn.origin);
	const environment = gitEnvironment(process.env, origin?.protocol === 'http:', {
		...(origin === undefined
			? {}
			: {[helperProtocol]: origin.protocol.replace(':', ''), [helperHost]: origin.host}),
		...options.environment,
	});
	const command = [
		'git',
		...(gitDirectory === undefined ? [] : [`--git-dir=${gitDirectory}`]),
		...safeSettings.flatMap(setting => ['-c', setting]),
		...options.arguments,
	];
	const locked = lockFile !== undefined && isOnPath('flock', environment['PATH'] ?? '');
	const [program = 'git', ...rest] = locked
		? ['flock', '--nonblock', '--conflict-exit-code', String(lockedExitCode), lockFile, ...command]
		: command;
	const child = spawn(program, rest, {
		env: environment,
		// A process group of its own: a signal reaches git's children too, and Ctrl-C in the terminal none of them.
		detached: true,
		stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
	});
	const signInPipe = child.stdio[signInDescriptor] as Writable;
	signInPipe.on('error', () => undefined);
	signInPipe.end(signIn === undefined ? '' : `${signIn.username}\n${signIn.password}\n`.repeat(signInCopies));
	return child;
}

type Watch = {
	readonly moved: () => void;
	readonly isStalled: () => boolean;
	readonly kill: () => void;
	readonly end: () => void;
};

/** Ends git when it is aborted or makes no progress. */
function watchOver(child: ChildProcess, options: GitOptions): Watch {
	const {signal, noProgressMilliseconds} = options;
	let isStalled = false;
	let last: NodeJS.Timeout | undefined;
	const kill = (): void => {
		signalGroup(child, 'SIGTERM');
		last ??= setTimeout(() => signalGroup(child, 'SIGKILL'), killAfterMilliseconds);
	};

	const stall =
		noProgressMilliseconds === undefined
			? undefined
			: setTimeout(() => {
					isStalled = true;
					kill();
				}, noProgressMilliseconds);
	signal?.addEventListener('abort', kill, {once: true});
	return {
		moved: () => {
			stall?.refresh();
		},
		isStalled: () => isStalled,
		kill,
		end: () => {
			clearTimeout(stall);
			clearTimeout(last);
			signal?.removeEventListener('abort', kill);
		},
	};
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
		return;
	}

	try {
		process.kill(-child.pid, name);
	} catch {
		// It ended in the meantime.
	}
}

type Output = {readonly stdout: () => Buffer; readonly stderr: () => string; readonly check: () => void};

function collect(child: ChildProcess, options: GitOptions, watch: Watch): Output {
	const maximum = options.maximumOutputBytes ?? defaultMaximumOutput;
	const chunks: Buffer[] = [];
	let size = 0;
	let errorText = '';
	let line = '';
	child.stdout?.on('data', (chunk: Buffer) => {
		watch.moved();
		size += chunk.length;
		if (size > maximum) {
			watch.kill();
		} else {
			chunks.push(chunk);
		}
	});
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		watch.moved();
		errorText = `${errorText}${text}`.slice(-maximumErrorText);
		// Progress is overwritten in place, its steps end with a carriage return.
		const lines = `${line}${text}`.split(/[\r\n]/);
		line = lines.pop() ?? '';
		for (const finished of lines) {
			options.onProgressLine?.(finished);
		}
	});
	return {
		stdout: () => Buffer.concat(chunks),
		stderr: () => errorText,
		check: () => {
			if (size > maximum) {
				throw new Error(`git ${options.arguments[0] ?? ''} printed more than ${maximum} bytes`);
			}
		},
	};
}

async function feed(child: ChildProcess, {input}: GitOptions, watch: Watch): Promise<void> {
	const {stdin} = child;
	if (stdin === null) {
		return;
	}

	if (input === undefined || typeof input === 'string' || input instanceof Uint8Array) {
		// A git that ends without reading all says why by its exit code.
		stdin.on('error', () => undefined);
		stdin.end(input);
		return;
	}

	try {
		await pipeline(Readable.from(input), stdin);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EPIPE') {
			watch.kill();
			throw error;
		}
	}
}

async function exitOf(child: ChildProcess): Promise<number | null> {
	return new Promise((resolve, reject) => {
		child.once('error', (error: NodeJS.ErrnoException) => {
			reject(
				error.code === 'ENOENT'
					? new UserError('git is missing: install git and see that it is on the PATH.', {cause: error})
					: error,
			);
		});
		child.once('close', resolve);
	});
}

function isOnPath(program: string, path: string): boolean {
	return path.split(delimiter).some(folder => folder !== '' && existsSync(join(folder, program)));
}

/** The line of git's errors that says most: the last `fatal:`, `error:` or `remote:`, else the last of all. */
function reasonOf({exitCode, stderr}: GitResult): string {
	if (exitCode === lockedExitCode) {
		return 'another process works on this repository';
	}

	const lines = stderr
		.split(/[\r\n]+/)
		.map(text => sanitize(text).trim())
		.filter(text => text !== '');
	const telling = lines.findLast(text => /^(fatal|error|remote):/.test(text)) ?? lines.at(-1);
	return telling ?? `exit code ${exitCode}`;
}
