import {parseTree} from '../git-objects.ts';
import type {MirrorReader} from '../mirror.ts';
import {readEachFile} from './read-each-file.ts';
import {resolveNames} from './resolve-names.ts';
import {draftChunks} from './snapshot-lists.ts';

/** Source, destination and merge commit; Bitbucket gives the first twelve digits. */
const hashes = /"hash":\s*"([0-9a-f]{7,64})"/g;

/**
The commits of all pull requests that snapshots, or the draft, hold: those that lie in the mirror. A pull request whose commits
lie there has no patch, so they must stay as long as it does; they need be no tips themselves.

@param commits Commits of snapshots.
@param draft Commit of the draft.
*/
export async function readPullRequestCommits(
	mirror: MirrorReader,
	commits: Iterable<string>,
	draft: string | undefined,
): Promise<ReadonlySet<string>> {
	const chunks = await draftChunks(mirror, draft);
	const folders = [
		...[...commits].map(commit => `${commit}:pull-requests`),
		...chunks.map(chunk => `${draft}:${chunk}/parts/pull-requests`),
	];
	const found = new Set<string>();
	const pullRequests = [...(await treesIn(mirror, folders))];
	const files = pullRequests.map(tree => `${tree}:pull-request.json`);
	await readEachFile(mirror, files, file => {
		for (const [, hash = ''] of file.toString('latin1').matchAll(hashes)) {
			found.add(hash);
		}
	});

	const resolved = await resolveNames(
		mirror,
		[...found].map(hash => `${hash}^{commit}`),
	);
	return new Set([...resolved.values()].map(({id}) => id));
}

/** Ids of the folders below other folders, each once: most are the same in many snapshots. */
async function treesIn(mirror: MirrorReader, folders: readonly string[]): Promise<ReadonlySet<string>> {
	const parents = await resolveNames(mirror, folders);
	const trees = new Set<string>();
	for (const parent of new Set([...parents.values()].map(({id}) => id))) {
		for (const {type, id} of parseTree(await mirror.read(['ls-tree', '-z', parent])).values()) {
			if (type === 'tree') {
				trees.add(id);
			}
		}
	}

	return trees;
}
