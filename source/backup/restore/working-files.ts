import {constants} from 'node:fs';
import {chmod, copyFile, lstat, rm, utimes} from 'node:fs/promises';
import {join} from 'node:path';
import {GitFailed, git} from '../../system/git.ts';
import {UserError} from '../../system/user-error.ts';
import {parseBatch} from '../git-objects.ts';
import {maximumPointerBytes, parsePointer} from '../lfs/pointer.ts';
import type {RefList} from '../ref-list.ts';
import {storedPath} from './copy-checked.ts';
import {lfsFolder} from './lfs-objects.ts';
import {type RestoreProgress, reportGitProgress} from './restore-progress.ts';

export type WorkingCopy = {
	/** Holds the files, and in `.git` the repository. */
	readonly folder: string;
	readonly gitDirectory: string;
	readonly signal: AbortSignal;
};

/** Whether HEAD leads to a commit whose files can be checked out. */
export function hasFiles({head, refs}: RefList): boolean {
	return head !== undefined && (!head.startsWith('refs/') || refs.has(head));
}

/**
Checks out the files of HEAD. No hook and no filter runs, whatever the repository asks for; paths that lead astray are
refused by git; submodules stay empty folders.

@throws UserError where git refuses a path.
*/
export async function checkOutFiles(
	{folder, gitDirectory, signal}: WorkingCopy,
	progress: RestoreProgress,
): Promise<void> {
	try {
		await git({
			gitDirectory,
			arguments: ['read-tree', '--reset', '-u', '-v', 'HEAD'],
			environment: environmentOf(folder),
			onProgressLine: line => reportGitProgress(line, 'files', progress),
			signal,
		});
	} catch (error) {
		throw error instanceof GitFailed && /invalid path|untracked working tree/.test(error.stderr)
			? new UserError(
					`The files cannot be checked out here: ${error.message}. Restore without --working-copy to get the repository alone.`,
					{cause: error},
				)
			: error;
	}
}

function environmentOf(folder: string): Readonly<Record<string, string>> {
	return {GIT_WORK_TREE: folder, GIT_NO_REPLACE_OBJECTS: '1'};
}

/** A file of the working copy that stands for an LFS object. */
type PointerFile = {
	/** As the index has it. */
	readonly mode: string;
	readonly id: string;
	/** Bytes: a path need not be text. */
	readonly path: Buffer;
	readonly oid: string;
};

/**
Puts LFS objects into the place of the files that point to them, as git-lfs does, without git-lfs. Then git is told that these
files are as they should be: it would else compare them with the pointers, and call them changed wherever git-lfs is missing.

@param objects Ids of the objects that are there.
@returns how many files there are now that were pointers.
*/
export async function replacePointers(
	working: WorkingCopy,
	objects: ReadonlySet<string>,
	progress: RestoreProgress,
): Promise<number> {
	const files = (await findPointers(working)).filter(({oid}) => objects.has(oid));
	for (const [index, file] of files.entries()) {
		working.signal.throwIfAborted();
		await replacePointer(working, file);
		progress('files', index + 1, files.length, 'LFS files');
	}

	if (files.length > 0) {
		await settleIndex(working, files);
	}

	return files.length;
}

/** Has the index forget what the pointers looked like, and look at the files that are there now. */
async function settleIndex(
	{folder, gitDirectory, signal}: WorkingCopy,
	files: readonly PointerFile[],
): Promise<void> {
	const entries = files.map(({mode, id, path}) => `${mode} ${id} 0\t${path.toString('latin1')}\0`);
	await git({
		gitDirectory,
		arguments: ['update-index', '-z', '--index-info'],
		input: Buffer.from(entries.join(''), 'latin1'),
		environment: environmentOf(folder),
		signal,
	});
	await git({
		gitDirectory,
		arguments: ['update-index', '-q', '--refresh'],
		environment: {
			...environmentOf(folder),
			GIT_CONFIG_COUNT: '1',
			GIT_CONFIG_KEY_0: 'filter.lfs.clean',
			// What a file is in git's eyes: the pointer that the index holds.
			GIT_CONFIG_VALUE_0: 'git cat-file blob :0:%f',
		},
		signal,
	});
}

async function replacePointer({folder, gitDirectory}: WorkingCopy, {path, oid}: PointerFile): Promise<void> {
	const file = Buffer.concat([Buffer.from(`${folder}/`), path]);
	const before = await lstat(file);
	if (before.isFile()) {
		await rm(file);
		await copyFile(
			join(lfsFolder(gitDirectory), storedPath(oid)),
			file,
			constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE,
		);
		await chmod(file, before.mode & 0o777);
		// Git believes its index only of files that are older than it, in whole seconds.
		const past = new Date(Date.now() - 2000);
		await utimes(file, past, past);
	}
}

/** The files that the repository's attributes give to LFS, and that are pointers. */
async function findPointers(working: WorkingCopy): Promise<readonly PointerFile[]> {
	const {gitDirectory, folder, signal} = working;
	const run = async (arguments_: readonly string[], input: string): Promise<Buffer> =>
		git({
			gitDirectory,
			arguments: arguments_,
			input: Buffer.from(input, 'latin1'),
			environment: environmentOf(folder),
			signal,
		});
	const listed = (await run(['ls-files', '--stage', '-z'], '')).toString('latin1');
	const files = new Map<string, {readonly mode: string; readonly id: string}>();
	for (const line of listed.split('\0')) {
		const [, mode, id, path] = /^(100644|100755) ([0-9a-f]{40,64}) 0\t(.*)$/s.exec(line) ?? [];
		if (mode !== undefined && id !== undefined && path !== undefined) {
			files.set(path, {mode, id});
		}
	}

	if (files.size === 0) {
		return [];
	}

	const attributes = await run(
		['check-attr', '--stdin', '-z', 'filter'],
		[...files.keys()].map(path => `${path}\0`).join(''),
	);
	const ofLfs = parseAttributes(attributes.toString('latin1')).flatMap(path => {
		const file = files.get(path);
		return file === undefined ? [] : [{path, ...file}];
	});
	const pointers = await readPointers([...new Set(ofLfs.map(({id}) => id))], run);
	return ofLfs.flatMap(({path, mode, id}) => {
		const oid = pointers.get(id);
		return oid === undefined ? [] : [{path: Buffer.from(path, 'latin1'), mode, id, oid}];
	});
}

/** Paths whose filter is LFS: the output is a path, the attribute's name and its value, and so on. */
function parseAttributes(output: string): readonly string[] {
	const fields = output.split('\0');
	const paths: string[] = [];
	for (let index = 0; index + 2 < fields.length; index += 3) {
		if (fields[index + 2] === 'lfs') {
			paths.push(fields[index] ?? '');
		}
	}

	return paths;
}

/** Ids of LFS objects by the ids of the files that point to them. */
async function readPointers(
	ids: readonly string[],
	run: (arguments_: readonly string[], input: string) => Promise<Buffer>,
): Promise<ReadonlyMap<string, string>> {
	const names = ids.map(id => `${id}\n`).join('');
	const sizes = (await run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], names)).toString(
		'latin1',
	);
	const small = sizes.split('\n').flatMap(line => {
		const [id = '', size = ''] = line.split(' ');
		return size !== '' && Number(size) < maximumPointerBytes ? [id] : [];
	});
	const contents = parseBatch(await run(['cat-file', '--batch'], small.map(id => `${id}\n`).join('')));
	return new Map(
		contents.flatMap(object => {
			const pointer = object === undefined ? undefined : parsePointer(object.contents);
			return object === undefined || pointer === undefined ? [] : [[object.name, pointer.oid] as const];
		}),
	);
}
