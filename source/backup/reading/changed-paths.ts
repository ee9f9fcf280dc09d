import type {MirrorReader} from '../mirror.ts';

/** Two snapshots by their commits. */
export type SnapshotPair = {readonly before: string; readonly after: string};

/** A file that is different between two trees. */
export type ChangedPath = {
	readonly path: string;
	readonly status: 'added' | 'changed' | 'removed';
	/** Ids of its contents on both sides. */
	readonly before: string | undefined;
	readonly after: string | undefined;
};

/**
What is different between pairs of commits; one process for all pairs, which looks only into folders that differ.

@param pairs Each commit once as the later one.
@returns by the later commit of each pair; nothing for a pair that is the same.
@throws GitFailed
*/
export async function readChangedPaths(
	mirror: MirrorReader,
	pairs: readonly SnapshotPair[],
): Promise<ReadonlyMap<string, readonly ChangedPath[]>> {
	const output = await mirror.read(
		['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-renames', '--no-abbrev'],
		{
			input: pairs.map(({before, after}) => `${after} ${before}\n`).join(''),
		},
	);
	return parseRawDiff(output);
}

/** Reads what `git diff-tree --stdin -z --raw` prints: a commit, then its differences, each with its path. */
export function parseRawDiff(output: Buffer): ReadonlyMap<string, readonly ChangedPath[]> {
	const byCommit = new Map<string, ChangedPath[]>();
	const tokens = output.toString('utf8').split('\0');
	let current: ChangedPath[] = [];
	for (let index = 0; index < tokens.length; index += 1) {
		const token = tokens[index] ?? '';
		const [, before = '', after = '', letter] =
			/^:\d+ \d+ ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])\d*$/.exec(token) ?? [];
		if (letter !== undefined) {
			index += 1;
			current.push({
				path: tokens[index] ?? '',
				status: letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'changed',
				before: orUndefined(before),
				after: orUndefined(after),
			});
		} else if (/^[0-9a-f]{40,64}$/.test(token)) {
			current = [];
			byCommit.set(token, current);
		}
	}

	return byCommit;
}

/** Git writes nothing but zeros for what is not there. */
function orUndefined(id: string): string | undefined {
	return /^0+$/.test(id) ? undefined : id;
}
