import {sanitize} from './sanitize.ts';

export type GitResult = {
	/** 128 where git was ended by a signal. */
	readonly exitCode: number;
	readonly stdout: Buffer;
	/** Its end, without the sign-in's password in any form; not sanitized. */
	readonly stderr: string;
};

/** Exit code of `flock` when somebody else holds the lock. */
export const lockedExitCode = 75;

/** Git ended with an error. Its message is one sanitized line. */
export class GitFailed extends Error {
	readonly exitCode: number;
	/** The end of what git printed, without the sign-in's password; not sanitized. */
	readonly stderr: string;

	constructor(result: GitResult, command: string) {
		super(`git ${command} failed: ${reasonOf(result)}`);
		this.name = 'GitFailed';
		this.exitCode = result.exitCode;
		this.stderr = result.stderr;
	}
}

/** The line of git's errors that says most: the last `fatal:`, `error:` or `remote:`, else the last of all. */
function reasonOf({exitCode, stderr}: {readonly exitCode: number; readonly stderr: string}): string {
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
