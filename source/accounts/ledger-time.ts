import type {Clock} from '../system/clock.ts';
import type {DatabaseSync} from '../system/sqlite.ts';

/**
Carries the ledger's moments over from one start of the machine to the next.

They are machine time, which nobody can set, but which begins anew with the machine. So now and then it is written down
what the machine time and the clock say together. How long the machine was off, only the clock knows: it is believed this
once, and never to have gone back.
*/
export type LedgerTime = {
	/** Machine time in whole milliseconds; notes now and then what the clock says to it. */
	readonly now: () => number;
	/**
	From when on everything that counts is in the ledger, where it once was lost; long ago where it never was.

	@param milliseconds How long a request counts.
	*/
	readonly knownFrom: (milliseconds: number) => number;
};

/** How far apart the notes are at most while the ledger is used. */
const noteMilliseconds = 10_000;

/** Somebody set the clock when it went so much further than time did. */
const setMilliseconds = 1000;

/**
@param lostAt Epoch milliseconds until when something may have been sent that is not in the ledger; undefined where nothing was.
*/
export function openLedgerTime(database: DatabaseSync, clock: Clock, lostAt: number | undefined): LedgerTime {
	const read = database.prepare('SELECT boot, elapsed, wall, unknown_before FROM quota_time');
	const insert = database.prepare(
		'INSERT INTO quota_time (boot, elapsed, wall, unknown_before) VALUES (?, ?, ?, ?)',
	);
	const note = database.prepare('UPDATE quota_time SET boot = ?, elapsed = ?, wall = ?');
	const elapsed = (): number => Math.ceil(clock.elapsed());
	const lost = lostAt === undefined ? null : elapsed() - Math.max(0, Math.round(clock.now() - lostAt));

	const found = read.get() as TimeRow | undefined;
	if (found === undefined) {
		insert.run(clock.boot(), elapsed(), Math.round(clock.now()), lost);
	} else if (found.boot !== clock.boot()) {
		const off = Math.max(0, Math.round(clock.now() - found.wall));
		shiftMoments(database, elapsed() - found.elapsed - off);
		note.run(clock.boot(), elapsed(), Math.round(clock.now()));
	}

	const {unknown_before: unknownBefore} = read.get() as TimeRow;
	let noted = {elapsed: Number.NEGATIVE_INFINITY, wall: 0};
	return {
		now: () => {
			const now = elapsed();
			const wall = Math.round(clock.now());
			const hasBeenSet = Math.abs(wall - noted.wall - (now - noted.elapsed)) > setMilliseconds;
			if (now - noted.elapsed >= noteMilliseconds || hasBeenSet) {
				try {
					note.run(clock.boot(), now, wall);
					noted = {elapsed: now, wall};
				} catch {
					// Another process stands still in the middle of a transaction: noted the next time.
				}
			}

			return now;
		},
		knownFrom: milliseconds => (unknownBefore ?? Number.NEGATIVE_INFINITY) + milliseconds,
	};
}

type TimeRow = {
	readonly boot: string;
	readonly elapsed: number;
	readonly wall: number;
	readonly unknown_before: number | null;
};

function shiftMoments(database: DatabaseSync, by: number): void {
	const shifts = [
		'UPDATE quota_entries SET counts_until = counts_until + ?, charged_at = charged_at + ?',
		'UPDATE quotas SET frozen_until = frozen_until + ?, throttled_at = throttled_at + ?',
		'UPDATE quotas SET foreign_until = foreign_until + ?, remembered_until = remembered_until + ?',
	];
	for (const shift of shifts) {
		database.prepare(shift).run(by, by);
	}

	// Whoever was probing, or waited, before the machine was started does so no more.
	database.exec('UPDATE quotas SET probing_until = 0; DELETE FROM quota_waiters');
	database.prepare('UPDATE quota_time SET unknown_before = unknown_before + ?').run(by);
}
