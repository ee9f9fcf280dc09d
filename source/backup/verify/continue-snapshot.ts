import {parseBatch} from '../git-objects.ts';
import {readFiles} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import {formatRefList} from '../ref-list.ts';
import {nextSnapshotId, snapshotTime} from '../snapshot-id.ts';
import {type SnapshotRecord, SnapshotRecordSchema, snapshotVersion} from '../snapshot-record.ts';
import {recordPath, type SnapshotPart} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import {writeSnapshot} from '../write-snapshot.ts';
import {type LostFile, parseRawTree, type RawEntry} from './lost-files.ts';

/**
Makes a new snapshot of what is left of the newest one. It says itself what it lacks: the next run goes on from it and reads that
again, while it could not go on from a snapshot of which parts are missing. The hurt one stays, and what is read again with the
same contents makes it whole.

@param lost What is lost of it; not all of it.
@param mirrored What upstream had at the last fetch, in place of a list of refs that is lost.
@param now Milliseconds since the epoch.
*/
export async function continueSnapshot(
	mirror: Mirror,
	snapshot: {readonly id: string; readonly commit: string},
	lost: readonly LostFile[],
	mirrored: ReadonlyMap<string, string>,
	now: number,
): Promise<void> {
	const paths = lost.map(({path}) => path);
	const parts = await readParts(mirror, `${snapshot.commit}^{tree}`, paths);
	const [commit, contents] = await readFiles(mirror, [snapshot.commit, `${snapshot.commit}:${recordPath}`]);
	const before = contents === undefined ? undefined : parseRecord(contents);
	const lacking = before === undefined ? await listParts(mirror, parts) : before.incomplete;
	const incomplete = new Map<string, SnapshotRecord['incomplete'][number]>(
		lacking.map(part => [part.path, part]),
	);
	for (const path of paths) {
		incomplete.set(path, {path, problem: `lost on disk; the snapshot ${snapshot.id} had it`});
	}

	const id = nextSnapshotId(now, snapshot.id);
	const at = new Date(snapshotTime(id)).toISOString();
	const record: SnapshotRecord = {
		...(before ?? {
			version: snapshotVersion,
			run: 'verify',
			data: [],
			counts: {refs: 0, pullRequests: 0, lfsObjects: 0, downloads: 0},
			problems: [],
		}),
		at,
		incomplete: [...incomplete.values()].sort((left, right) => (left.path < right.path ? -1 : 1)),
	};
	if (paths.includes('refs')) {
		parts.set('refs', {kind: 'new', contents: formatRefList({head: undefined, refs: mirrored})});
	}

	parts.set(recordPath, {kind: 'new', contents: stableJson(record)});
	await writeSnapshot(mirror, id, titleOf(commit).replace(/ at \S+$/, ` at ${at}`), parts);
}

/** The parts of a tree without what is lost of it: whole folders where nothing in them is. */
async function readParts(
	mirror: Mirror,
	tree: string,
	lost: readonly string[],
	within = '',
): Promise<Map<string, SnapshotPart>> {
	const parts = new Map<string, SnapshotPart>();
	for (const {name, id, isTree} of await readTree(mirror, tree)) {
		const path = within + name;
		if (lost.includes(path)) {
			continue;
		}

		if (isTree && lost.some(each => each.startsWith(`${path}/`))) {
			for (const [below, part] of await readParts(mirror, id, lost, `${path}/`)) {
				parts.set(below, part);
			}
		} else {
			parts.set(path, {kind: 'kept', type: isTree ? 'tree' : 'blob', id});
		}
	}

	return parts;
}

/** What has to be believed to be missing where nothing says what is: every part, and of folders everything in them. */
async function listParts(
	mirror: Mirror,
	parts: ReadonlyMap<string, SnapshotPart>,
): Promise<SnapshotRecord['incomplete']> {
	const listed: SnapshotRecord['incomplete'] = [];
	for (const [path, part] of parts) {
		const inside = part.kind === 'kept' && part.type === 'tree' ? await readTree(mirror, part.id) : [];
		const paths = inside.length === 0 ? [path] : inside.map(({name}) => `${path}/${name}`);
		listed.push(...paths.map(each => ({path: each, problem: 'it is not known whether it is whole'})));
	}

	return listed;
}

async function readTree(mirror: Mirror, tree: string): Promise<readonly RawEntry[]> {
	const [object] = parseBatch(await mirror.read(['cat-file', '--batch'], {input: `${tree}\n`}));
	return object?.type === 'tree' ? parseRawTree(object.contents) : [];
}

function parseRecord(file: Buffer): SnapshotRecord | undefined {
	try {
		return SnapshotRecordSchema.safeParse(JSON.parse(file.toString('utf8'))).data;
	} catch {
		return undefined;
	}
}

/** First line of a commit's message. */
function titleOf(commit: Buffer | undefined): string {
	return commit?.toString('utf8').split('\n\n')[1]?.split('\n')[0] ?? 'Snapshot';
}
