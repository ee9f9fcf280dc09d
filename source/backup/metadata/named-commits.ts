import {readFiles, type Snapshot} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {sourceCommitIn} from './pull-request-list.ts';

/**
Commits that the pull requests of a snapshot were made of. No ref of any snapshot need lead to them: a pin that is one of them is
needed for as long as the snapshot is kept.
*/
export type NamedCommits = {readonly has: (id: string) => boolean};

/** So many pull requests are looked into at a time. */
const atOnce = 100;

/** @throws GitFailed */
export async function findNamedCommits(
	mirror: MirrorReader,
	{entries}: Pick<Snapshot, 'entries'>,
): Promise<NamedCommits> {
	const files = [...entries].flatMap(([path, {id}]) =>
		/^pull-requests\/\d+\/pull-request\.json$/.test(path) ? [id] : [],
	);
	// Bitbucket gives the first digits of most, of how many is its own affair.
	const beginnings = new Set<string>();
	for (let begin = 0; begin < files.length; begin += atOnce) {
		for (const file of await readFiles(mirror, files.slice(begin, begin + atOnce))) {
			const commit = file === undefined ? undefined : sourceCommitIn(file);
			if (commit !== undefined) {
				beginnings.add(commit);
			}
		}
	}

	const lengths = [...new Set([...beginnings].map(({length}) => length))];
	return {has: id => lengths.some(length => beginnings.has(id.slice(0, length)))};
}
