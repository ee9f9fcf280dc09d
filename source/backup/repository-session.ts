import {join} from 'node:path';
import type {Repository} from '../bitbucket/resources.ts';
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
import {findMirrorFolder} from './mirror-folder.ts';
import {type MirrorNote, readMirrorNote} from './mirror-note.ts';
import {type MirrorRefs, readMirrorRefs} from './mirror-refs.ts';
import {createProblems, type Problems} from './problems.ts';
import {createProgress, type ReportProgress} from './progress.ts';
import {createSnapshotTree, type SnapshotTree} from './snapshot-tree.ts';
import {isFullPassTurn, isTurn, settingsCycle} from './turn.ts';
import type {Upstream} from './upstream.ts';

/** The backup of one repository while it is made; what its steps share. */
export type RepositorySession = {
	readonly place: BackupPlace;
	readonly repository: Repository;
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

/**
Opens a repository's mirror for this process.

@throws UserError when another run works on it, or something is planted in it.
*/
export async function openRepositorySession(
	place: BackupPlace,
	repository: Repository,
): Promise<RepositorySession> {
	const {organization, plan, pool, clock, workspaceFolder} = place;
	const {slug, uuid} = repository;
	const prefix = uuidPrefix(uuid);
	if (prefix === undefined) {
		throw new UserError(`Bitbucket gave "${uuid}" as the id of a repository, which is none.`);
	}

	const folder = await findMirrorFolder(workspaceFolder, {slug, uuid, uuidPrefix: prefix});
	const mirror = await openMirror(folder, clock, place.signal);
	try {
		const note = (await readMirrorNote(folder)) ?? {uuid};
		const before = await readMirrorRefs(mirror);
		const last = await readLastSnapshot(mirror, before.snapshots);
		const left = await readDraft(mirror, before.drafts, uuid);
		const tree = createSnapshotTree(last?.entries ?? new Map());
		const owner = {repository: uuid, run: place.run, data: plan.data};
		const gitUrl = organization.gitUrl.replace(/\/$/, '');
		const address = `${organization.workspace}/${encodeURIComponent(slug)}`;
		return {
			place,
			repository,
			slug,
			path: `/repositories/${address}`,
			names: {workspace: organization.workspace, repository: slug},
			pool,
			upstream: {name: slug, cloneUrl: `${gitUrl}/${address}.git`, pool},
			mirror,
			note,
			before,
			last,
			tree,
			drafting: createDrafting({mirror, tree, left, clock, owner}),
			problems: createProblems(),
			progress: createProgress(slug, place.report, clock),
			isTurn: isTurn(uuid, note.turnTakenAt, clock.now(), settingsCycle(plan.cycles)),
			isFullPass: isFullPassTurn(uuid, note.fullPassAt, clock.now(), plan.cycles),
			wants: kind => plan.data.includes(kind),
			bytesBefore: await folderSize(join(folder, 'objects')),
			added: {bytes: 0},
		};
	} catch (error) {
		mirror.close();
		throw error;
	}
}

/** Whether the last snapshot says that it lacks this part; also where it says nothing, or does not exist. */
export function isLacking(last: LastSnapshot | undefined, path: string): boolean {
	return last?.record?.incomplete.some(part => part.path === path) ?? true;
}
