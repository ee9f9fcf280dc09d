import {createHash} from 'node:crypto';

/** What is done for each repository in turns. */
export type Cycle = 'settings' | 'full-pass' | 'verify';

/** Milliseconds of a cycle where no plan says otherwise: seven days. */
export const turnCycle = 7 * 86_400_000;

/**
Whether it is a repository's turn. Turns are spread over the cycle by the repository's uuid, so that no run does it for all;
those of different cycles fall on different days.

@param takenAt ISO-8601 time of its last turn; undefined before the first.
@param now Milliseconds since the epoch.
@param cycle Milliseconds.
*/
export function isTurn(
	uuid: string,
	takenAt: string | undefined,
	now: number,
	cycle = turnCycle,
	name: Cycle = 'settings',
): boolean {
	const last = takenAt === undefined ? Number.NaN : Date.parse(takenAt);
	if (Number.isNaN(last) || last > now) {
		return true;
	}

	const seed = name === 'settings' ? uuid : `${name} ${uuid}`;
	const offset = (createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32) * cycle;
	const turnAt = (time: number): number => Math.floor((time + offset) / cycle);
	return turnAt(now) > turnAt(last);
}
