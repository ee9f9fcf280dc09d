/** What was read since the draft was saved last. */
export type Unsaved = {
	/** Files, about one for each answer. */
	readonly files: number;
	readonly bytes: number;
};

/**
How much a kill may cost at most: so many answers, so many bytes in memory, so long a time. Each time that a draft is saved
makes a pack that stays, so that more often is not better: at one account's 1,000 requests an hour, five minutes are 83 of
them.
*/
export const draftBounds = {files: 200, bytes: 8 * 1024 * 1024, milliseconds: 5 * 60_000} as const;

/** Whether so much was read that it has to be saved now; the time is waited for elsewhere. */
export function isDraftDue({files, bytes}: Unsaved): boolean {
	return files >= draftBounds.files || bytes >= draftBounds.bytes;
}
