import {type ContentStore, createContentStore} from './content-store.ts';
import {type GitStep, mirrorGit} from './git-step.ts';
import {fetchLfsObjects} from './lfs/lfs-step.ts';
import {readDownloads} from './metadata/downloads.ts';
import {elementFile} from './metadata/list-file.ts';
import {isDue, signsThat} from './metadata/metadata-kind.ts';
import {kindsOf, metadataKinds} from './metadata/metadata-kinds.ts';
import {readPipelines} from './metadata/pipelines.ts';
import {type PullRequestsStep, readPullRequests} from './metadata/pull-requests.ts';
import {saveKinds} from './metadata/save-kinds.ts';
import {isDamaged} from './mirror-note.ts';
import {formatRefList, noRefs} from './ref-list.ts';
import {isLacking, type RepositorySession} from './repository-session.ts';

/*
The steps of a repository's backup. A kind of data that the plan does not choose is taken over from the last snapshot: two
plans of one destination do not undo each other, and nothing that was saved once goes out of sight.
*/

/** @param isMended Whether the mirror was found damaged, and repaired, just now. */
export async function backUpGit(session: RepositorySession, isMended: boolean): Promise<GitStep> {
	const {last, tree} = session;
	const git = session.wants('git')
		? await mirrorGit({...session, isMended, lastSnapshot: last?.refs})
		: {refs: last?.refs ?? noRefs, hasChanged: false};
	tree.write('refs', formatRefList(git.refs));
	return git;
}

export function describeRepository({tree, description}: RepositorySession): void {
	tree.write('repository.json', elementFile(description));
}

/**
@param isMended Whether the mirror was found damaged, and repaired, just now.
@returns how many LFS objects the history points to.
*/
export async function backUpLfs(
	session: RepositorySession,
	git: GitStep,
	isMended: boolean,
): Promise<number> {
	const {place, tree, last, note, wants} = session;
	if (wants('git') && wants('lfs')) {
		return fetchLfsObjects({
			...session,
			refs: git.refs,
			haveRefsChanged: git.hasChanged,
			isDamageKnown: isMended || isDamaged(note),
			store: storeIn(session, ['lfs', 'objects'], ['lfs', 'tmp']),
			transfers: place.transfers,
			clock: place.clock,
			signal: place.signal,
		});
	}

	tree.keep('lfs.json');
	return last?.record?.counts.lfsObjects ?? 0;
}

export async function backUpPullRequests(session: RepositorySession): Promise<PullRequestsStep> {
	const {tree, last, wants} = session;
	if (wants('pull-requests')) {
		return readPullRequests({...session, withGit: wants('git'), withStatuses: wants('statuses')});
	}

	tree.keep('pull-requests');
	return {
		count: last?.record?.counts.pullRequests ?? 0,
		updatedOn: last?.record?.pullRequestsUpdatedOn,
	};
}

const settingsKinds = kindsOf('repository', 'settings');

export async function backUpSettings(session: RepositorySession): Promise<void> {
	const {place, tree, last, drafting, wants, progress} = session;
	if (!wants('settings')) {
		tree.keep('settings');
		return;
	}

	const isTurn = session.isTurn || last?.entries.has('settings') !== true;
	await saveKinds(settingsKinds, {
		...session,
		signs: signsThat({turn: isTurn}),
		drafts: {drafting, clock: place.clock},
		onKind: done => progress('settings', done, settingsKinds.size, 'kinds'),
	});
	drafting.settled('settings');
}

/** @returns how many download files there are. */
export async function backUpDownloads(session: RepositorySession, git: GitStep): Promise<number> {
	const {tree, last, isTurn, wants} = session;
	const kind = metadataKinds.downloads;
	const signs = signsThat({turn: isTurn, refs: git.hasChanged});
	const lacks = isLacking(last, kind.file) || last?.entries.has(kind.file) !== true;
	if (wants('downloads') && isDue(kind, signs, lacks)) {
		return readDownloads({...session, store: storeIn(session, ['downloads'], ['downloads', 'tmp'])});
	}

	tree.keep(kind.file);
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
