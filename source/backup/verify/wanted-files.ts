import type {SharedFile} from './snapshot-files.ts';

/** A file beside the mirror that snapshots need, known by the SHA-256 of its contents. */
export type WantedFile = {
	readonly hash: string;
	/** Undefined where no list says it. */
	readonly bytes: number | undefined;
	/** Names under which upstream has it; none for LFS objects, which it knows by the hash. */
	readonly names: ReadonlySet<string>;
	/** Whether a snapshot says that it was saved; else it may be one of those that were missing upstream. */
	readonly wasSaved: boolean;
	/** The lists in snapshots that name it. */
	readonly lists: readonly SharedFile[];
};

/** Gathers what snapshots need; the same file is in the lists of many. */
export type WantedFiles = {
	readonly add: (
		list: SharedFile,
		file: {
			readonly hash: string;
			readonly bytes?: number | undefined;
			readonly name?: string;
			readonly wasSaved: boolean;
		},
	) => void;
	readonly all: () => ReadonlyMap<string, WantedFile>;
};

const noNames: ReadonlySet<string> = new Set();

export function createWantedFiles(): WantedFiles {
	type Gathered = {
		-readonly [Key in keyof WantedFile]: WantedFile[Key];
	} & {lists: SharedFile[]};
	const files = new Map<string, Gathered>();
	return {
		add: (list, {hash, bytes, name, wasSaved}) => {
			const file = files.get(hash) ?? {hash, bytes, names: noNames, wasSaved, lists: []};
			file.bytes ??= bytes;
			file.wasSaved ||= wasSaved;
			file.lists.push(list);
			if (name !== undefined && !file.names.has(name)) {
				file.names = new Set([...file.names, name]);
			}

			files.set(hash, file);
		},
		all: () => files,
	};
}

/** Ids of the snapshots that need one of some files, oldest first. */
export function snapshotsNeeding(files: readonly WantedFile[]): readonly string[] {
	return [...new Set(files.flatMap(({lists}) => lists.flatMap(({snapshots}) => snapshots)))].sort();
}
