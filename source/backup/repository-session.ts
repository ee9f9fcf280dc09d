import {join} from 'node:path';
import type {DataKind} from '../model/data-kind.ts';
import {UserError} from '../system/user-error.ts';
import type {BackupPlace} from './backup-place.ts';
import {readDraft} from './draft-reading.ts';
import {createDrafting, type Drafting} from './drafting.ts';
import {uuidPrefix} from './folder-name.ts';
import {folderSize} from './folder-size.ts';
import {type LastSnapshot, readLastSnapshot} from './last-snapshot.ts';
import type {Names} from './metadata/metadata-kind.ts';
import {type Mirror, openMirror} from './mirror.ts';
import {type MirrorNote, readMirrorNote} from './mirror-note.ts';
import {type MirrorRefs, readMirrorRefs} from './mirror-refs.ts';
import {createProblems, type Problems} from './problems.ts';
import {createProgress, type ReportProgress} from './progress.ts';
import type {Advertisement} from './read-advertisement.ts';
import type {ListedRepository} from './repository-list.ts';
import {createSnapshotTree, type SnapshotTree} from './snapshot-tree.ts';
import {takeMirrorFolder} from './take-mirror-folder.ts';
import {isFullPassTurn, isTurn, settingsCycle} from './turn.ts';
import type {Upstream} from './upstream.ts';

/** The backup of one repository while it is made; what its steps share. */
export type RepositorySession = {
	readonly place: BackupPlace;
	readonly repository: ListedRepository;
	/** As Bitbucket describes it: the file `repository.json`. */
	readonly description: Buffer;
	readonly slug: string;
	/** Below the API: `/repositories/acme/web-frontend`. */
	readonly path: string;
	/** What is filled in for the names in the table of metadata. */
	readonly names: Names;
	readonly pool: BackupPlace['pool'];
	readonly upstream: Upstream;
	readonly mirror: Mirror;
	readonly note: MirrorNote;
	/** The mirror's refs when it was opened. */
	readonly before: MirrorRefs;
	/** What upstream has; undefined where Git is not wanted. */
	readonly advertised: Advertisement | undefined;
	readonly last: LastSnapshot | undefined;
	/** The snapshot that is being made. */
	readonly tree: SnapshotTree;
	/** Saves what is read on the way to it. */
	readonly drafting: Drafting;
	readonly problems: Problems;
	readonly progress: ReportProgress;
	/** Whether what is read in turns is read in full now. */
	readonly isTurn: boolean;
	/** Whether everything is read and compared now, also what no sign tells of; so it is at first. */
	readonly isFullPass: boolean;
	readonly wants: (kind: DataKind) => boolean;
	/** Bytes of its Git objects when it was opened. */
	readonly bytesBefore: number;
	/** Bytes of files that came to it beside Git; counts up. */
	readonly added: {bytes: number};
};

/** A repository's mirror, open for this process; nothing was read of its snapshots yet. */
export type RepositoryMirror = Pick<
	RepositorySession,
	| 'place'
	| 'repository'
	| 'description'
	| 'slug'
	| 'upstream'
	| 'mirror'
	| 'note'
	| 'before'
	| 'progress'
	| 'problems'
	| 'wants'
>;

/**
Opens a repository's mirror for this process.

@throws UserError when another run works on it, or something is planted in it.
*/
export async function openRepositoryMirror(
	place: BackupPlace,
	repository: ListedRepository,
): Promise<RepositoryMirror> {
	const {clock} = place;
	const {slug, uuid} = repository;
	const prefix = uuidPrefix(uuid);
	if (prefix === undefined) {
		throw new UserError(`Bitbucket gave "${uuid}" as the id of a repository, which is none.`);
	}

	const {folder, transferredFrom} = await takeMirrorFolder(place, {slug, uuid, uuidPrefix: prefix});
	const mirror = await openMirror(folder, clock, place.signal);
	try {
		const problems = createProblems();
		if (transferredFrom !== undefined) {
			problems.note(`it was transferred from the workspace ${transferredFrom}; its backup has moved with it`);
		}

		return {
			place,
			repository,
			description: await place.describe(repository),
			slug,
			upstream: upstreamOf(place, repository),
			mirror,
			note: (await readMirrorNote(folder)) ?? {uuid},
			before: await readMirrorRefs(mirror),
			progress: createProgress(slug, place.report, clock),
			problems,
			wants: kind => place.plan.data.includes(kind),
		};
	} catch (error) {
		mirror.close();
		throw error;
	}
}

/** Reads what the next snapshot builds upon. Whoever opened the mirror closes it. */
export async function openRepositorySession(
	opened: RepositoryMirror,
	advertised: Advertisement | undefined,
): Promise<RepositorySession> {
	const {place, repository, slug, mirror, note, before} = opened;
	const {plan, pool, clock} = place;
	const {uuid} = repository;
	const last = await readLastSnapshot(mirror, before.snapshots);
	const left = await readDraft(mirror, before.drafts, uuid);
	const tree = createSnapshotTree(last?.entries ?? new Map());
	const owner = {repository: uuid, run: place.run, data: plan.data};
	return {
		...opened,
		path: `/repositories/${addressOf(place, slug)}`,
		names: {workspace: place.organization.workspace, repository: slug},
		pool,
		advertised,
		last,
		tree,
		drafting: createDrafting({mirror, tree, left, clock, owner}),
		isTurn: isTurn(uuid, note.turnTakenAt, clock.now(), settingsCycle(plan.cycles)),
		isFullPass: isFullPassTurn(uuid, note.fullPassAt, clock.now(), plan.cycles),
		bytesBefore: await folderSize(join(mirror.folder, 'objects')),
		added: {bytes: 0},
	};
}

/** A repository as git reaches it. */
export function upstreamOf(
	place: Pick<BackupPlace, 'organization' | 'pool'>,
	{slug}: Pick<ListedRepository, 'slug'>,
): Upstream {
	const origin = place.organization.gitUrl.replace(/\/$/, '');
	return {name: slug, cloneUrl: `${origin}/${addressOf(place, slug)}.git`, pool: place.pool};
}

function addressOf({organization}: Pick<BackupPlace, 'organization'>, slug: string): string {
	return `${organization.workspace}/${encodeURIComponent(slug)}`;
}

/** Whether the last snapshot says that it lacks this part; also where it says nothing, or does not exist. */
export function isLacking(last: LastSnapshot | undefined, path: string): boolean {
	return last?.record?.incomplete.some(part => part.path === path) ?? true;
}
