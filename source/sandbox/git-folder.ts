import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';

/**
 * Configuration of the sandbox's bare repositories. Refs below `refs/sandbox` hold what no branch reaches any more; like
 * Bitbucket, the server does not show them but gives a commit to who knows its id.
 */
const configuration = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[gc]
	auto = 0
[transfer]
	hideRefs = refs/sandbox
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	autogc = false
	denyDeleteCurrent = warn
[http]
	uploadpack = true
	receivepack = true
[fastimport]
	unpackLimit = 0
`;

/** Makes an empty bare repository, as `git init --bare` does but without a process. The folder must not exist yet. */
export async function makeGitFolder(gitDirectory: string, mainBranch: string): Promise<void> {
	await mkdir(path.dirname(gitDirectory), {recursive: true});
	await mkdir(gitDirectory);
	await mkdir(path.join(gitDirectory, 'objects'));
	await mkdir(path.join(gitDirectory, 'refs'));
	await writeFile(path.join(gitDirectory, 'config'), configuration);
	await pointHead(gitDirectory, mainBranch);
}

/** The default branch that a clone checks out. */
export async function pointHead(gitDirectory: string, mainBranch: string): Promise<void> {
	await writeFile(path.join(gitDirectory, 'HEAD'), `ref: refs/heads/${mainBranch}\n`);
}
