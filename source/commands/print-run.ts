import type {RunEvent} from '../runs/events.ts';
import {plainLines} from '../runs/plain-lines.ts';
import {initialRunState, reduceRun} from '../runs/run-state.ts';
import type {RunState} from '../runs/run-state-types.ts';
import {summarize, summaryLines} from '../runs/summary.ts';
import type {Shell} from './shell.ts';

/**
Prints a run as it speaks: the journal's lines as they are, or lines for people with a summary at the end.

@returns the run's last state.
*/
export async function printRun(
	shell: Shell,
	run: string,
	events: AsyncIterable<RunEvent>,
	json: boolean,
): Promise<RunState> {
	const isNewWait = createWaitFilter();
	const isNewEnd = createForecastFilter();
	let state = initialRunState(run);
	for await (const event of events) {
		state = reduceRun(state, event);
		if (json) {
			const {type, at, run: id, ...rest} = event;
			shell.json({type, at, run: id, ...rest});
		} else if (isNewWait(event) && isNewEnd(event)) {
			plainLines(event).forEach(shell.line);
		}

		if (shell.outputClosed.aborted) {
			break;
		}
	}

	if (!json && state.finishedAt !== undefined) {
		shell.line('');
		summaryLines(summarize(state)).forEach(shell.line);
	}

	return state;
}

/** That an account waits is said once, not every second until it goes on. */
function createWaitFilter(): (event: RunEvent) => boolean {
	const waiting = new Set<string>();
	return event => {
		if (event.type !== 'quota') {
			return true;
		}

		const key = `${event.account} ${event.resource}`;
		const waits = event.remaining === 0;
		const isNews = waits && !waiting.has(key);
		if (waits) {
			waiting.add(key);
		} else {
			waiting.delete(key);
		}

		return isNews;
	};
}

/** The end has moved when it did by more than this part of the time that is left, and not by a moment only. */
const movedPart = 0.2;
const leastMovedMilliseconds = 10_000;

/** When the run will end is said at its beginning, and again when it is much sooner or later than was said last. */
function createForecastFilter(): (event: RunEvent) => boolean {
	let said: number | undefined;
	return event => {
		if (event.type !== 'forecast') {
			return true;
		}

		const end = Date.parse(event.endsAt.likely);
		const left = Math.max(0, end - Date.parse(event.at));
		const isNews =
			said === undefined || Math.abs(end - said) > Math.max(leastMovedMilliseconds, left * movedPart);
		said = isNews ? end : said;
		return isNews;
	};
}
