import * as z from 'zod';
import {readLastSnapshot, readSnapshotJson} from './last-snapshot.ts';
import {openMirrorReader} from './mirror.ts';
import {readMirrorNote} from './mirror-note.ts';
import {readMirrorRefs} from './mirror-refs.ts';

const DescriptionSchema = z.looseObject({uuid: z.string()});

/**
Uuid of the repository whose mirror a folder is: by its note, else by its newest snapshot.

@returns undefined where nothing tells: the note is lost, and no backup of it has come to its end.
@throws the signal's reason.
*/
export async function mirrorOwner(folder: string, signal: AbortSignal): Promise<string | undefined> {
	return (await readMirrorNote(folder))?.uuid ?? ownerInSnapshot(folder, signal);
}

async function ownerInSnapshot(folder: string, signal: AbortSignal): Promise<string | undefined> {
	try {
		const mirror = await openMirrorReader(folder, signal);
		const last = await readLastSnapshot(mirror, (await readMirrorRefs(mirror)).snapshots);
		const description = await readSnapshotJson(mirror, last, 'repository.json');
		return DescriptionSchema.safeParse(description).data?.uuid;
	} catch {
		// What is damaged or strange about it, whoever opens it says.
		signal.throwIfAborted();
		return undefined;
	}
}
