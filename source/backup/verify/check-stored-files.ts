import type {StoredFile} from './stored-files.ts';
import type {WantedFile} from './wanted-files.ts';

/** What lies in a store of files by content, compared with what snapshots need. */
export type StoredFilesCheck = {
	/** Files whose contents are not what their names say; also those that no snapshot needs (any more). */
	readonly damaged: ReadonlyArray<{
		readonly file: WantedFile;
		readonly path: string;
		readonly reason: string;
	}>;
	/** Needed files that were saved once and are not there. */
	readonly gone: readonly WantedFile[];
	/** Listed files that are not there, while every snapshot that lists them says that some could not be fetched. */
	readonly missingUpstream: readonly WantedFile[];
	/** Paths of files that nobody here would have written so. Byte strings. */
	readonly foreign: readonly string[];
	readonly bytes: number;
};

/** @param wanted By hash. */
export function checkStoredFiles(
	files: readonly StoredFile[],
	wanted: ReadonlyMap<string, WantedFile>,
): StoredFilesCheck {
	const damaged: Array<StoredFilesCheck['damaged'][number]> = [];
	const found = new Set<string>();
	let bytes = 0;
	for (const {path, hash, contents} of files) {
		if (hash !== undefined) {
			const file = wanted.get(hash) ?? unneeded(hash);
			const reason = whatIsWrong(contents, file);
			found.add(hash);
			bytes += contents?.bytes ?? 0;
			if (reason !== undefined) {
				damaged.push({file, path, reason});
			}
		}
	}

	const absent = [...wanted.values()].filter(({hash}) => !found.has(hash));
	return {
		damaged,
		gone: absent.filter(({wasSaved}) => wasSaved),
		missingUpstream: absent.filter(({wasSaved}) => !wasSaved),
		foreign: files.filter(({hash}) => hash === undefined).map(({path}) => path),
		bytes,
	};
}

/** A draft may name it, and the next run would believe it to be what its name says. */
function unneeded(hash: string): WantedFile {
	return {hash, bytes: undefined, names: new Set(), wasSaved: false, lists: []};
}

function whatIsWrong(contents: StoredFile['contents'], {hash, bytes}: WantedFile): string | undefined {
	if (contents === undefined) {
		return 'it cannot be read';
	}

	if (bytes !== undefined && contents.bytes !== bytes) {
		return `it has ${contents.bytes} bytes instead of ${bytes}`;
	}

	return contents.hash === hash ? undefined : 'its contents are not what they were';
}
