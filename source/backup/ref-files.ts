import type {Dirent} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {MirrorDamaged} from './mirror-damaged.ts';

/*
The refs of a mirror as git keeps them (https://git-scm.com/docs/gitrepository-layout): one file `packed-refs`, and below `refs`
a file for each ref that was written since; the latter count. Reading them here takes two system calls, where a `git for-each-ref`
takes a process.
*/

/** Where a ref stands, and how it is written. */
export type StoredRef = {
	/** Object id; undefined where git cannot read what is written. */
	readonly id: string | undefined;
	/** Whether it has a file of its own. */
	readonly isLoose: boolean;
	/** Whether it is only another name of a ref: what is written to it would change that one. */
	readonly isSymbolic: boolean;
};

/** By full name, sorted as git sorts. Names are byte strings. */
export type StoredRefs = ReadonlyMap<string, StoredRef>;

/** @throws the file system's error; Error where `packed-refs` is damaged. */
export async function readRefFiles(folder: string): Promise<StoredRefs> {
	const packed = await readPacked(join(folder, 'packed-refs'));
	const loose = new Map<string, string>();
	await readLoose(Buffer.from(join(folder, 'refs')), 'refs', loose);
	if (loose.size === 0) {
		return new Map([...packed].map(([name, id]) => [name, {id, isLoose: false, isSymbolic: false}]));
	}

	const names = [...new Set([...packed.keys(), ...loose.keys()])].sort();
	return new Map(names.map(name => [name, describe(name, loose, packed)]));
}

function describe(
	name: string,
	loose: ReadonlyMap<string, string>,
	packed: ReadonlyMap<string, string>,
): StoredRef {
	const text = loose.get(name);
	return text === undefined
		? {id: packed.get(name), isLoose: false, isSymbolic: false}
		: {id: resolve(text, loose, packed, 0), isLoose: true, isSymbolic: text.startsWith('ref:')};
}

/** Git follows no more than five names. */
const maximumDepth = 5;

function resolve(
	text: string,
	loose: ReadonlyMap<string, string>,
	packed: ReadonlyMap<string, string>,
	depth: number,
): string | undefined {
	if (!text.startsWith('ref:')) {
		return /^([0-9a-f]{40})(?:\s|$)/.exec(text)?.[1];
	}

	const target = text.slice('ref:'.length).trim();
	const next = loose.get(target);
	if (next === undefined) {
		return packed.get(target);
	}

	return depth < maximumDepth ? resolve(next, loose, packed, depth + 1) : undefined;
}

async function readPacked(path: string): Promise<ReadonlyMap<string, string>> {
	const refs = new Map<string, string>();
	const text = (await orNothing(readFile(path)))?.toString('latin1') ?? '';
	for (let start = 0; start < text.length; ) {
		const end = text.indexOf('\n', start);
		const mark = text[start];
		if (mark !== '#' && mark !== '^') {
			const id = text.slice(start, start + 40);
			if (end < 0 || text[start + 40] !== ' ' || !/^[0-9a-f]{40}$/.test(id)) {
				throw new DamagedRefs(path);
			}

			refs.set(text.slice(start + 41, end), id);
		}

		start = end < 0 ? text.length : end + 1;
	}

	return refs;
}

/** The list of refs is cut or overwritten: it has to be mended before anything is built on it. */
export class DamagedRefs extends MirrorDamaged {
	override name = 'DamagedRefs';

	constructor(path: string) {
		super(`${path} is damaged: it holds a line that is no ref.`);
	}
}

async function readLoose(folder: Buffer, prefix: string, refs: Map<string, string>): Promise<void> {
	const entries = (await orNothing(readdir(folder, {withFileTypes: true, encoding: 'buffer'}))) ?? [];
	for (const entry of entries as ReadonlyArray<Dirent<Buffer>>) {
		const name = `${prefix}/${entry.name.toString('latin1')}`;
		const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
		if (entry.isDirectory()) {
			await readLoose(path, name, refs);
		} else if (entry.isFile() && !name.endsWith('.lock')) {
			const contents = await orNothing(readFile(path));
			if (contents !== undefined) {
				refs.set(name, contents.toString('latin1'));
			}
		}
	}
}

async function orNothing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
	try {
		return await reading;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
}
