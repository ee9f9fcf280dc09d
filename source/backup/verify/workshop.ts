import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {git, streamGit} from '../../system/git.ts';
import type {Mirror, MirrorGitOptions} from '../mirror.ts';

/** A bare repository in a work folder, where git may do as it likes. */
export type Workshop = Omit<Mirror, 'close'>;

/** Nothing in it need outlive the machine, and it takes objects as they are. */
const config = `[core]
	repositoryformatversion = 0
	bare = true
	logAllRefUpdates = false
	attributesFile = /dev/null
[gc]
	auto = 0
[fetch]
	unpackLimit = 1
	writeCommitGraph = false
[protocol]
	version = 2
`;

/** Goes before a git command in a workshop that writes many small files: nothing there need be brought to the disk. */
export const careless: readonly string[] = ['-c', 'core.fsync=none'];

/** Makes an empty bare repository. */
export async function makeWorkshop(folder: string, signal: AbortSignal): Promise<Workshop> {
	await mkdir(join(folder, 'objects', 'pack'), {recursive: true, mode: 0o700});
	await mkdir(join(folder, 'objects', 'info'), {recursive: true});
	await mkdir(join(folder, 'refs'), {recursive: true});
	await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
	await writeFile(join(folder, 'config'), config);
	const run = async (arguments_: readonly string[], options: MirrorGitOptions = {}): Promise<Buffer> =>
		git({...options, gitDirectory: folder, arguments: arguments_, signal});
	return {
		folder,
		signal,
		read: run,
		stream: (arguments_, options = {}) =>
			streamGit({...options, gitDirectory: folder, arguments: arguments_, signal}),
		write: run,
	};
}
