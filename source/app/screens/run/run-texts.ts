import {requestsPerMinute, requestsSent} from '../../../runs/requests-sent.ts';
import {sumOfRequests} from '../../../runs/requests-text.ts';
import {type RunHold, runHold} from '../../../runs/run-hold.ts';
import type {RunState} from '../../../runs/run-state-types.ts';
import {forecastAgainstRun} from '../../../runs/summary.ts';
import {widthOf} from '../../cells.ts';
import type {Signs} from '../../theme.ts';
import {durationText, momentText, numberText, plural, untilText} from '../../words.ts';
import {runStatusText} from '../runs/runs-screen.tsx';

/** Whether a run goes on. */
export function isLive({status}: Pick<RunState, 'status'>): boolean {
	return status === 'starting' || status === 'running';
}

/** Beside the breadcrumbs: how the run stands, for how long, and when it ends. */
export function statusText(state: RunState, now: number, signs: Signs, isNarrow: boolean): string {
	const {text} = runStatusText(state.status, signs);
	if (state.startedAt === undefined && state.pausedSince === undefined) {
		return text;
	}

	const hold = runHold(state);
	if (hold?.kind === 'paused') {
		const since = shortMoment(hold.since, now);
		return isNarrow ? `${signs.paused} paused` : `${signs.paused} paused since ${since}`;
	}

	const started = Date.parse(state.startedAt ?? state.lastEventAt);
	if (!isLive(state)) {
		const end = Date.parse(state.finishedAt ?? state.lastEventAt);
		return joined([text, durationText(end - started), plural(state.requests, 'request')], signs);
	}

	if (isNarrow) {
		return hold === undefined ? `running ${durationText(now - started)}` : shortHold(hold, now);
	}

	return joined([`running ${durationText(now - started)}`, endText(state, hold, now)], signs);
}

/** A line of its own: how fast it goes and what holds it; of a past run what it took, beside what was foretold. */
export function paceText(state: RunState, now: number, width: number, signs: Signs): string {
	const sent = `${numberText(requestsSent(state))} sent`;
	const hold = runHold(state);
	if (hold?.kind === 'paused') {
		return joined(['nothing new begins until it is resumed, what is under way ends', sent], signs);
	}

	if (!isLive(state)) {
		const beside = [
			state.throttled > 0 ? `${numberText(state.throttled)} answered 429` : undefined,
			state.pausedMs > 0 ? `paused for ${durationText(state.pausedMs)}` : undefined,
		];
		const outlooks = [forecastAgainstRun(state).forecast, shortForecast(state)];
		const texts = outlooks.map(text => joined([text ?? plural(state.requests, 'request'), ...beside], signs));
		return texts.find(text => widthOf(text) <= width) ?? texts.at(-1) ?? '';
	}

	const rate = `${plural(requestsPerMinute(state), 'request')} a minute`;
	return joined([hold === undefined ? quietText(state, now) : holdText(hold, now), rate, sent], signs);
}

/** A run that waits for nothing tells something of itself every second or so; who watches it wants to know when it does not. */
const quietMilliseconds = 60_000;

/** `nothing new for 1 min 25 s`: Bitbucket does not answer, a large fetch is worked upon, or the machine sleeps. */
function quietText({lastEventAt}: RunState, now: number): string | undefined {
	const quiet = now - Date.parse(lastEventAt);
	return quiet >= quietMilliseconds ? `nothing new for ${durationText(quiet)}` : undefined;
}

/** `forecast 480 requests in 12 min; took 491 in 13 min` */
function shortForecast(state: RunState): string | undefined {
	const {firstForecast, startedAt, finishedAt, status} = state;
	if (
		firstForecast === undefined ||
		startedAt === undefined ||
		!(status === 'succeeded' || status === 'partial')
	) {
		return undefined;
	}

	const likely = Object.values(firstForecast.requests).reduce((sum, range) => sum + range.likely, 0);
	const foretold = sumOfRequests(firstForecast.sent) + likely;
	const span = Date.parse(firstForecast.endsAt.likely) - Date.parse(startedAt);
	const took = Date.parse(finishedAt ?? state.lastEventAt) - Date.parse(startedAt);
	return `forecast ${plural(foretold, 'request')} in ${durationText(span)}; took ${numberText(state.requests)} in ${durationText(took)}`;
}

function holdText(hold: Exclude<RunHold, {kind: 'paused'}>, now: number): string {
	if (hold.kind === 'outage') {
		return `no usable answer from Bitbucket since ${shortMoment(hold.since, now)}`;
	}

	const {resource, until} = hold;
	const wait = until === undefined ? 'once an answer tells' : `in ${untilText(Date.parse(until), now)}`;
	return `all ${resource} quota is used up, goes on ${wait}`;
}

function shortHold(hold: Exclude<RunHold, {kind: 'paused'}>, now: number): string {
	if (hold.kind === 'outage') {
		return 'Bitbucket is down';
	}

	return hold.until === undefined ? 'waits' : `waits ${untilText(Date.parse(hold.until), now)}`;
}

/** Old runs foretold nothing; what is down or waits for it comes up when nobody knows. */
function endText({forecast}: RunState, hold: RunHold | undefined, now: number): string | undefined {
	if (hold?.kind === 'outage') {
		return 'waits for Bitbucket';
	}

	if (forecast === undefined) {
		return undefined;
	}

	const {likely} = forecast.endsAt;
	return Date.parse(likely) < now ? 'ends soon' : `ends about ${shortMoment(likely, now)}`;
}

function shortMoment(iso: string, now: number): string {
	return momentText(iso, now).replace(' today', '');
}

function joined(parts: ReadonlyArray<string | undefined>, signs: Pick<Signs, 'dot'>): string {
	return parts.filter(part => part !== undefined).join(` ${signs.dot} `);
}
