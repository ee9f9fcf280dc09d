import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {mirrorGit} from '../../../source/backup/git-step.ts';
import {readSnapshot, type Snapshot} from '../../../source/backup/last-snapshot.ts';
import {type MirrorReader, openMirror, openMirrorReader} from '../../../source/backup/mirror.ts';
import {changeMirrorNote} from '../../../source/backup/mirror-note.ts';
import {readMirrorRefs} from '../../../source/backup/mirror-refs.ts';
import {createProblems} from '../../../source/backup/problems.ts';
import {readSnapshotIds} from '../../../source/backup/reading/snapshot-ids.ts';
import {formatRefList, type RefList} from '../../../source/backup/ref-list.ts';
import {snapshotId} from '../../../source/backup/snapshot-id.ts';
import type {SnapshotPart} from '../../../source/backup/snapshot-tree.ts';
import {stableJson} from '../../../source/backup/stable-json.ts';
import {writeSnapshot} from '../../../source/backup/write-snapshot.ts';
import {systemClock} from '../../../source/system/clock.ts';
import {createFakePool} from '../fake-pool.ts';
import {type GitServer, startGitServer} from '../git-server.ts';
import {makeUpstream, type UpstreamRepository} from '../upstream-repository.ts';

/** A repository with a history, and its backup; each save makes a snapshot, whatever changed. */
export type SavedHistory = {
	readonly upstream: UpstreamRepository;
	readonly server: GitServer;
	/** Of the backup. */
	readonly mirrorFolder: string;
	/** Holds the mirrors of the workspace. */
	readonly backups: string;
	/** Holds everything, and what a test restores. */
	readonly folder: string;
	/** Backs the repository up now; returns the snapshot's id and what it lists. */
	readonly save: (
		files?: Readonly<Record<string, unknown>>,
	) => Promise<{readonly id: string; readonly refs: RefList}>;
	/** Puts an LFS object or a download into the mirror. */
	readonly store: (kind: 'lfs/objects' | 'downloads', hash: string, contents: Uint8Array) => void;
	readonly reader: () => Promise<MirrorReader>;
	/** By its id; the newest one without. */
	readonly snapshot: (id?: string) => Promise<Snapshot>;
	readonly close: () => Promise<void>;
};

export const webUuid = '{1a2b3c4d-1111-4222-8333-444455556666}';

export async function startSavedHistory(): Promise<SavedHistory> {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-restore-'));
	const server = await startGitServer(join(folder, 'upstream'));
	const upstream = makeUpstream(join(folder, 'upstream', 'web.git'));
	const backups = join(folder, 'backups', 'acme');
	mkdirSync(backups, {recursive: true});
	const mirrorFolder = join(backups, 'web-1a2b3c4d.git');
	let at = Date.parse('2026-11-01T02:00:00.000Z');
	let last: RefList | undefined;

	const save: SavedHistory['save'] = async (files = {}) => {
		const mirror = await openMirror(mirrorFolder, systemClock, new AbortController().signal);
		try {
			await changeMirrorNote(mirrorFolder, webUuid, {slug: 'web'});
			const {refs} = await mirrorGit({
				mirror,
				upstream: {
					name: 'web',
					cloneUrl: `${server.origin}/web.git`,
					pool: createFakePool({origin: server.origin}),
				},
				before: await readMirrorRefs(mirror),
				lastSnapshot: last,
				problems: createProblems(),
				progress: () => undefined,
			});
			last = refs;
			at += 86_400_000;
			const id = snapshotId(at);
			const record = {
				version: 1,
				run: 'run',
				at: new Date(at).toISOString(),
				data: ['git'],
				counts: {refs: refs.refs.size, pullRequests: 0, lfsObjects: 0, downloads: 0},
				incomplete: [],
				problems: [],
			};
			const parts = new Map<string, SnapshotPart>([
				['refs', {kind: 'new', contents: formatRefList(refs)}],
				['snapshot.json', {kind: 'new', contents: stableJson(record)}],
				...Object.entries(files).map(([path, value]): [string, SnapshotPart] => [
					path,
					{kind: 'new', contents: Buffer.isBuffer(value) ? value : stableJson(value)},
				]),
			]);
			await writeSnapshot(mirror, id, 'A snapshot', parts);
			return {id, refs};
		} finally {
			mirror.close();
		}
	};

	const reader = async (): Promise<MirrorReader> =>
		openMirrorReader(mirrorFolder, new AbortController().signal);
	return {
		upstream,
		server,
		mirrorFolder,
		backups,
		folder,
		save,
		store: (kind, hash, contents) => {
			const path = join(mirrorFolder, kind, hash.slice(0, 2), hash.slice(2, 4), hash);
			mkdirSync(dirname(path), {recursive: true});
			writeFileSync(path, contents);
		},
		reader,
		snapshot: async id => {
			const mirror = await reader();
			const snapshots = [...(await readSnapshotIds(mirror))];
			const found = id === undefined ? snapshots.at(-1) : snapshots.find(([name]) => name === id);
			if (found === undefined) {
				throw new Error(`There is no snapshot ${id}.`);
			}

			return readSnapshot(mirror, ...found);
		},
		close: async () => {
			await server.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
