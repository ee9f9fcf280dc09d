import {createHash} from 'node:crypto';

/** Settings are read in full at least this often, in milliseconds: seven days. */
export const settingsCycle = 7 * 86_400_000;

/**
Whether it is a repository's turn to have its settings read in full. Turns are spread over the cycle by the repository's
uuid, so that no run reads those of all.

@param readAt ISO-8601 time at which they were last read; undefined where they never were.
@param now Milliseconds since the epoch.
*/
export function isSettingsTurn(
	uuid: string,
	readAt: string | undefined,
	now: number,
	cycle = settingsCycle,
): boolean {
	const last = readAt === undefined ? Number.NaN : Date.parse(readAt);
	if (Number.isNaN(last) || last > now) {
		return true;
	}

	const offset = (createHash('sha256').update(uuid).digest().readUInt32BE() / 2 ** 32) * cycle;
	const turn = (time: number): number => Math.floor((time + offset) / cycle);
	return turn(now) > turn(last);
}
