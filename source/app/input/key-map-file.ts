import {readPlainFile} from '../../system/plain-file.ts';
import {type KeyOverrides, noOverrides, parseKeyOverrides} from './key-overrides.ts';

/** The keys that hold, with where a user's own are written and what kept them from being used. */
export type LoadedKeys = KeyOverrides & {
	readonly path: string;
	/** Why the user's own keys do not hold, in a sentence. */
	readonly problem?: string;
};

/** More than that no one writes by hand. */
const mostBytes = 100_000;

/** The keys with those of the user's file laid over them. Whatever is wrong with it, there are keys, and a sentence. */
export async function loadKeys(path: string): Promise<LoadedKeys> {
	try {
		const file = await readPlainFile(path, mostBytes);
		return {path, ...(file === undefined ? noOverrides : parseKeyOverrides(file.toString('utf8')))};
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return {
			...noOverrides,
			path,
			problem: `The keys in ${path} are not used, the usual ones hold: ${reason}.`,
		};
	}
}
