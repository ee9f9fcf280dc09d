import * as z from 'zod';

/**
Where a mirror holds the draft of its next snapshot: what a backup that is not at its end yet has read so far. No snapshot,
and gone once there is one.
*/
export const draftRef = 'refs/brigade/draft';

/** Says what a chunk of a draft is; beside the folder `parts` with its files. */
export const draftRecordName = 'draft.json';

export const draftVersion = 1;

/** The file `draft.json` of a chunk: what was saved at once, and how far it may be believed. */
export const DraftRecordSchema = z.looseObject({
	/** Version of the layout of drafts. */
	version: z.literal(draftVersion),
	/** Uuid of the repository. */
	repository: z.string(),
	/** Id of the run that read it. */
	run: z.string(),
	/** ISO-8601 time before which nothing of it was read. */
	at: z.iso.datetime(),
	/** Data kinds that the plan chose. */
	data: z.array(z.string()),
	/** Units that were read to their end and lack nothing; one without a file is known to be absent upstream. */
	whole: z.array(z.string()),
	/** Hashes of download files that lie in the store, by what the list said of them. */
	downloads: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export type DraftRecord = z.infer<typeof DraftRecordSchema>;

/** @returns undefined where it is none, or one of another version. */
export function parseDraftRecord(file: Buffer): DraftRecord | undefined {
	try {
		return DraftRecordSchema.safeParse(JSON.parse(file.toString('utf8'))).data;
	} catch {
		return undefined;
	}
}
