import {parseDuration} from '../../model/duration.ts';
import type {Cycles} from '../../model/plan.ts';
import {snapshotTime} from '../snapshot-id.ts';
import {isTurn} from '../turn.ts';

/**
Whether it is a mirror's turn to be verified by a run. The cycle begins with its first snapshot: nothing is said to be verified
that was not, and a first backup is not read twice.

@param mirror Its identity; ISO-8601 times at which it was last found whole, and damaged beyond repair; id of its oldest snapshot
before this run.
@param now Milliseconds since the epoch.
*/
export function isVerifyTurn(
	mirror: {
		readonly identity: string;
		readonly verifiedAt: string | undefined;
		readonly foundDamagedAt?: string | undefined;
		readonly oldestSnapshot: string | undefined;
	},
	cycle: Cycles['verify'],
	now: number,
): boolean {
	const {identity, verifiedAt, foundDamagedAt, oldestSnapshot} = mirror;
	const milliseconds = cycle === 'never' ? undefined : parseDuration(cycle);
	if (milliseconds === undefined || oldestSnapshot === undefined) {
		return false;
	}

	const [latest] = [verifiedAt, foundDamagedAt]
		.filter(time => time !== undefined)
		.sort()
		.reverse();
	const since = latest ?? isoTime(snapshotTime(oldestSnapshot));
	return isTurn(identity, since, now, milliseconds, 'verify');
}

function isoTime(milliseconds: number): string | undefined {
	return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
