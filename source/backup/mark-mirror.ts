import {join} from 'node:path';
import {tryProcessLock} from '../system/process-lock.ts';
import {processGuard} from './mirror.ts';
import {assertRealFolder} from './mirror-folder.ts';
import {listMirrorTop} from './mirror-listing.ts';
import {changeMirrorNote, readMirrorNote} from './mirror-note.ts';
import {assertNothingPlanted} from './planted.ts';

/**
Writes into a mirror's note since when its repository is archived, or that it is not. A mirror that another run works on is
left alone: the next run sees that the mark is missing, or too much.

@param since ISO-8601; undefined where it is not archived.
@throws UserError where something is planted in it; the error of a note that cannot be written.
*/
export async function markMirror(folder: string, since: string | undefined): Promise<void> {
	await assertRealFolder(folder);
	assertNothingPlanted(folder, await listMirrorTop(folder));
	const lock = tryProcessLock(join(folder, processGuard));
	if (lock === undefined) {
		return;
	}

	try {
		const note = await readMirrorNote(folder);
		if (note !== undefined) {
			await changeMirrorNote(folder, note.uuid, {archivedSince: since});
		}
	} finally {
		lock.release();
	}
}
