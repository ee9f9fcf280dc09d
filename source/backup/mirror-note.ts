import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {writeDurably} from '../system/durable-file.ts';

const UnreachableSchema = z.looseObject({
	/** Bytes on disk, about, of what lies among the rest; and the ISO-8601 time at which the first of it became unreachable. */
	bytes: z.number(),
	since: z.iso.datetime().optional(),
	/** Packs that hold nothing else, with the ISO-8601 time at which each was made. */
	packs: z.record(z.string(), z.iso.datetime()),
});

/** What a mirror holds that no ref of it leads to. */
export type Unreachable = z.infer<typeof UnreachableSchema>;

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
	/** Since when nothing of it is removed any more, and why; until a person accepts what happened upstream. */
	frozen: z.looseObject({since: z.iso.datetime(), reason: z.string()}).optional(),
	/** What no ref of it leads to any more. Lost, what is unreachable is found again when it is collected the next time. */
	unreachable: UnreachableSchema.optional(),
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

/**
Writes over the note that is there, but for what `changeMirrorNote` alone changes: who read the note long ago must not undo
it. Only for who holds the mirror.
*/
export async function writeMirrorNote(folder: string, note: MirrorNote): Promise<void> {
	const {frozen, unreachable} = (await readMirrorNote(folder)) ?? {};
	await write(folder, {...note, frozen, unreachable});
}

/**
Says anew whether a mirror is frozen, or what of it is unreachable. Only for who holds the mirror.

@param uuid Whose mirror it is, where its note is lost.
*/
export async function changeMirrorNote(
	folder: string,
	uuid: string,
	changes: {readonly [Key in 'frozen' | 'unreachable']?: MirrorNote[Key] | undefined},
): Promise<void> {
	await write(folder, {uuid, ...(await readMirrorNote(folder)), ...changes});
}

async function write(
	folder: string,
	note: {readonly [Key in keyof MirrorNote]: MirrorNote[Key] | undefined},
): Promise<void> {
	await writeDurably(join(folder, fileName), `${JSON.stringify(note, undefined, '\t')}\n`);
}
