import {join} from 'node:path';
import {synchroniseFolder} from '../../../system/durable-file.ts';
import {GitFailed} from '../../../system/git.ts';
import type {Mirror} from '../../mirror.ts';
import {objectsMissing, readPackIndex} from '../../pack-index.ts';
import type {BeforeStep} from '../remove-snapshots.ts';
import {packBase, packPath} from './pack-files.ts';

/** Where packs are made, and who is told before. */
export type PackingPlace = {readonly mirror: Mirror; readonly before: BeforeStep};

/**
Packs all that refs lead to.

@param besides Names of packs whose objects are left out; those that somebody marked as kept are left out anyway.
@returns names of the packs that were made, which are on disk; none where there was nothing to pack.
*/
export async function packReachable(
	place: PackingPlace,
	besides: readonly string[] = [],
): Promise<readonly string[]> {
	const kept = besides.map(name => `--keep-pack=${name}.pack`);
	return packObjects(['--all', '--honor-pack-keep', ...kept], '', place);
}

/** Packs some objects. @returns names of the packs that were made, which are on disk. */
export async function packThese(ids: Iterable<string>, place: PackingPlace): Promise<readonly string[]> {
	const input = [...ids].map(id => `${id}\n`).join('');
	return input === '' ? [] : packObjects([], input, place);
}

/** What git ends with when it does not know an option. */
const usageExitCode = 129;

/**
Packs all that lies in some packs, whether anything leads to it or not.

@returns names of the packs that were made, which are on disk.
*/
export async function packTogether(
	names: readonly string[],
	place: PackingPlace,
): Promise<readonly string[]> {
	try {
		return await packObjects(['--stdin-packs'], names.map(name => `${name}.pack\n`).join(''), place);
	} catch (error) {
		if (!(error instanceof GitFailed && error.exitCode === usageExitCode)) {
			throw error;
		}

		// Before git 2.32. It is told the objects then, and not what they are called, so that it packs them less well.
		const ids = new Set<string>();
		for (const name of names) {
			const index = await readPackIndex(packPath(place.mirror.folder, name, '.idx'));
			for (const id of objectsMissing(index, [])) {
				ids.add(id);
			}
		}

		return packThese(ids, place);
	}
}

async function packObjects(
	arguments_: readonly string[],
	input: string,
	{mirror, before}: PackingPlace,
): Promise<readonly string[]> {
	await before('pack');
	const output = await mirror.write(
		['pack-objects', '-q', '--non-empty', '--delta-base-offset', ...arguments_, packBase(mirror.folder)],
		{input},
	);
	await synchroniseFolder(join(mirror.folder, 'objects', 'pack'));
	return output
		.toString('latin1')
		.split('\n')
		.filter(line => /^[0-9a-f]{40,64}$/.test(line))
		.map(hash => `pack-${hash}`);
}
