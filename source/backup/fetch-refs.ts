import {join} from 'node:path';
import {GitFailed} from '../system/git.ts';
import {type FetchOptions, fetchMirror} from './fetch.ts';
import type {Mirror} from './mirror.ts';
import {isThere} from './mirror-folder.ts';
import {mirrorPrefix} from './mirror-refs.ts';
import {readObjectTypes} from './object-types.ts';
import {type RefList, refsThatDiffer} from './ref-list.ts';
import {manyRefs, rewriteRefs} from './rewrite-refs.ts';
import type {Upstream} from './upstream.ts';

export type FetchRefsOptions = Pick<FetchOptions, 'onProgressLine'> & {
	/** What upstream advertises now. */
	readonly advertised: RefList['refs'];
	/** What the mirror holds of upstream. */
	readonly mirrored: RefList['refs'];
};

/**
Fetches what upstream advertises and brings the mirror's refs there. Git does both, but where very many refs change, or one
has a name that no file can have, or that the file system takes for another's: then git fetches the objects only, and the refs
are rewritten together.

@returns whether objects were taken that do not pass git's own checks.
*/
export async function fetchRefs(
	mirror: Mirror,
	upstream: Upstream,
	options: FetchRefsOptions,
): Promise<{readonly isUnchecked: boolean}> {
	const {advertised, mirrored, onProgressLine} = options;
	const fetchOptions: FetchOptions = {
		isIncremental: mirrored.size > 0,
		...(onProgressLine === undefined ? {} : {onProgressLine}),
	};
	const differing = refsThatDiffer(advertised, mirrored);
	if (differing.length < manyRefs && (await canBeFiles(differing, options, mirror.folder))) {
		try {
			return await fetchMirror(mirror, upstream, fetchOptions);
		} catch (error) {
			if (!isNameTooLong(error)) {
				throw error;
			}
		}
	}

	const fetched = await fetchMirror(mirror, upstream, {...fetchOptions, objectsOnly: true});
	const missing = await rewriteMirrored(mirror, advertised, mirrored);
	return missing === 0 ? fetched : fetchMirror(mirror, upstream, fetchOptions);
}

/**
Brings the mirror's refs to what upstream advertises, as far as the objects are there.

@returns how many of the objects are not: somebody pushed in the meantime.
*/
async function rewriteMirrored(
	mirror: Mirror,
	advertised: RefList['refs'],
	mirrored: RefList['refs'],
): Promise<number> {
	const before = new Set(mirrored.values());
	const added = [...new Set(advertised.values())].filter(id => !before.has(id));
	const present = await readObjectTypes(mirror, added);
	await rewriteRefs(mirror, refs => {
		for (const name of mirrored.keys()) {
			if (!advertised.has(name)) {
				refs.delete(mirrorPrefix + name.slice('refs/'.length));
			}
		}

		for (const [name, id] of advertised) {
			if (before.has(id) || present.has(id)) {
				refs.set(mirrorPrefix + name.slice('refs/'.length), id);
			}
		}
	});
	return added.length - present.size;
}

/** What Linux lets a name and a path have, less the `.lock` that git puts behind it and the zero at its end; bytes. */
const longestName = 255 - '.lock'.length;
const longestPath = 4096 - '.lock'.length - 1;

/** Whether git can keep each of some refs in a file of its own, beside the others. */
async function canBeFiles(
	names: readonly string[],
	{advertised, mirrored}: FetchRefsOptions,
	folder: string,
): Promise<boolean> {
	if (!names.every(name => canBeFile(name, folder))) {
		return false;
	}

	// Where `HEAD` has another name too, capital letters make no difference.
	return (
		!(await isThere(join(folder, 'head'))) || !areAlike(names, [...advertised.keys(), ...mirrored.keys()])
	);
}

/** Git does not say why it could not make a file: its message is cut where the name is long. */
function canBeFile(name: string, folder: string): boolean {
	const path = Buffer.byteLength(folder) + 1 + mirrorPrefix.length + name.length - 'refs/'.length;
	return path <= longestPath && name.split('/').every(part => part.length <= longestName);
}

/** Whether some names, or folders that they lie in, differ from others of all names in what such a file system does not see. */
function areAlike(names: readonly string[], all: readonly string[]): boolean {
	const written = new Map<string, Set<string>>();
	for (const path of all.flatMap(withFolders)) {
		const key = folded(path);
		written.set(key, (written.get(key) ?? new Set()).add(path));
	}

	return names.flatMap(withFolders).some(path => (written.get(folded(path))?.size ?? 0) > 1);
}

/** `refs/heads/a/b`, and the folders in which it lies. */
function withFolders(name: string): readonly string[] {
	const parts = name.split('/');
	return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function folded(name: string): string {
	return Buffer.from(name, 'latin1').toString('utf8').normalize('NFC').toLowerCase();
}

/** Some file systems take less. */
function isNameTooLong(error: unknown): boolean {
	return error instanceof GitFailed && /file name too long/i.test(error.stderr);
}
