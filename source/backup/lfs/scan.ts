import type {MirrorReader} from '../mirror.ts';
import {keptPrefix} from '../mirror-refs.ts';
import {linesOf, objectsIn} from '../object-stream.ts';
import {type LfsObject, maximumPointerBytes, minimumPointerBytes, parsePointer} from './pointer.ts';

/** So many characters of a list of names are handed on at once. */
const pieceLength = 64 * 1024;

/**
The LFS objects that are pointed to anywhere in the history of some tips and of those that upstream lost and the mirror keeps:
from every commit, also those of which a later one removed the file. Pointers may contradict each other: of an id, every
size that any of them says.

Three processes of git hand on to each other what they find; nothing but the pointers is held in memory.

@param known Tips whose history was scanned before; what they reach is passed over.
@param passOver What is passed over because it is known to be damaged: files and folders that are missing; also all history that
upstream lost, where even commits are missing of it.
@throws GitFailed where the history cannot be read.
*/
export async function scanForPointers(
	mirror: MirrorReader,
	tips: Iterable<string>,
	known: Iterable<string>,
	passOver: 'nothing' | 'missing' | 'lost history' = 'nothing',
): Promise<readonly LfsObject[]> {
	const listed = mirror.stream(
		[
			'rev-list',
			'--objects',
			'--no-object-names',
			'--ignore-missing',
			`--filter=blob:limit=${maximumPointerBytes}`,
			...(passOver === 'nothing' ? [] : ['--missing=allow-any']),
			...(passOver === 'lost history' ? [] : [`--glob=${keptPrefix}*`]),
			'--stdin',
		],
		{input: revisions(tips, known)},
	);
	const checked = mirror.stream(
		['cat-file', '--buffer', '--batch-check=%(objectname) %(objecttype) %(objectsize)'],
		{input: listed},
	);
	const contents = mirror.stream(['cat-file', '--buffer', '--batch'], {input: candidatesIn(checked)});
	const found = new Map<string, LfsObject>();
	for await (const object of objectsIn(contents)) {
		const pointer = parsePointer(object.contents);
		if (pointer !== undefined) {
			found.set(`${pointer.oid} ${pointer.size}`, pointer);
		}
	}

	return [...found.values()];
}

async function* revisions(
	tips: Iterable<string>,
	known: Iterable<string>,
): AsyncGenerator<string, void, undefined> {
	let piece = '';
	for (const [sign, ids] of [
		['', tips],
		['^', known],
	] as const) {
		for (const id of new Set(ids)) {
			piece += `${sign}${id}\n`;
			if (piece.length >= pieceLength) {
				yield piece;
				piece = '';
			}
		}
	}

	yield piece;
}

/** Names of the blobs that have a pointer's size. */
async function* candidatesIn(checked: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
	for await (const lines of linesOf(checked)) {
		let names = '';
		for (const line of lines) {
			const [name = '', type, sizeText] = line.split(' ');
			const size = Number(sizeText);
			if (type === 'blob' && size >= minimumPointerBytes && size < maximumPointerBytes) {
				names += `${name}\n`;
			}
		}

		yield names;
	}
}
