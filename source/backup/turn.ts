import {createHash} from 'node:crypto';

/** What changes rarely and tells nobody when (settings, downloads) is read in full at least this often: seven days, in milliseconds. */
export const turnCycle = 7 * 86_400_000;

/**
Whether it is a repository's turn to have everything read in full. Turns are spread over the cycle by the repository's uuid,
so that no run reads the settings of all.

@param takenAt ISO-8601 time of its last turn; undefined before the first.
@param now Milliseconds since the epoch.
*/
export function isTurn(uuid: string, takenAt: string | undefined, now: number, cycle = turnCycle): boolean {
	const last = takenAt === undefined ? Number.NaN : Date.parse(takenAt);
	if (Number.isNaN(last) || last > now) {
		return true;
	}

	const offset = (createHash('sha256').update(uuid).digest().readUInt32BE() / 2 ** 32) * cycle;
	const turnAt = (time: number): number => Math.floor((time + offset) / cycle);
	return turnAt(now) > turnAt(last);
}
