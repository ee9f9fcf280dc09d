import {createHash} from 'node:crypto';
import {parseDuration} from '../model/duration.ts';
import type {Cycles} from '../model/plan.ts';

/** What is done for each repository in turns. */
export type Cycle = 'settings' | 'full-pass' | 'verify';

/** Milliseconds of a cycle where no plan says otherwise: seven days. */
export const turnCycle = 7 * 86_400_000;

/** A plan's cycle of turns for what tells of no change, in milliseconds. */
export function settingsCycle({settings}: Pick<Cycles, 'settings'>): number {
	return parseDuration(settings) ?? turnCycle;
}

/**
Whether it is a repository's turn for a full pass of a plan: everything is read and compared, also what no sign tells of.

@param takenAt ISO-8601 time of its last one; undefined before the first.
@param now Milliseconds since the epoch.
*/
export function isFullPassTurn(
	uuid: string,
	takenAt: string | undefined,
	now: number,
	{fullPass}: Pick<Cycles, 'fullPass'>,
): boolean {
	return isTurn(uuid, takenAt, now, parseDuration(fullPass), 'full-pass');
}

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
