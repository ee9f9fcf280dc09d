import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';

export type GitAnswer = {readonly exitCode: number; readonly stdout: string; readonly stderr: string};

/** Runs the real git, signed in by a credential helper that reads its environment, without anybody's configuration. */
export function runGit(
	parameters: readonly string[],
	{directory, username, password}: {directory?: string; username?: string; password?: string} = {},
): Promise<GitAnswer> {
	const helper =
		'!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$TEST_USERNAME" "$TEST_PASSWORD"; }; f';
	const signIn = username === undefined ? [] : ['-c', `credential.helper=${helper}`];
	return new Promise(resolve => {
		execFile(
			'git',
			[...signIn, ...parameters],
			{
				...(directory && {cwd: directory}),
				maxBuffer: 64 * 1024 * 1024,
				env: {
					PATH: process.env['PATH'],
					GIT_CONFIG_NOSYSTEM: '1',
					GIT_CONFIG_GLOBAL: '/dev/null',
					GIT_TERMINAL_PROMPT: '0',
					GIT_ASKPASS: '',
					TEST_USERNAME: username,
					TEST_PASSWORD: password ?? `secret-of-${username}`,
					GIT_AUTHOR_NAME: 'Test',
					GIT_AUTHOR_EMAIL: 'test@acme.example',
					GIT_COMMITTER_NAME: 'Test',
					GIT_COMMITTER_EMAIL: 'test@acme.example',
				},
			},
			(error, stdout, stderr) =>
				resolve({exitCode: error ? (typeof error.code === 'number' ? error.code : 255) : 0, stdout, stderr}),
		);
	});
}

/** As runGit, but rejects when git fails, and gives what it printed. */
export async function git(
	parameters: readonly string[],
	options?: {directory?: string; username?: string; password?: string},
): Promise<string> {
	const {exitCode, stdout, stderr} = await runGit(parameters, options);
	if (exitCode !== 0) {
		throw new Error(`git ${parameters.join(' ')} ended with ${exitCode}: ${stderr}`);
	}

	return stdout;
}

export async function temporaryFolder(context: TestContext): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'bucket-brigade-test-'));
	context.after(() => rm(folder, {recursive: true, force: true}));
	return folder;
}
