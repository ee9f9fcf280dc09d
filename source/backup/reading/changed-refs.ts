import type {MirrorReader} from '../mirror.ts';
import {parseRefList, type RefList} from '../ref-list.ts';
import type {SnapshotPair} from './changed-paths.ts';

/** What of two lists of refs is not in both. */
export type ChangedRefs = {readonly before: RefList; readonly after: RefList};

/**
Where the lists of refs of two snapshots differ. Git compares them line by line, and only the lines that differ are read: a
list may have 50,000.

@param pairs Each commit once as the later one.
@returns by the later commit of each pair; nothing for a pair whose lists are the same.
@throws GitFailed
*/
export async function readChangedRefs(
	mirror: MirrorReader,
	pairs: readonly SnapshotPair[],
): Promise<ReadonlyMap<string, ChangedRefs>> {
	const output = await mirror.read(
		[
			...['diff-tree', '--stdin', '-p', '-U0', '--text', '--no-color', '--no-ext-diff', '--no-textconv'],
			...['--no-renames', '--', 'refs'],
		],
		{input: pairs.map(({before, after}) => `${after} ${before}\n`).join('')},
	);
	return parseRefsDiff(output);
}

/** Reads what `git diff-tree --stdin -p` prints of the files `refs`: a commit, then the lines that went and came. */
export function parseRefsDiff(output: Buffer): ReadonlyMap<string, ChangedRefs> {
	const byCommit = new Map<string, {before: string[]; after: string[]}>();
	let current = {before: [] as string[], after: [] as string[]};
	for (const line of output.toString('latin1').split('\n')) {
		if (/^[0-9a-f]{40,64}$/.test(line)) {
			current = {before: [], after: []};
			byCommit.set(line, current);
		} else if (/^-(?:ref: |[0-9a-f]{40})/.test(line)) {
			current.before.push(line.slice(1));
		} else if (/^\+(?:ref: |[0-9a-f]{40})/.test(line)) {
			current.after.push(line.slice(1));
		}
	}

	const listOf = (lines: readonly string[]): RefList => parseRefList(Buffer.from(lines.join('\n'), 'latin1'));
	return new Map(
		[...byCommit].map(([commit, {before, after}]) => [
			commit,
			{before: listOf(before), after: listOf(after)},
		]),
	);
}
