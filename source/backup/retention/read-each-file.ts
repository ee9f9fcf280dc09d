import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {resolveNames} from './resolve-names.ts';

/** What is read by one process, and so held in memory at once. */
const bytesAtOnce = 32 * 1024 * 1024;

/**
Reads files by their names (`<commit>:<path>`), each contents once however many names it has; what is not there is passed over.

@param take Gets a file with all its names.
*/
export async function readEachFile(
	mirror: MirrorReader,
	names: readonly string[],
	take: (file: Buffer, names: readonly string[]) => void,
): Promise<void> {
	const files = new Map<string, {readonly bytes: number; readonly names: string[]}>();
	for (const [name, {id, type, bytes}] of await resolveNames(mirror, names)) {
		const known = files.get(id);
		if (known !== undefined) {
			known.names.push(name);
		} else if (type === 'blob') {
			files.set(id, {bytes, names: [name]});
		}
	}

	for (const ids of inPortions(files)) {
		const contents = await readFiles(mirror, ids);
		for (const [index, id] of ids.entries()) {
			const file = contents[index];
			if (file !== undefined) {
				take(file, files.get(id)?.names ?? []);
			}
		}
	}
}

function* inPortions(files: ReadonlyMap<string, {readonly bytes: number}>): Generator<readonly string[]> {
	let portion: string[] = [];
	let sum = 0;
	for (const [id, {bytes}] of files) {
		if (portion.length > 0 && sum + bytes > bytesAtOnce) {
			yield portion;
			portion = [];
			sum = 0;
		}

		portion.push(id);
		sum += bytes;
	}

	if (portion.length > 0) {
		yield portion;
	}
}
