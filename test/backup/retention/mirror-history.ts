import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {mirrorGit} from '../../../source/backup/git-step.ts';
import {heedMassChange} from '../../../source/backup/mass-change.ts';
import {type Mirror, openMirror} from '../../../source/backup/mirror.ts';
import {changeMirrorNote, readMirrorNote} from '../../../source/backup/mirror-note.ts';
import {readMirrorRefs} from '../../../source/backup/mirror-refs.ts';
import {createProblems, type Problems} from '../../../source/backup/problems.ts';
import {formatRefList, parseRefList, type RefList} from '../../../source/backup/ref-list.ts';
import {snapshotId} from '../../../source/backup/snapshot-id.ts';
import type {SnapshotPart} from '../../../source/backup/snapshot-tree.ts';
import {stableJson} from '../../../source/backup/stable-json.ts';
import {writeSnapshot} from '../../../source/backup/write-snapshot.ts';
import {systemClock} from '../../../source/system/clock.ts';
import {createFakePool} from '../fake-pool.ts';
import {type GitServer, startGitServer} from '../git-server.ts';
import {makeUpstream, readGitIn, refsIn, runGitIn, type UpstreamRepository} from '../upstream-repository.ts';

export const uuid = '{00000001-1111-4222-8333-444455556666}';

/** What a snapshot of a test holds besides its refs. */
export type SnapshotContents = {
	readonly isGood?: boolean;
	readonly plan?: string;
	readonly version?: number;
	/** Contents of LFS objects and of download files. */
	readonly lfs?: readonly string[];
	readonly downloads?: readonly string[];
	/** Source commits of pull requests by their ids. */
	readonly pullRequests?: ReadonlyMap<number, string>;
};

/** A repository that people change, and its mirror, backed up as runs do it. */
export type MirrorHistory = {
	readonly upstream: UpstreamRepository;
	readonly mirrorFolder: string;
	readonly inMirror: <Result>(work: (mirror: Mirror) => Promise<Result>) => Promise<Result>;
	/** @returns the snapshot's id. @param at Milliseconds since the epoch. */
	readonly backUp: (at: number, contents?: SnapshotContents) => Promise<string>;
	/** Ids of the snapshots, oldest first. */
	readonly snapshots: () => string[];
	readonly pins: () => string[];
};

/** Where histories are made: one server for all. */
export type HistoryMaker = {
	readonly folder: string;
	readonly make: () => MirrorHistory;
	readonly close: () => Promise<void>;
};

export async function startHistoryMaker(): Promise<HistoryMaker> {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-retention-'));
	const server = await startGitServer(join(folder, 'upstream'));
	let number = 0;
	return {
		folder,
		make: () => {
			number += 1;
			return makeHistory(folder, server, `r${number}`);
		},
		close: async () => {
			await server.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

function makeHistory(folder: string, server: GitServer, name: string): MirrorHistory {
	const upstream = makeUpstream(join(folder, 'upstream', `${name}.git`));
	const mirrorFolder = join(folder, 'mirrors', `${name}-00000001.git`);
	mkdirSync(dirname(mirrorFolder), {recursive: true});
	let last: RefList | undefined;
	const inMirror = async <Result>(work: (mirror: Mirror) => Promise<Result>): Promise<Result> =>
		workIn(mirrorFolder, work);
	return {
		upstream,
		mirrorFolder,
		inMirror,
		backUp: async (at, contents = {}) =>
			inMirror(async mirror => {
				if ((await readMirrorNote(mirrorFolder)) === undefined) {
					await changeMirrorNote(mirrorFolder, uuid, {slug: name});
				}

				const problems = createProblems();
				const {refs} = await mirrorGit({
					mirror,
					upstream: {
						name,
						cloneUrl: `${server.origin}/${name}.git`,
						pool: createFakePool({origin: server.origin}),
					},
					before: await readMirrorRefs(mirror),
					lastSnapshot: last,
					problems,
					progress: () => undefined,
				});
				await heedMassChange({mirror, uuid, before: last, now: refs, problems, at});
				last = refs;
				const id = snapshotId(at);
				await writeSnapshot(mirror, id, 'Snapshot', partsOf(mirrorFolder, refs, at, contents, problems));
				await mirror.write(['pack-refs', '--all']);
				return id;
			}),
		snapshots: () => snapshotsIn(mirrorFolder),
		pins: () => [...refsIn(mirrorFolder, 'refs/brigade/kept').values()].sort(),
	};
}

export async function workIn<Result>(
	folder: string,
	work: (mirror: Mirror) => Promise<Result>,
): Promise<Result> {
	const mirror = await openMirror(folder, systemClock, new AbortController().signal);
	try {
		return await work(mirror);
	} finally {
		mirror.close();
	}
}

function partsOf(
	mirrorFolder: string,
	refs: RefList,
	at: number,
	contents: SnapshotContents,
	problems: Problems,
): ReadonlyMap<string, SnapshotPart> {
	const {isGood = true, plan = 'nightly', version = 1, lfs = [], downloads = [], pullRequests} = contents;
	const record = {
		version,
		run: `${snapshotId(at)}-${plan}`,
		at: new Date(at).toISOString(),
		data: ['git', 'lfs', 'pull-requests'],
		counts: {refs: refs.refs.size, pullRequests: 0, lfsObjects: lfs.length, downloads: downloads.length},
		incomplete: isGood ? [] : [{path: 'settings', problem: 'missing'}],
		problems: problems.texts(),
	};
	const files = new Map<string, Buffer>([
		['refs', formatRefList(refs)],
		['snapshot.json', stableJson(record)],
		[
			'lfs.json',
			stableJson(lfs.map(text => ({oid: store(mirrorFolder, 'lfs/objects', text), size: text.length}))),
		],
		[
			'downloads.json',
			stableJson(
				downloads.map(text => ({download: {name: text}, sha256: store(mirrorFolder, 'downloads', text)})),
			),
		],
	]);
	for (const [id, hash] of pullRequests ?? []) {
		const pullRequest = {id, source: {commit: {hash: hash.slice(0, 12)}}};
		files.set(`pull-requests/${id}/pull-request.json`, stableJson(pullRequest));
	}

	return new Map([...files].map(([path, file]) => [path, {kind: 'new', contents: file}]));
}

export function hashOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

function store(mirrorFolder: string, folder: string, text: string): string {
	const hash = hashOf(text);
	const path = storedPath(mirrorFolder, folder, hash);
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, text);
	return hash;
}

export function storedPath(mirrorFolder: string, folder: string, hash: string): string {
	return join(mirrorFolder, folder, hash.slice(0, 2), hash.slice(2, 4), hash);
}

export function snapshotsIn(folder: string): string[] {
	return [...refsIn(folder, 'refs/brigade/snapshots').keys()].map(name => name.replace(/.*\//, ''));
}

let copies = 0;

/** A copy of a mirror as it lies on disk. */
export function copyOf(folder: string): string {
	copies += 1;
	const copy = join(dirname(folder), `copy-${copies}-00000001.git`);
	cpSync(folder, copy, {recursive: true});
	return copy;
}

/**
Fails unless every snapshot of a mirror is whole: each tip with all that it leads to, each pull request's commit, each file. Looked at in
a copy that has nothing but what refs lead to.
*/
export function assertWhole(folder: string, what = ''): void {
	copies += 1;
	const copy = join(dirname(folder), `pruned-${copies}.git`);
	runGitIn(folder, ['clone', '--quiet', '--mirror', '--no-local', folder, copy]);
	try {
		const snapshots = snapshotsIn(folder).map(id => `refs/brigade/snapshots/${id}`);
		const tips = new Set<string>();
		for (const snapshot of snapshots) {
			const read = (path: string): Buffer => readGitIn(copy, ['cat-file', 'blob', `${snapshot}:${path}`]);
			for (const id of parseRefList(read('refs')).refs.values()) {
				tips.add(id);
			}

			for (const path of runGitIn(copy, ['ls-tree', '-r', '--name-only', snapshot]).split('\n')) {
				if (path.endsWith('/pull-request.json')) {
					tips.add(JSON.parse(read(path).toString()).source.commit.hash);
				}
			}

			for (const {oid} of JSON.parse(read('lfs.json').toString())) {
				assert.equal(hashOf(readFileSync(storedPath(folder, 'lfs/objects', oid), 'utf8')), oid, what);
			}

			for (const {sha256} of JSON.parse(read('downloads.json').toString())) {
				assert.ok(existsSync(storedPath(folder, 'downloads', sha256)), what);
			}
		}

		const wanted = [...tips, ...snapshots].map(id => `${id}\n`).join('');
		assert.doesNotMatch(runGitIn(copy, ['cat-file', '--batch-check'], wanted), /missing/, what);
		assert.doesNotThrow(() => runGitIn(copy, ['rev-list', '--objects', '--quiet', '--stdin'], wanted), what);
	} finally {
		rmSync(copy, {recursive: true});
	}
}

/** Every file below a folder with its size and contents, as one text. */
export function listingOf(folder: string): string {
	return filesIn(folder)
		.map(
			path =>
				`${path} ${statSync(join(folder, path)).size} ${createHash('sha1')
					.update(readFileSync(join(folder, path)))
					.digest('hex')}`,
		)
		.join('\n');
}

/** Paths of all files below a folder, sorted. */
export function filesIn(folder: string): string[] {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => !entry.isDirectory())
		.map(entry => relative(folder, join(entry.parentPath, entry.name)))
		.sort();
}
