import {changeMirrorNote, readMirrorNote} from '../mirror-note.ts';
import type {VerifiedMirror} from './verify-mirror.ts';

/**
Notes in a mirror what a verification came to. One that could not ask upstream is not noted: the next may do better.

@param uuid Whose the mirror is, where its note is lost.
@param now Milliseconds since the epoch.
@returns ISO-8601 time at which it was last found whole; undefined where it never was, or holds nothing yet.
*/
export async function noteVerification(
	folder: string,
	{state, isFinal, snapshots}: Pick<VerifiedMirror, 'state' | 'isFinal' | 'snapshots'>,
	uuid: string | undefined,
	now: number,
): Promise<string | undefined> {
	const before = await readMirrorNote(folder);
	const whose = before?.uuid ?? uuid;
	const time = new Date(now).toISOString();
	const isWhole = state !== 'damaged';
	if (snapshots === 0 || (!isWhole && !isFinal)) {
		return before?.verifiedAt;
	}

	if (whose !== undefined) {
		await changeMirrorNote(folder, whose, isWhole ? {verifiedAt: time} : {foundDamagedAt: time});
	}

	return isWhole ? time : before?.verifiedAt;
}
