import {parseBatch} from '../git-objects.ts';
import type {Mirror} from '../mirror.ts';
import {type LfsObject, maximumPointerBytes, minimumPointerBytes, parsePointer} from './pointer.ts';

/** Blobs that are read by one process; bounds what is held in memory to some megabytes. */
const blobsAtOnce = 10_000;

/**
The LFS objects that are pointed to anywhere in the history of some tips: from every commit, also those of which a later
one removed the file.

@param known Tips whose history was scanned before; what they reach is passed over.
*/
export async function scanForPointers(
	mirror: Mirror,
	tips: Iterable<string>,
	known: Iterable<string>,
): Promise<readonly LfsObject[]> {
	const revisions = [...new Set(tips)].map(id => `${id}\n`);
	const exclusions = [...new Set(known)].map(id => `^${id}\n`);
	const listed = await mirror.read(
		['rev-list', '--objects', '--no-object-names', `--filter=blob:limit=${maximumPointerBytes}`, '--stdin'],
		{input: [...revisions, ...exclusions].join('')},
	);
	if (listed.length === 0) {
		return [];
	}

	const checked = await mirror.read(
		['cat-file', '--buffer', '--batch-check=%(objectname) %(objecttype) %(objectsize)'],
		{input: listed},
	);
	const candidates = checked.toString('latin1').split('\n').flatMap(candidateIn);
	const found = new Map<string, LfsObject>();
	for (let start = 0; start < candidates.length; start += blobsAtOnce) {
		const names = candidates.slice(start, start + blobsAtOnce);
		const output = await mirror.read(['cat-file', '--buffer', '--batch'], {input: `${names.join('\n')}\n`});
		for (const object of parseBatch(output)) {
			const pointer = object === undefined ? undefined : parsePointer(object.contents);
			if (pointer !== undefined) {
				found.set(pointer.oid, pointer);
			}
		}
	}

	return [...found.values()];
}

/** The object's name where it is a blob of a pointer's size. */
function candidateIn(line: string): readonly string[] {
	const [name = '', type, sizeText] = line.split(' ');
	const size = Number(sizeText);
	return type === 'blob' && size >= minimumPointerBytes && size < maximumPointerBytes ? [name] : [];
}
