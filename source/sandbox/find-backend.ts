import {execFile} from 'node:child_process';
import {access, constants} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import {gitEnvironment} from './git-process.ts';
import {SandboxError} from './sandbox-error.ts';

/** Path of `git-http-backend`, which comes with git. */
export async function findBackend(): Promise<string> {
	const {stdout} = await promisify(execFile)('git', ['--exec-path'], {env: gitEnvironment()}).catch(() => {
		throw new SandboxError('git is missing: install it, the sandbox keeps its repositories with it.');
	});
	const backend = path.join(stdout.trim(), 'git-http-backend');
	await access(backend, constants.X_OK).catch(() => {
		throw new SandboxError(
			`${backend} is missing: install the whole of git, the sandbox serves repositories with it.`,
		);
	});
	return backend;
}
