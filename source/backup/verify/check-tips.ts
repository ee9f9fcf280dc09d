import {GitFailed} from '../../system/git.ts';
import type {MirrorReader} from '../mirror.ts';

/** What became of objects that snapshots list as tips. */
export type TipsCheck = {
	/** Ids of those that are not there. */
	readonly missing: readonly string[];
	/** Ids of those that no ref leads to: nothing keeps them from a garbage collector. Undefined where history is broken. */
	readonly unheld: readonly string[] | undefined;
};

/**
Looks for the tips that snapshots list, also those that no ref points to directly: all are there, and refs lead to them.

@param refIds Ids that refs of the mirror hold and that are there.
*/
export async function checkTips(
	reader: MirrorReader,
	tips: ReadonlySet<string>,
	refIds: ReadonlySet<string>,
): Promise<TipsCheck> {
	const types = await readTypes(
		reader,
		[...tips].filter(id => !refIds.has(id)),
	);
	const missing = [...types].filter(([, type]) => type === undefined).map(([id]) => id);
	const commits = [...types].filter(([, type]) => type === 'commit').map(([id]) => id);
	// Trees, files and annotated tags have a pin of their own.
	const others = [...types].filter(([, type]) => type !== undefined && type !== 'commit').map(([id]) => id);
	const unheldCommits = await findUnreachable(reader, commits, refIds);
	return {missing, unheld: unheldCommits === undefined ? undefined : [...others, ...unheldCommits]};
}

/** Types of objects, undefined for those that are not there. */
export async function readTypes(
	reader: MirrorReader,
	ids: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
	if (ids.length === 0) {
		return new Map();
	}

	const output = await reader.read(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
		input: ids.map(id => `${id}\n`).join(''),
	});
	const lines = output.toString('latin1').split('\n');
	return new Map(
		ids.map((id, index) => {
			const [, type] = /^[0-9a-f]+ (commit|tree|blob|tag)$/.exec(lines[index] ?? '') ?? [];
			return [id, type];
		}),
	);
}

/** @returns undefined where history is broken on the way. */
async function findUnreachable(
	reader: MirrorReader,
	commits: readonly string[],
	refIds: ReadonlySet<string>,
): Promise<readonly string[] | undefined> {
	if (commits.length === 0) {
		return [];
	}

	try {
		const output = await reader.read(['rev-list', '--stdin'], {
			input: [...commits.map(id => `${id}\n`), ...[...refIds].map(id => `^${id}\n`)].join(''),
		});
		const unreachable = new Set(output.toString('latin1').split('\n'));
		return commits.filter(id => unreachable.has(id));
	} catch (error) {
		if (error instanceof GitFailed) {
			return undefined;
		}

		throw error;
	}
}
