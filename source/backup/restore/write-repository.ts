import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {GitFailed, git} from '../../system/git.ts';
import type {MirrorReader} from '../mirror.ts';
import {formatRefList, type RefList} from '../ref-list.ts';
import {packsOf} from './packs.ts';
import {type RestoreProgress, reportGitProgress} from './restore-progress.ts';
import {verifyRepository} from './verify-repository.ts';

export type WriteRepositoryOptions = {
	readonly mirror: MirrorReader;
	/** What the repository is to have, and nothing else. */
	readonly refs: RefList;
	/** Exists and is empty. */
	readonly folder: string;
	readonly form: 'bare' | 'working-copy';
	readonly progress: RestoreProgress;
	readonly signal: AbortSignal;
};

/** A mirror that is repacked while it is read loses the packs that a git has in hand; so often it is read again. */
const attempts = 3;

/** What the restored repository is, whatever the defaults of a newer git are. */
const formats = {GIT_DEFAULT_HASH: 'sha1', GIT_DEFAULT_REF_FORMAT: 'files'};

/**
Makes a repository of refs and of the objects that they lead to, as `git init` makes one, without a trace of where they come
from; then proves that it is what was asked for.

@returns the repository's Git folder.
@throws BackupDamaged, or GitFailed of a git that could not read or write.
*/
export async function writeRepository(options: WriteRepositoryOptions): Promise<string> {
	const {refs, folder, form, signal} = options;
	await git({
		arguments: ['init', '--quiet', ...(form === 'bare' ? ['--bare'] : []), '--', folder],
		environment: formats,
		signal,
	});
	const gitDirectory = form === 'bare' ? folder : join(folder, '.git');
	await copyObjects(gitDirectory, options);
	await writeRefs(gitDirectory, refs, signal);
	await verifyRepository(gitDirectory, refs, signal);
	return gitDirectory;
}

/** Ids that a repository's refs, and a HEAD that stands on none of them, lead from. */
export function tipsOf({head, refs}: RefList): readonly string[] {
	const detached = head === undefined || head.startsWith('refs/') ? [] : [head];
	return [...new Set([...refs.values(), ...detached])];
}

/** Copies what the tips lead to into one pack, and reads all of that again: each object is what its id says. */
async function copyObjects(
	gitDirectory: string,
	{mirror, refs, progress, signal}: WriteRepositoryOptions,
): Promise<void> {
	const tips = tipsOf(refs);
	if (tips.length === 0) {
		return;
	}

	for (let attempt = 1; ; attempt += 1) {
		const before = await packsOf(mirror.folder);
		try {
			const name = await git({
				gitDirectory,
				arguments: [
					...['pack-objects', '--revs', '--delta-base-offset', '--progress', '--all-progress'],
					join(gitDirectory, 'objects', 'pack', 'pack'),
				],
				input: tips.map(id => `${id}\n`).join(''),
				// For this one process; nothing of the mirror stays in the repository that is made.
				environment: {
					GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(mirror.folder, 'objects')),
					GIT_NO_REPLACE_OBJECTS: '1',
				},
				onProgressLine: line => reportGitProgress(line, 'git', progress),
				signal,
			});
			const pack = `pack-${name.toString('latin1').trim()}.pack`;
			await git({
				gitDirectory,
				arguments: ['index-pack', '--verify', join(gitDirectory, 'objects', 'pack', pack)],
				signal,
			});
			return;
		} catch (error) {
			if (!(error instanceof GitFailed) || attempt === attempts) {
				throw error;
			}

			if ((await packsOf(mirror.folder)) === before) {
				throw error;
			}
		}
	}
}

/** Git parts this list at colons, where they do not stand in quotes. */
function quoted(path: string): string {
	return `"${path.replace(/["\\]/g, '\\$&')}"`;
}

/**
Writes all refs at once. Git's own way makes a file for each of them first: measured with 55,000 refs, that takes 45 seconds,
and this a tenth of one. Git then writes the file anew in its own form.
*/
async function writeRefs(gitDirectory: string, {head, refs}: RefList, signal: AbortSignal): Promise<void> {
	if (refs.size > 0) {
		await writeFile(join(gitDirectory, 'packed-refs'), formatRefList({head: undefined, refs}));
		await git({gitDirectory, arguments: ['pack-refs', '--all'], signal});
	}

	if (head !== undefined) {
		// Not by git: a name need not be text, and an argument must be.
		const line = head.startsWith('refs/') ? `ref: ${head}\n` : `${head}\n`;
		await writeFile(join(gitDirectory, 'HEAD'), line, 'latin1');
	}
}
