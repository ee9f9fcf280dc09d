import {type ContentStore, createContentStore} from './content-store.ts';
import {type GitStep, mirrorGit} from './git-step.ts';
import {fetchLfsObjects} from './lfs/lfs-step.ts';
import {readDownloads} from './metadata/downloads.ts';
import {readPipelines} from './metadata/pipelines.ts';
import {readPullRequests} from './metadata/pull-requests.ts';
import {readSettings} from './metadata/read-settings.ts';
import {formatRefList, noRefs} from './ref-list.ts';
import {isLacking, type RepositorySession} from './repository-session.ts';

/*
The steps of a repository's backup. A kind of data that the plan does not choose is taken over from the last snapshot: two
plans of one destination do not undo each other, and nothing that was saved once goes out of sight.
*/

export async function backUpGit(session: RepositorySession): Promise<GitStep> {
	const {last, tree} = session;
	const git = session.wants('git')
		? await mirrorGit({...session, lastSnapshot: last?.refs})
		: {refs: last?.refs ?? noRefs, hasChanged: false};
	tree.write('refs', formatRefList(git.refs));
	return git;
}

export function describeRepository({tree, description}: RepositorySession): void {
	tree.write('repository.json', description);
}

/** @returns how many LFS objects the history points to. */
export async function backUpLfs(session: RepositorySession, git: GitStep): Promise<number> {
	const {place, tree, last, wants} = session;
	if (wants('git') && wants('lfs')) {
		return fetchLfsObjects({
			...session,
			refs: git.refs,
			haveRefsChanged: git.hasChanged,
			store: storeIn(session, ['lfs', 'objects'], ['lfs', 'tmp']),
			transfers: place.transfers,
			clock: place.clock,
			signal: place.signal,
		});
	}

	tree.keep('lfs.json');
	return last?.record?.counts.lfsObjects ?? 0;
}

/** @returns how many pull requests there are. */
export async function backUpPullRequests(session: RepositorySession): Promise<number> {
	const {mirror, tree, last, wants} = session;
	if (wants('pull-requests')) {
		return readPullRequests({
			...session,
			mirror: wants('git') ? mirror : undefined,
			withStatuses: wants('statuses'),
		});
	}

	tree.keep('pull-requests');
	return last?.record?.counts.pullRequests ?? 0;
}

export async function backUpSettings(session: RepositorySession): Promise<void> {
	const {place, tree, last, wants} = session;
	if (wants('settings')) {
		const isTurn = session.isTurn || last?.entries.has('settings') !== true;
		await readSettings({...session, isTurn, clock: place.clock});
	} else {
		tree.keep('settings');
	}
}

/**
A new file is most often uploaded with a new tag: the list is read when the refs changed, and in turns.

@returns how many files there are.
*/
export async function backUpDownloads(session: RepositorySession, git: GitStep): Promise<number> {
	const {tree, last, wants} = session;
	const file = 'downloads.json';
	const isDue = session.isTurn || git.hasChanged || isLacking(last, file) || last?.entries.has(file) !== true;
	if (wants('downloads') && isDue) {
		return readDownloads({...session, store: storeIn(session, ['downloads'], ['downloads', 'tmp'])});
	}

	tree.keep(file);
	return last?.record?.counts.downloads ?? 0;
}

export async function backUpPipelines(session: RepositorySession): Promise<void> {
	if (session.wants('pipelines')) {
		await readPipelines(session);
	} else {
		session.tree.keep('pipelines');
	}
}

/** A store of files beside the mirror; what comes to it is counted. */
function storeIn(
	{mirror, added}: RepositorySession,
	names: readonly string[],
	temporaryNames: readonly string[],
): ContentStore {
	const store = createContentStore(mirror.folder, names, temporaryNames);
	return {
		...store,
		add: async (fill, expected) => {
			const saved = await store.add(fill, expected);
			added.bytes += saved.bytes;
			return saved;
		},
	};
}
