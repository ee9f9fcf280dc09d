import * as z from 'zod';
import type {MirrorReader} from '../mirror.ts';
import {formatRefList, parseRefList} from '../ref-list.ts';
import {snapshotTime} from '../snapshot-id.ts';
import {type SnapshotRecord, SnapshotRecordSchema} from '../snapshot-record.ts';
import {recordPath} from '../snapshot-tree.ts';
import {type Finding, finding, someOf} from './finding.ts';
import {findSnapshotFiles, readShared, type SharedFile} from './snapshot-files.ts';
import {createWantedFiles, type WantedFile} from './wanted-files.ts';

/** What the snapshots of a mirror say of themselves, and what all of them need. */
export type SnapshotsCheck = {
	readonly findings: readonly Finding[];
	/** Ids of the snapshots without a file that each should have, by its name. */
	readonly lacking: ReadonlyMap<string, readonly string[]>;
	/** Ids of all objects that refs of snapshots point to. */
	readonly tips: ReadonlySet<string>;
	/** Versions of the file `refs`. */
	readonly refLists: readonly SharedFile[];
	/** By hash. */
	readonly lfs: ReadonlyMap<string, WantedFile>;
	readonly downloads: ReadonlyMap<string, WantedFile>;
	/** Ids of the snapshots whose commit or tree is not there. */
	readonly withoutTree: readonly string[];
};

type Place = {
	readonly reader: MirrorReader;
	/** Versions of a file, by its name. */
	readonly versions: (name: string) => readonly SharedFile[];
	readonly problem: (snapshots: readonly string[], text: string) => void;
};

/**
Reads every snapshot's own files. One that is not there although the tree names it is passed over: git misses it too.

@param snapshots Commits by the ids of the snapshots, oldest first.
@param hasRefs Whether every snapshot of this mirror lists refs: the workspace's own do not.
*/
export async function checkSnapshots(
	reader: MirrorReader,
	snapshots: ReadonlyMap<string, string>,
	hasRefs: boolean,
): Promise<SnapshotsCheck> {
	const names = ['refs', recordPath, 'lfs.json', 'downloads.json'];
	const {files, withoutTree} = await findSnapshotFiles(reader, snapshots, names);
	const findings: Finding[] = [];
	const place: Place = {
		reader,
		versions: name => files.get(name) ?? [],
		problem: (ids, text) => {
			findings.push(finding('snapshot', `${text} in ${snapshotsText(ids)}`, {snapshots: ids}));
		},
	};
	const needed = hasRefs ? ['refs', recordPath] : [recordPath];
	const lacking = needed.map(name => {
		const having = new Set([...withoutTree, ...place.versions(name).flatMap(file => file.snapshots)]);
		return [name, [...snapshots.keys()].filter(id => !having.has(id))] as const;
	});

	const lackLfs = await checkRecords(place);
	return {
		findings,
		lacking: new Map(lacking.filter(([, ids]) => ids.length > 0)),
		tips: await gatherTips(place),
		refLists: place.versions('refs'),
		lfs: await gatherLfs(place, lackLfs),
		downloads: await gatherDownloads(place),
		withoutTree,
	};
}

/** `the snapshot 20261122T131500.123Z`, `the snapshots … and 12 more` */
export function snapshotsText(ids: readonly string[]): string {
	return `the ${ids.length === 1 ? 'snapshot' : 'snapshots'} ${someOf(ids)}`;
}

/** @returns ids of the snapshots that say that they lack LFS objects, or do not say anything. */
async function checkRecords({reader, versions, problem}: Place): Promise<ReadonlySet<string>> {
	const lackLfs = new Set<string>();
	for await (const {file, contents} of readShared(reader, versions(recordPath))) {
		const record = contents === undefined ? undefined : parse(SnapshotRecordSchema, contents);
		if (contents !== undefined && record === undefined) {
			problem(file.snapshots, `the file ${recordPath} cannot be understood`);
		}

		for (const id of file.snapshots) {
			if (record !== undefined && Date.parse(record.at) !== snapshotTime(id)) {
				problem([id], `the file ${recordPath} tells another time (${record.at}) than the name`);
			}

			if (lacksLfs(record)) {
				lackLfs.add(id);
			}
		}
	}

	return lackLfs;
}

function lacksLfs(record: SnapshotRecord | undefined): boolean {
	return record?.incomplete.some(({path}) => path === 'lfs.json') ?? true;
}

async function gatherTips({reader, versions, problem}: Place): Promise<ReadonlySet<string>> {
	const tips = new Set<string>();
	for await (const {file, contents} of readShared(reader, versions('refs'))) {
		const list = parseRefList(contents ?? Buffer.alloc(0));
		if (contents !== undefined && !formatRefList(list).equals(contents)) {
			problem(file.snapshots, 'the file refs is no list of refs');
		}

		for (const id of list.refs.values()) {
			tips.add(id);
		}
	}

	return tips;
}

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const LfsListSchema = z.array(z.looseObject({oid: hashSchema, size: z.number()}));

async function gatherLfs(
	place: Place,
	lackLfs: ReadonlySet<string>,
): Promise<ReadonlyMap<string, WantedFile>> {
	const wanted = createWantedFiles();
	for await (const {list, values} of readLists(place, 'lfs.json', LfsListSchema)) {
		const wasSaved = list.snapshots.some(id => !lackLfs.has(id));
		for (const {oid, size} of values) {
			wanted.add(list, {hash: oid, bytes: size, wasSaved});
		}
	}

	return wanted.all();
}

const DownloadListSchema = z.array(
	z.looseObject({
		download: z.looseObject({name: z.string(), size: z.number().optional()}),
		/** Null for one that could not be read. */
		sha256: hashSchema.nullable(),
	}),
);

async function gatherDownloads(place: Place): Promise<ReadonlyMap<string, WantedFile>> {
	const wanted = createWantedFiles();
	for await (const {list, values} of readLists(place, 'downloads.json', DownloadListSchema)) {
		for (const {download, sha256} of values) {
			if (sha256 !== null) {
				wanted.add(list, {hash: sha256, bytes: download.size, name: download.name, wasSaved: true});
			}
		}
	}

	return wanted.all();
}

async function* readLists<Value>(
	{reader, versions, problem}: Place,
	name: string,
	schema: z.ZodType<readonly Value[]>,
): AsyncGenerator<{readonly list: SharedFile; readonly values: readonly Value[]}> {
	for await (const {file, contents} of readShared(reader, versions(name))) {
		const values = contents === undefined ? [] : parse(schema, contents);
		if (values === undefined) {
			problem(file.snapshots, `the file ${name} cannot be understood`);
		} else {
			yield {list: file, values};
		}
	}
}

function parse<Value>(schema: z.ZodType<Value>, file: Buffer): Value | undefined {
	try {
		return schema.safeParse(JSON.parse(file.toString('utf8'))).data;
	} catch {
		return undefined;
	}
}
