import type {Pause} from '../accounts/pause.ts';
import type {Clock} from '../system/clock.ts';
import type {ForecastReport, RunForecast} from './run-forecast.ts';

/** Between two forecasts of a run, in milliseconds: a run of days must not make a journal of gigabytes. */
const millisecondsBetween = 15_000;

/** The end has moved when it did by more than this part of the time that is left; its bounds, by twice as much. */
const movedPart = 0.05;
const leastMovedMilliseconds = 2000;

export type ForecastTelling = {
	/** The forecast that was told at the beginning. */
	readonly first: ForecastReport | undefined;
	/** Tells no more. Returns once nothing is left to wait for. */
	readonly end: () => Promise<void>;
};

/**
Tells a run's forecast now, and again each time that it has moved, until it is ended. A run that is paused ends when nobody knows:
nothing is told of it until it is resumed.

A forecast that cannot be made (the database is busy) is made the next time; what cannot be written, the run itself finds out.
*/
export function tellForecasts({
	forecast,
	report,
	clock,
	pause,
}: {
	readonly forecast: Pick<RunForecast, 'look'>;
	readonly report: (report: ForecastReport) => void;
	readonly clock: Pick<Clock, 'now' | 'wait'>;
	readonly pause?: Pick<Pause, 'isPaused' | 'onChange'> | undefined;
}): ForecastTelling {
	const ended = new AbortController();
	let last: ForecastReport | undefined;
	const tell = (): void => {
		if (ended.signal.aborted || pause?.isPaused() === true) {
			return;
		}

		try {
			const next = forecast.look();
			if (next !== undefined && (last === undefined || hasMoved(last, next, clock.now()))) {
				last = next;
				report(next);
			}
		} catch {
			// See above.
		}
	};

	const goOn = async (): Promise<void> => {
		for (;;) {
			await clock.wait(millisecondsBetween, ended.signal);
			tell();
		}
	};

	pause?.onChange(tell);
	tell();
	const first = last;
	// Only its end stops it.
	const stopped = goOn().catch(() => undefined);
	return {
		first,
		end: async () => {
			ended.abort();
			await stopped;
		},
	};
}

/** Whether a forecast says anything else than the one before. @param now Milliseconds since the epoch. */
export function hasMoved(before: ForecastReport, next: ForecastReport, now: number): boolean {
	const left = Math.max(0, Date.parse(next.endsAt.likely) - now);
	const moved = (end: 'soonest' | 'likely' | 'latest', part: number): boolean =>
		Math.abs(Date.parse(next.endsAt[end]) - Date.parse(before.endsAt[end])) >
		Math.max(leastMovedMilliseconds, left * part);
	return (
		moved('likely', movedPart) ||
		moved('soonest', 2 * movedPart) ||
		moved('latest', 2 * movedPart) ||
		before.decidedBy !== next.decidedBy ||
		before.resource !== next.resource ||
		before.accounts !== next.accounts
	);
}
