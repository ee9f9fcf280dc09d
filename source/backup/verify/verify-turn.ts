import {parseDuration} from '../../model/duration.ts';
import type {Cycles} from '../../model/plan.ts';
import {snapshotTime} from '../snapshot-id.ts';
import {isTurn} from '../turn.ts';

/**
Whether it is a mirror's turn to be verified by a run. The cycle begins with its first snapshot: nothing is said to be verified
that was not, and a first backup is not read twice.

@param mirror Its identity, ISO-8601 time of its last verification, id of its oldest snapshot before this run.
@param now Milliseconds since the epoch.
*/
export function isVerifyTurn(
	mirror: {
		readonly identity: string;
		readonly verifiedAt: string | undefined;
		readonly oldestSnapshot: string | undefined;
	},
	cycle: Cycles['verify'],
	now: number,
): boolean {
	const {identity, verifiedAt, oldestSnapshot} = mirror;
	const milliseconds = cycle === 'never' ? undefined : parseDuration(cycle);
	if (milliseconds === undefined || oldestSnapshot === undefined) {
		return false;
	}

	const since = verifiedAt ?? isoTime(snapshotTime(oldestSnapshot));
	return isTurn(identity, since, now, milliseconds, 'verify');
}

function isoTime(milliseconds: number): string | undefined {
	return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
