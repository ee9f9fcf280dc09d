import {createHash} from 'node:crypto';
import {chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readGitIn, refsIn, runGitIn} from '../upstream-repository.ts';

/** Changes one byte of a file, by its distance from the start, or from the end where it is negative. */
export function flip(path: string, offset: number, by = 0x55): void {
	const bytes = readFileSync(path);
	const position = offset < 0 ? bytes.length + offset : offset;
	bytes[position] = (bytes[position] ?? 0) ^ by;
	chmodSync(path, 0o644);
	writeFileSync(path, bytes);
}

export function cut(path: string, bytes: number): void {
	chmodSync(path, 0o644);
	truncateSync(path, bytes);
}

/** Paths of all files below a folder of a mirror, relative to the mirror, sorted. */
export function filesIn(mirror: string, folder = '.'): string[] {
	return readdirSync(join(mirror, folder), {recursive: true, encoding: 'utf8'})
		.map(name => join(folder, name))
		.filter(name => statSync(join(mirror, name)).isFile())
		.sort();
}

/** Every file below a folder with a hash of its contents and the time of its last change. */
export function listing(folder: string): Map<string, string> {
	return new Map(
		filesIn(folder).map(name => {
			const path = join(folder, name);
			const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
			return [name, `${hash} ${statSync(path).mtimeMs}`];
		}),
	);
}

/** The pack that holds an object, relative to the mirror. */
export function packOf(mirror: string, id: string): string {
	const found = filesIn(mirror, 'objects/pack')
		.filter(name => name.endsWith('.idx'))
		.find(name => readGitIn(mirror, ['show-index'], readFileSync(join(mirror, name))).includes(id));
	if (found === undefined) {
		throw new Error(`${id} is in no pack`);
	}

	return found.replace(/idx$/, 'pack');
}

/** Takes the packs apart: each object becomes a file of its own. */
export function unpackAll(mirror: string): void {
	const packs = filesIn(mirror, 'objects/pack').filter(name => name.endsWith('.pack'));
	const contents = packs.map(name => readFileSync(join(mirror, name)));
	for (const name of filesIn(mirror, 'objects/pack')) {
		rmSync(join(mirror, name));
	}

	for (const pack of contents) {
		readGitIn(mirror, ['unpack-objects', '-q'], pack);
	}
}

export function looseFile(id: string): string {
	return join('objects', id.slice(0, 2), id.slice(2));
}

/** What every snapshot says of refs, and whether plain git finds all of it, whole. */
export function whatSnapshotsHold(mirror: string): Map<string, string> {
	const held = new Map<string, string>();
	for (const [ref] of refsIn(mirror, 'refs/brigade/snapshots')) {
		const list = runGitIn(mirror, ['cat-file', 'blob', `${ref}:refs`]);
		const ids = [...list.matchAll(/^([0-9a-f]{40}) refs\//gm)].map(([, id]) => id ?? '');
		runGitIn(mirror, ['rev-list', '--objects', '--quiet', '--stdin'], [ref, ...ids, ''].join('\n'));
		held.set(ref, list);
	}

	return held;
}
