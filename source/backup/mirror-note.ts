import {join} from 'node:path';
import * as z from 'zod';
import {writeDurably} from '../system/durable-file.ts';
import {readPlainFile} from '../system/plain-file.ts';

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
	/** ISO-8601 time at which it was last verified and found damaged beyond repair. */
	foundDamagedAt: z.iso.datetime().optional(),
	/** What its last snapshot holds, where nothing was missing of it. */
	confirmed: z
		.looseObject({
			/** Its id, and its commit. */
			snapshot: z.string(),
			commit: z.string(),
			/** SHA-256 of its list of refs, and of the repository's description. */
			refs: z.string(),
			description: z.string(),
			/** Data kinds that the plan chose. */
			data: z.array(z.string()),
		})
		.optional(),
	/** ISO-8601 time since when Bitbucket does not list the repository any more: archived, kept as it is. Gone when it is back. */
	archivedSince: z.iso.datetime().optional(),
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

/** Whether a mirror was found damaged beyond repair, and not whole since. */
export function isDamaged({foundDamagedAt = '', verifiedAt = ''}: MirrorNote): boolean {
	return foundDamagedAt > verifiedAt;
}

const fileName = 'bucket-brigade.json';
const maximumBytes = 64 * 1024;

/** @returns undefined where there is none, or none that can be read. */
export async function readMirrorNote(folder: string): Promise<MirrorNote | undefined> {
	try {
		const file = await readPlainFile(join(folder, fileName), maximumBytes);
		return MirrorNoteSchema.parse(JSON.parse(file?.toString('utf8') ?? ''));
	} catch {
		return undefined;
	}
}

/** What is to be said anew; undefined where something is to be said no more. */
export type NoteChanges = {readonly [Key in keyof MirrorNote]?: MirrorNote[Key] | undefined};

/**
Changes what a mirror's note says, and leaves the rest as it is now: many have something to say in it. Only for who holds the
mirror.

@param uuid Whose mirror it is, where its note is lost.
*/
export async function changeMirrorNote(folder: string, uuid: string, changes: NoteChanges): Promise<void> {
	const before = await readMirrorNote(folder);
	const after = {uuid, ...before, ...changes};
	const text = JSON.stringify(after, undefined, '\t');
	if (text !== JSON.stringify(before, undefined, '\t')) {
		await writeDurably(join(folder, fileName), `${text}\n`);
	}
}
