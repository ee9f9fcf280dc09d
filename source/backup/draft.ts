import {type DraftRecord, draftRecordName} from './draft-record.ts';
import type {TreeEntry} from './git-objects.ts';
import type {SnapshotTree} from './snapshot-tree.ts';

/**
What an interrupted backup of a repository left: answers that need not be asked for again as long as upstream shows them
unchanged.

It grows by chunks, folders named by numbers. What one saves at once lies below `<number>/parts/` in units: a unit is what is
believed whole or not at all, `pull-requests/17` or `settings/hooks.json`, and lies in one chunk. Of a unit that was saved
again the last one counts.
*/
export type Draft = {
	/** Ids of the trees of its chunks by their names, oldest first. */
	readonly chunks: ReadonlyMap<string, string>;
	/** The whole units by their paths. */
	readonly units: ReadonlyMap<string, DraftedUnit>;
	/** Hashes of download files that lie in the store, by what the list said of them. */
	readonly downloads: ReadonlyMap<string, string>;
};

export type DraftedUnit = {
	/** Data kinds that the plan chose when it was read. */
	readonly data: readonly string[];
	/** Milliseconds since the epoch; it was read then or later. */
	readonly readAt: number;
	/** Ids of its files by their paths below it; by the empty one where it is a file itself. None where upstream has nothing. */
	readonly files: ReadonlyMap<string, string>;
};

const chunkName = /^\d{6}$/;

/** @param newest Name of the last chunk; undefined before the first. */
export function nextChunkName(newest: string | undefined): string {
	return String(Number(newest ?? 0) + 1).padStart(6, '0');
}

/** Names of a draft's chunks, oldest first; undefined where something else lies beside them. */
export function chunksIn(entries: ReadonlyMap<string, TreeEntry>): readonly string[] | undefined {
	const top = [...entries].filter(([path]) => !path.includes('/'));
	return top.every(([name, {type}]) => chunkName.test(name) && type === 'tree')
		? top.map(([name]) => name).sort()
		: undefined;
}

/**
Puts a draft together.

@param entries Everything in its tree, folders too, by path.
@param records Those of its chunks by their names, oldest first.
*/
export function assembleDraft(
	entries: ReadonlyMap<string, TreeEntry>,
	records: ReadonlyMap<string, DraftRecord>,
): Draft {
	const files = filesByUnit(entries);
	const units = new Map<string, DraftedUnit>();
	const chunks = new Map<string, string>();
	const downloads = new Map<string, string>();
	for (const [chunk, {at, data, whole, downloads: hashes}] of records) {
		chunks.set(chunk, entries.get(chunk)?.id ?? '');
		for (const unit of whole) {
			units.set(unit, {
				data,
				readAt: Date.parse(at),
				files: files.get(`${chunk}/parts/${unit}`) ?? new Map(),
			});
		}

		for (const [download, hash] of Object.entries(hashes)) {
			downloads.set(download, hash);
		}
	}

	return {chunks, units, downloads};
}

/** Puts the files of a drafted folder into the snapshot that is being made. */
export function takeOver(folder: string, {files}: DraftedUnit, tree: SnapshotTree): void {
	for (const [name, id] of files) {
		tree.take(`${folder}/${name}`, id);
	}
}

/** What nothing but its age speaks for is believed for an hour, in milliseconds. */
const youth = 3_600_000;

/** Whether something was read less than an hour ago. What was read in the future is old: some clock was wrong. */
export function isYoung(readAt: number, now: number): boolean {
	return readAt <= now && now - readAt < youth;
}

/** Kind of data that a unit belongs to, as drafts tell them apart: the first name of its path. */
export function kindOf(unit: string): string {
	return unit.replace(/\/.*/, '');
}

/** Files by their paths below the unit that they lie in, by chunk and unit: a unit's path has two names. */
function filesByUnit(
	entries: ReadonlyMap<string, TreeEntry>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
	const units = new Map<string, Map<string, string>>();
	for (const [path, {type, id}] of entries) {
		const [, unit, name = ''] = /^(\d+\/parts\/[^/]+\/[^/]+)(?:\/(.+))?$/.exec(path) ?? [];
		if (unit !== undefined && type === 'blob') {
			const files = units.get(unit);
			if (files === undefined) {
				units.set(unit, new Map([[name, id]]));
			} else {
				files.set(name, id);
			}
		}
	}

	return units;
}

/** Path of the record of a chunk. */
export function recordPathOf(chunk: string): string {
	return `${chunk}/${draftRecordName}`;
}
