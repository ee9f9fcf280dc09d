import {randomUUID} from 'node:crypto';
import {lstat, mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {BodyTarget} from '../bitbucket/body-target.ts';
import {synchroniseFolder} from '../system/durable-file.ts';
import {namesIn} from '../system/names-in.ts';
import {UserError} from '../system/user-error.ts';
import {type IncomingFile, notePathOf, openIncomingFile} from './incoming-file.ts';
import {isPart, partSuffix} from './part-name.ts';

/** What is known of a file before it comes. */
export type ExpectedContents = {
	/** SHA-256 of its contents: decides whether they are right. Without it, their size does. */
	readonly hash?: string;
	/** Bytes. */
	readonly size?: number;
	/**
	Names what is kept of it when it breaks off, over runs too: what comes then is added to that. Letters, digits and dashes. Without a
	name nothing is kept.
	*/
	readonly part?: string;
	/** Told how many bytes of it are here, for each piece that comes. */
	readonly onBytes?: (bytes: number) => void;
};

/**
Files by the SHA-256 of their contents, beside a mirror: `<folder>/ab/cd/<whole hash>`, and below `tmp` what is still
coming in.
*/
export type ContentStore = {
	/** Size in bytes of the file with this hash; undefined where there is none. */
	readonly sizeOf: (hash: string) => Promise<number | undefined>;
	/**
	Takes in what `fill` writes to a target. What is here of it from another time may turn out to be of no use: then `fill` is called
	once more, to begin anew.

	@param expected Contents that are anything else are thrown away.
	@throws WrongContents, the error of `fill`, or the file system's; UserError where a link leads out of the store.
	*/
	readonly add: (
		fill: (target: BodyTarget) => Promise<unknown>,
		expected?: ExpectedContents,
	) => Promise<{readonly hash: string; readonly bytes: number}>;
	/** Throws away the parts of files that nobody wants any more. @param wanted Names of those that are. */
	readonly sweepParts: (wanted: ReadonlySet<string>) => Promise<void>;
};

/** What came is not what was to come. */
export class WrongContents extends Error {
	override name = 'WrongContents';
}

/** What came ended too early; the rest of it may still come. */
export class ContentsCut extends WrongContents {
	override name = 'ContentsCut';
}

/**
@param root Path of a folder that is no link and does not lie behind one; the names are of folders below it.
@param names Where the files lie: `['lfs', 'objects']`.
@param temporaryNames Where they lie while they come in.
*/
export function createContentStore(
	root: string,
	names: readonly string[],
	temporaryNames: readonly string[],
): ContentStore {
	const temporaryFolder = join(root, ...temporaryNames);
	const coming = new Set<string>();
	const namesOf = (hash: string): readonly string[] => [...names, hash.slice(0, 2), hash.slice(2, 4)];

	const takeIn = async (
		incoming: IncomingFile,
		fill: (target: BodyTarget) => Promise<unknown>,
		expected: ExpectedContents,
	): Promise<{readonly hash: string; readonly bytes: number}> => {
		// All of it is here where a run was killed at its very end.
		if (expected.hash === undefined || incoming.bytes() === 0 || incoming.bytes() !== expected.size) {
			await fill(incoming.target);
		}

		const found = await incoming.seal();
		assertExpected(found, expected);
		return found;
	};

	return {
		sizeOf: async hash => {
			try {
				const found = await lstat(join(root, ...namesOf(hash), hash));
				return found.isFile() ? found.size : undefined;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
					return undefined;
				}

				throw error;
			}
		},
		add: async (fill, expected = {}) => {
			await makeOwnFolders(root, temporaryNames);
			// Who comes second to the same part gets one of its own.
			const isKept = expected.part !== undefined && !coming.has(expected.part);
			const name = isKept && expected.part !== undefined ? expected.part : randomUUID();
			const temporary = join(temporaryFolder, isKept ? name + partSuffix : name);
			coming.add(name);
			let incoming: IncomingFile | undefined;
			try {
				incoming = await openIncomingFile(temporary, {
					isChecked: expected.hash !== undefined,
					maximumBytes: expected.size ?? Number.POSITIVE_INFINITY,
					tooMany: () => new WrongContents(`more than the ${expected.size} bytes came that were asked for`),
					onBytes: expected.onBytes,
				});
				const found = await takeIn(incoming, fill, expected).catch(async (error: unknown) => {
					const isStale = incoming?.wasResumed === true && isWrong(error);
					if (incoming === undefined || !isStale) {
						throw error;
					}

					await incoming.remove();
					return takeIn(incoming, fill, expected);
				});

				const folder = await makeOwnFolders(root, namesOf(found.hash));
				await rename(temporary, join(folder, found.hash));
				await synchroniseFolder(folder);
				await rm(notePathOf(temporary), {force: true});
				return found;
			} catch (error) {
				await incoming?.settle();
				if (!isKept || !isWorthKeeping(error, incoming)) {
					// What went wrong first is what has to be told.
					await incoming?.remove().catch(() => undefined);
				}

				throw error;
			} finally {
				coming.delete(name);
			}
		},
		sweepParts: async wanted => {
			for (const name of await namesIn(temporaryFolder)) {
				const [part = ''] = name.split('.');
				if (isPart(name) && !wanted.has(part)) {
					await rm(join(temporaryFolder, name), {force: true, recursive: true});
				}
			}
		},
	};
}

function assertExpected(
	found: {readonly hash: string; readonly bytes: number},
	{hash, size}: ExpectedContents,
): void {
	if (hash === undefined ? (size ?? found.bytes) === found.bytes : hash === found.hash) {
		return;
	}

	if (size !== undefined && found.bytes < size) {
		throw new ContentsCut(`${found.bytes} bytes came instead of ${size}`);
	}

	throw new WrongContents(`${found.bytes} bytes came that are not what was asked for`);
}

/** What came is good for another time, unless it is wrong, or we could not write: a full disk is not helped by what lies on it. */
function isWorthKeeping(error: unknown, incoming: IncomingFile | undefined): boolean {
	return incoming?.target.resume() !== undefined && !isWrong(error) && !incoming.hasFailed();
}

function isWrong(error: unknown): boolean {
	return error instanceof WrongContents && !(error instanceof ContentsCut);
}

/**
Makes folders, one below the other, each on disk when this returns.

@throws UserError where a link, or something else, stands in the place of one.
*/
async function makeOwnFolders(root: string, names: readonly string[]): Promise<string> {
	let folder = root;
	for (const name of names) {
		const parent = folder;
		folder = join(parent, name);
		const isNew = await mkdir(folder, {mode: 0o700}).then(
			() => true,
			(error: NodeJS.ErrnoException) => {
				if (error.code !== 'EEXIST') {
					throw error;
				}

				return false;
			},
		);
		if (isNew) {
			await synchroniseFolder(parent);
		} else if (!(await lstat(folder)).isDirectory()) {
			throw new UserError(
				`${folder} is a link, or no folder; a backup writes only to folders of its own. Move it away.`,
			);
		}
	}

	return folder;
}
