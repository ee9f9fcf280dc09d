import {GitFailed} from '../../system/git.ts';
import type {MirrorReader} from '../mirror.ts';

/** Objects whose history is not whole. */
export type Hurt = {
	readonly ids: readonly string[];
	/** False where it would have taken too long to tell each from the others: some of these may be whole. */
	readonly isExact: boolean;
};

/** Each is a walk through history that is not known to be whole yet. */
const maximumWalks = 200;

/**
Finds out which objects lead to something that is not there, by halves: one walk says that all of a group are whole, and
what is known to be whole is not walked through again.

@param ids Of objects that are there.
@param isExact Whether they are told apart; else one walk says whether all are whole.
*/
export async function findHurt(reader: MirrorReader, ids: readonly string[], isExact = true): Promise<Hurt> {
	const allowed = isExact ? maximumWalks : 1;
	const whole: string[] = [];
	let walks = 0;

	const search = async (group: readonly string[]): Promise<readonly string[]> => {
		if (group.length === 0 || walks >= allowed) {
			return group;
		}

		walks += 1;
		if (await isWhole(reader, group, whole)) {
			whole.push(...group);
			return [];
		}

		const middle = Math.floor(group.length / 2);
		return group.length === 1
			? group
			: [...(await search(group.slice(0, middle))), ...(await search(group.slice(middle)))];
	};

	const hurt = await search(ids);
	return {ids: hurt, isExact: walks < allowed};
}

async function isWhole(
	reader: MirrorReader,
	ids: readonly string[],
	known: readonly string[],
): Promise<boolean> {
	try {
		await reader.read(['rev-list', '--objects', '--quiet', '--stdin'], {
			input: [...ids.map(id => `${id}\n`), ...known.map(id => `^${id}\n`)].join(''),
		});
		return true;
	} catch (error) {
		if (error instanceof GitFailed) {
			return false;
		}

		throw error;
	}
}
