import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {writeDurably} from '../system/durable-file.ts';

const MirrorNoteSchema = z.looseObject({
	/** Whose mirror it is: identity is the uuid, a slug is a name. */
	uuid: z.string(),
	slug: z.string().optional(),
	/** ISO-8601 time at which what is read in turns (settings, downloads) was last read in full. */
	turnTakenAt: z.iso.datetime().optional(),
	/** ISO-8601 time at which everything was last read in full. */
	fullPassAt: z.iso.datetime().optional(),
	/** ISO-8601 time at which it was last verified and found whole. */
	verifiedAt: z.iso.datetime().optional(),
	/** ISO-8601 time at which it was last verified and found damaged beyond repair. */
	foundDamagedAt: z.iso.datetime().optional(),
});

/**
What a mirror remembers beside what lies in Git. Lost, nothing is lost with it: the settings are read again, and the
folder is believed to be whose name it bears.
*/
export type MirrorNote = z.infer<typeof MirrorNoteSchema>;

const fileName = 'bucket-brigade.json';

/** @returns undefined where there is none, or none that can be read. */
export async function readMirrorNote(folder: string): Promise<MirrorNote | undefined> {
	try {
		return MirrorNoteSchema.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8')));
	} catch {
		return undefined;
	}
}

/** Writes over the note that is there; only for who holds the mirror. */
export async function writeMirrorNote(folder: string, note: MirrorNote): Promise<void> {
	await writeDurably(join(folder, fileName), `${JSON.stringify(note, undefined, '\t')}\n`);
}
