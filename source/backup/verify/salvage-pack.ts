import {createReadStream} from 'node:fs';
import {chmod, constants, copyFile, open, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {GitFailed} from '../../system/git.ts';
import type {PackFiles} from './object-files.ts';
import {acceptChanged, type PackedObject} from './pack-index.ts';
import {runFsck} from './run-fsck.ts';
import {hashBytes} from './trailer.ts';
import {careless, makeWorkshop, type Workshop} from './workshop.ts';

/** What could be saved of a damaged pack. */
export type SalvagedPack = {
	/** `pack-<hash>` */
	readonly name: string;
	/** Path, without its extension, of a pack with its index that holds all that could be read; undefined where that is nothing. */
	readonly saved: string | undefined;
	/** Path of a new index of the pack, which is whole itself. */
	readonly index: string | undefined;
	/** How many objects it held; undefined where nothing says it. */
	readonly objects: number | undefined;
	/** How many of them could not be read; undefined where it is not known how many there were. */
	readonly lost: number | undefined;
};

export type SalvageOptions = {
	/** Of the mirror; nothing is changed there. */
	readonly folder: string;
	readonly pack: PackFiles;
	/** A folder that does not exist yet, for this pack alone. */
	readonly workFolder: string;
	readonly signal: AbortSignal;
};

/** Reads what can be read of a damaged pack, with its index as the guide; where that is damaged, it is made anew. */
export async function salvagePack(options: SalvageOptions): Promise<SalvagedPack> {
	const {folder, pack, workFolder, signal} = options;
	const {name, files} = pack;
	const workshop = await makeWorkshop(workFolder, signal);
	const source = join(folder, 'objects', 'pack', name);
	const target = join(workshop.folder, 'objects', 'pack', name);
	const nothing = {name, saved: undefined, index: undefined, objects: undefined, lost: undefined};
	if (files.get('idx') === true) {
		const ids = await listObjects(workshop, await readFile(`${source}.idx`));
		if (!files.has('pack')) {
			return {...nothing, objects: ids.length, lost: ids.length};
		}

		const good = await findGood(workshop, source, target, ids);
		return {
			name,
			index: undefined,
			saved: await packUp(workshop, good),
			objects: ids.length,
			lost: ids.length - good.length,
		};
	}

	if (!files.has('pack')) {
		return nothing;
	}

	const index = await makeIndex(workshop, `${source}.pack`, `${target}.idx`);
	return index === undefined
		? {...nothing, saved: await unpack(workshop, `${source}.pack`)}
		: {...nothing, index, lost: 0};
}

async function listObjects(workshop: Workshop, index: Buffer): Promise<readonly PackedObject[]> {
	const output = await workshop.read(['show-index'], {input: index});
	return output
		.toString('latin1')
		.split('\n')
		.flatMap(line => {
			const [, offset, id] = /^(\d+) ([0-9a-f]{40})/.exec(line) ?? [];
			return id === undefined ? [] : [{id, offset: Number(offset)}];
		});
}

/**
Bytes that stand in for what a cut pack has lost: reading them ends in an error, reading beyond the end of the file would end
git itself. An object that was cut in the middle may go on reading them for some time. None at first: whatever follows the last
object counts as a part of it.
*/
const fillings = [0, 64 * 1024, 256 * 1024 * 1024] as const;

/** Ids of the objects that can be read. */
async function findGood(
	workshop: Workshop,
	source: string,
	target: string,
	objects: readonly PackedObject[],
): Promise<readonly string[]> {
	for (const filling of fillings) {
		if (!(await copyPack(source, target, objects, filling))) {
			return [];
		}

		const {corrupt, changed, others} = await runFsck({folder: workshop.folder, signal: workshop.signal});
		if (!others.some(line => line.startsWith('fatal:'))) {
			await acceptChanged(target, objects, new Set([...changed].filter(id => !corrupt.has(id))));
			return objects.map(({id}) => id).filter(id => !corrupt.has(id));
		}
	}

	return [];
}

/**
Copies a pack with its index. Git opens no pack whose head or tail is not as its index says, or that is too short: both are set
right in the copy, so that the objects between them can be tried one by one.

@returns whether it could be read at all.
*/
async function copyPack(
	source: string,
	target: string,
	objects: readonly PackedObject[],
	filling: number,
): Promise<boolean> {
	try {
		for (const extension of ['idx', 'pack']) {
			await rm(`${target}.${extension}`, {force: true});
			await copyFile(`${source}.${extension}`, `${target}.${extension}`, constants.COPYFILE_FICLONE);
			await chmod(`${target}.${extension}`, 0o600);
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
			throw error;
		}

		return false;
	}

	const index = await readFile(`${target}.idx`);
	const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
	head.writeUInt32BE(objects.length, 8);
	const lastOffset = objects.reduce((last, {offset}) => Math.max(last, offset), 0);
	const file = await open(`${target}.pack`, 'r+');
	try {
		const {size} = await file.stat();
		const end = Math.max(size - hashBytes, lastOffset + filling);
		await file.truncate(end);
		await file.write(head, 0, head.length, 0);
		await file.write(index.subarray(-2 * hashBytes, -hashBytes), 0, hashBytes, end);
		return true;
	} finally {
		await file.close();
	}
}

/** @returns the path of the new pack without its extension; undefined where there is nothing to put into it. */
export async function packUp(workshop: Workshop, ids: readonly string[]): Promise<string | undefined> {
	if (ids.length === 0) {
		return undefined;
	}

	const base = join(workshop.folder, 'saved');
	const output = await workshop.write(['pack-objects', '--quiet', '--delta-base-offset', base], {
		input: ids.map(id => `${id}\n`).join(''),
	});
	return `${base}-${output.toString('latin1').trim()}`;
}

/** @returns undefined where the pack is damaged too. */
async function makeIndex(workshop: Workshop, pack: string, index: string): Promise<string | undefined> {
	try {
		await workshop.write(['index-pack', '-o', index, pack]);
		return index;
	} catch (error) {
		if (error instanceof GitFailed) {
			return undefined;
		}

		throw error;
	}
}

/** Without an index, a pack can be read only from its beginning to the first object that is damaged. */
async function unpack(workshop: Workshop, pack: string): Promise<string | undefined> {
	try {
		await workshop.write([...careless, 'unpack-objects', '-r', '-q'], {input: createReadStream(pack)});
	} catch (error) {
		if (!(error instanceof GitFailed)) {
			throw error;
		}
	}

	return packUp(workshop, await listAll(workshop));
}

/** Ids of all objects, sorted. */
async function listAll(workshop: Workshop): Promise<readonly string[]> {
	const output = await workshop.read(['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']);
	return output.toString('latin1').split('\n').filter(Boolean);
}
