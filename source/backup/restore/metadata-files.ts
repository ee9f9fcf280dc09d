import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import * as z from 'zod';
import {forEachAtOnce} from '../at-once.ts';
import {readFiles, readSnapshotJson, type Snapshot} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {copyChecked, storedPath} from './copy-checked.ts';
import {BackupDamaged} from './restore-failure.ts';
import type {RestoreProgress} from './restore-progress.ts';
import {safeFileNames} from './safe-file-names.ts';

export type MetadataOptions = {
	readonly mirror: MirrorReader;
	readonly snapshot: Snapshot;
	/** Exists and is empty. */
	readonly folder: string;
	readonly progress: RestoreProgress;
	readonly signal: AbortSignal;
};

/** What is read at once: bounds what is held in memory. */
const bytesAtOnce = 16 * 1024 * 1024;
const filesAtOnce = 1000;
const writesAtOnce = 8;

/**
Writes the files of a snapshot as files, its list of refs aside: the refs are what the repository beside them has.

@returns what was left out, in sentences.
@throws BackupDamaged where one of them cannot be read.
*/
export async function writeMetadataFiles(options: MetadataOptions): Promise<readonly string[]> {
	const {mirror, snapshot, folder, progress, signal} = options;
	const all = [...snapshot.entries].filter(([path, {type}]) => type === 'blob' && path !== 'refs');
	const files = all.filter(([path]) => isSafePath(path));
	let done = 0;
	for (const some of await inPortions(mirror, files)) {
		const contents = await readFiles(
			mirror,
			some.map(([, {id}]) => id),
		);
		await forEachAtOnce(some.entries(), writesAtOnce, async ([index, [path]]) => {
			signal.throwIfAborted();
			const file = contents[index];
			if (file === undefined) {
				throw new BackupDamaged(`${path} of the snapshot cannot be read`);
			}

			await mkdir(dirname(join(folder, path)), {recursive: true});
			await writeFile(join(folder, path), file, {flag: 'wx'});
			done += 1;
			progress('metadata', done, files.length, 'files');
		});
	}

	return all
		.filter(([path]) => !isSafePath(path))
		.map(([path]) => `the file ${JSON.stringify(path)} of the snapshot was left out: its name is not safe`);
}

/** Paths are of our own making; one that is not is not followed. */
function isSafePath(path: string): boolean {
	return path
		.split('/')
		.every(name => name !== '' && name !== '.' && name !== '..' && !/[\\\p{Cc}]/u.test(name));
}

type File = readonly [string, {readonly id: string}];

/** Cuts a list of files into parts, none of which is too much to be read at once. */
async function inPortions(
	mirror: MirrorReader,
	files: readonly File[],
): Promise<ReadonlyArray<readonly File[]>> {
	const output = await mirror.read(['cat-file', '--buffer', '--batch-check=%(objectsize)'], {
		input: files.map(([, {id}]) => `${id}\n`).join(''),
	});
	const sizes = output.toString('latin1').split('\n');
	const portions: File[][] = [];
	let current: File[] = [];
	let bytes = 0;
	for (const [index, file] of files.entries()) {
		const size = Number(sizes[index]) || 0;
		if (current.length === 0 || current.length >= filesAtOnce || bytes + size > bytesAtOnce) {
			current = [];
			bytes = 0;
			portions.push(current);
		}

		current.push(file);
		bytes += size;
	}

	return portions;
}

const DownloadsSchema = z.array(
	z.looseObject({
		download: z.looseObject({name: z.string()}),
		sha256: z
			.string()
			.regex(/^[0-9a-f]{64}$/)
			.nullable(),
	}),
);

/**
Writes a snapshot's download files to `downloads/`, under their names, each checked against its hash.

@returns how many there are, and what is missing, in sentences.
*/
export async function writeDownloads({
	mirror,
	snapshot,
	folder,
	progress,
	signal,
}: MetadataOptions): Promise<{readonly restored: number; readonly problems: readonly string[]}> {
	const file = 'downloads.json';
	if (!snapshot.entries.has(file)) {
		return {restored: 0, problems: []};
	}

	const saved = DownloadsSchema.safeParse(await readSnapshotJson(mirror, snapshot, file));
	if (!saved.success) {
		return {restored: 0, problems: [`the list of downloads (${file}) cannot be read`]};
	}

	const names = safeFileNames(saved.data.map(({download}) => download.name));
	const problems: string[] = [];
	let restored = 0;
	for (const [index, {download, sha256}] of saved.data.entries()) {
		signal.throwIfAborted();
		const target = join(folder, 'downloads', names[index] ?? '');
		const copied =
			sha256 === null
				? 'missing'
				: await copyChecked(join(mirror.folder, 'downloads', storedPath(sha256)), target, {hash: sha256});
		if (copied === 'copied') {
			restored += 1;
		} else {
			problems.push(`the download ${download.name} is ${copied} in the backup`);
		}

		progress('downloads', index + 1, saved.data.length, 'files');
	}

	return {restored, problems};
}
