/** Requests that were started in the minute before a moment; `minute` counts minutes since the epoch. */
export type MinuteRate = {readonly minute: number; readonly requests: number};

const minuteMilliseconds = 60_000;

/** So many minutes are remembered: what a chart shows at its widest. */
export const rememberedMinutes = 16;

export function minuteOf(time: number): number {
	return Math.floor(time / minuteMilliseconds);
}

/** The rates after one more word; of several in one minute the last one stays. @param at ISO-8601 time. */
export function withMinute(
	rates: readonly MinuteRate[],
	at: string,
	requests: number,
): readonly MinuteRate[] {
	const minute = minuteOf(Date.parse(at));
	// A clock that is set back begins the minutes anew.
	const before = rates.filter(rate => rate.minute < minute);
	return [...before, {minute, requests}].slice(-rememberedMinutes);
}

/**
The last minutes one by one, oldest first. A minute of which nothing was said is as the one before it, since only changes are
told; undefined stands for those before the first word.

@param last The last minute, as `minuteOf` counts.
*/
export function lastMinutes(
	rates: readonly MinuteRate[],
	last: number,
	count: number,
): ReadonlyArray<number | undefined> {
	return Array.from({length: count}, (_, index) => {
		const minute = last - count + 1 + index;
		return rates.findLast(rate => rate.minute <= minute)?.requests;
	});
}
