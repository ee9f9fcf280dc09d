import * as z from 'zod';

/** The file `snapshot.json`: what a snapshot is, and what it lacks. */
export const SnapshotRecordSchema = z.looseObject({
	/** Version of the layout of snapshots. */
	version: z.number().int(),
	/** Id of the run that made it. */
	run: z.string(),
	/** ISO-8601 time. */
	at: z.iso.datetime(),
	/** Data kinds that the plan chose. */
	data: z.array(z.string()),
	counts: z.looseObject({
		refs: z.number().int(),
		pullRequests: z.number().int(),
		lfsObjects: z.number().int(),
		downloads: z.number().int(),
	}),
	/**
	When the newest of the pull requests changed, as Bitbucket writes it: a later run lists those that changed since then.
	Undefined where it cannot be relied on.
	*/
	pullRequestsUpdatedOn: z.string().optional(),
	/** Paths of this snapshot that are missing or older than the rest, and why they could not be read. */
	incomplete: z.array(z.looseObject({path: z.string(), problem: z.string()})),
	/** The same for people, and what else they should know, in sentences. */
	problems: z.array(z.string()),
});

export type SnapshotRecord = z.infer<typeof SnapshotRecordSchema>;

export const snapshotVersion = 1;

/** @returns undefined where it is none, or says too little. */
export function parseSnapshotRecord(file: Buffer): SnapshotRecord | undefined {
	try {
		return SnapshotRecordSchema.safeParse(JSON.parse(file.toString('utf8'))).data;
	} catch {
		return undefined;
	}
}
