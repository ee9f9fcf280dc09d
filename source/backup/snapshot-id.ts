export const snapshotPrefix = 'refs/brigade/snapshots/';

/** `20261122T131500.123Z`: UTC time to the millisecond. Sorting ids by name sorts them by time. */
export function snapshotId(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/[-:]/g, '');
}

/** The id for a snapshot made now: later than every other one, also when the clock went backwards. */
export function nextSnapshotId(now: number, newest: string | undefined): string {
	const id = snapshotId(now);
	return newest === undefined || newest < id ? id : snapshotId(snapshotTime(newest) + 1);
}

/** Milliseconds since the epoch of a snapshot's id; not a number where the text is no id. */
export function snapshotTime(id: string): number {
	return Date.parse(
		id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z'),
	);
}
