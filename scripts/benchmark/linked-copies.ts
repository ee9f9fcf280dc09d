import {cpSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';

/** Paths of all files below a folder, relative to it. */
export function filesBelow(folder: string): readonly string[] {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => relative(folder, join(entry.parentPath, entry.name)));
}

/** Bytes on disk of folders: whole blocks, a file of several names once. */
export function bytesOnDisk(folders: readonly string[]): number {
	const seen = new Set<number>();
	let bytes = 0;
	for (const folder of folders) {
		for (const path of filesBelow(folder)) {
			const {ino, blocks} = lstatSync(join(folder, path));
			bytes += seen.has(ino) ? 0 : blocks * 512;
			seen.add(ino);
		}
	}

	return bytes;
}

/** What `rsync --link-dest` makes: files that are as they were in an earlier copy become another name of that one. */
export function copyWithLinks(from: string, to: string, earlier: string | undefined): void {
	for (const path of filesBelow(from)) {
		mkdirSync(dirname(join(to, path)), {recursive: true});
		if (earlier !== undefined && isSame(join(from, path), join(earlier, path))) {
			linkSync(join(earlier, path), join(to, path));
		} else {
			cpSync(join(from, path), join(to, path));
		}
	}
}

function isSame(left: string, right: string): boolean {
	const found = lstatSync(right, {throwIfNoEntry: false});
	return found?.size === lstatSync(left).size && readFileSync(left).equals(readFileSync(right));
}
