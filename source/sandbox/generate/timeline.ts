/** The moment at which a generated world stands still; later times come only from what happens to a running sandbox. */
export const present = Date.UTC(2026, 10, 20, 9, 0, 0);

export const hour = 3_600_000;
export const day = 24 * hour;

/** ISO-8601 in UTC with milliseconds. */
export function isoTime(time: number): string {
	return new Date(time).toISOString();
}
