import {createHash} from 'node:crypto';

/** The id that git gives to a file of these bytes (SHA-1 repositories, which all of Bitbucket's are). */
export function blobId(contents: Uint8Array): string {
	return createHash('sha1').update(`blob ${contents.length}\0`).update(contents).digest('hex');
}

/** One object as `git cat-file --batch` gives it. */
export type BatchObject = {
	/** What was asked for, where it is missing; else the object's id. */
	readonly name: string;
	readonly type: string;
	readonly contents: Buffer;
};

/**
Reads the output of `git cat-file --batch`: for each request, in order, the object, or undefined where it is missing.

@throws Error when the output is cut or is something else.
*/
export function parseBatch(output: Buffer): ReadonlyArray<BatchObject | undefined> {
	const objects: Array<BatchObject | undefined> = [];
	for (let position = 0; position < output.length; ) {
		const end = output.indexOf(0x0a, position);
		const header = output.toString('utf8', position, end < 0 ? output.length : end);
		const [, name, type, sizeText] = /^([0-9a-f]{40,64}) ([a-z]+) (\d+)$/.exec(header) ?? [];
		position = end + 1;
		if (name === undefined || type === undefined) {
			if (end < 0 || !/ (missing|ambiguous)$/.test(header)) {
				throw new Error('The output of git cat-file is not what was expected.');
			}

			objects.push(undefined);
			continue;
		}

		const size = Number(sizeText);
		if (position + size >= output.length) {
			throw new Error('The output of git cat-file is cut.');
		}

		objects.push({name, type, contents: output.subarray(position, position + size)});
		// A line break follows the contents.
		position += size + 1;
	}

	return objects;
}

/** An entry of a tree, as `git ls-tree -z` lists it. */
export type TreeEntry = {readonly type: 'blob' | 'tree' | 'commit'; readonly id: string};

/** Reads the output of `git ls-tree -r -t -z`: entries by their path. */
export function parseTree(output: Buffer): ReadonlyMap<string, TreeEntry> {
	const entries = new Map<string, TreeEntry>();
	for (const line of output.toString('utf8').split('\0')) {
		const [, type, id, path] = /^\d+ (blob|tree|commit) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
		if (type !== undefined && id !== undefined && path !== undefined) {
			entries.set(path, {type: type as TreeEntry['type'], id});
		}
	}

	return entries;
}
