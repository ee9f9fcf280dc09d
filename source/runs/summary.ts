import stringWidth from 'string-width';
import {sanitize} from '../system/sanitize.ts';
import {countOf, formatBytes, formatNumber, formatSpan} from './amounts.ts';
import {addRequests, requestsText, sumOfRequests} from './requests-text.ts';
import type {RunState} from './run-state-types.ts';

export type SummaryAccount = {
	readonly label: string;
	/** HTTP requests sent, in words: `120 api, 14 git`. */
	readonly requests: string;
	/** Percent of all requests of the run, a whole number. */
	readonly share: number;
	/** Answers with status 429. */
	readonly throttled: number;
	/** Why it was out, if it was. */
	readonly failed?: string;
};

/** What a run came to, in the words of people. Every text is safe to print. */
export type Summary = {
	/** One sentence: how it ended, how long it took. */
	readonly headline: string;
	/** `9 backed up`, `2 unchanged`, `1 failed`; only what there is. */
	readonly repositories: readonly string[];
	/** What was foretold at its beginning against what happened; of a run that came to its own end. */
	readonly forecast?: string;
	readonly accounts: readonly SummaryAccount[];
	/** `web-frontend: 2 LFS objects are missing upstream`. */
	readonly problems: readonly string[];
};

/** How a run ended, as the rest of a sentence. */
export const endings: Readonly<Record<RunState['status'], string>> = {
	starting: 'is starting',
	running: 'is running',
	succeeded: 'succeeded',
	partial: 'finished, but some data is missing',
	failed: 'failed',
	cancelled: 'was cancelled',
	interrupted: 'was interrupted: its process is gone',
};

/** The summary of a run, finished or not. */
export function summarize(state: RunState): Summary {
	const {counts, total, startedAt} = state;
	const duration =
		startedAt === undefined ? 0 : Date.parse(state.finishedAt ?? state.lastEventAt) - Date.parse(startedAt);
	const groups: ReadonlyArray<readonly [number, string]> = [
		[counts.backedUp, 'backed up'],
		[counts.unchanged, 'unchanged'],
		[counts.partial, 'partial'],
		[counts.failed, 'failed'],
		[counts.running, 'running'],
		[counts.waiting, 'not begun'],
	];
	return {
		headline: sanitize(
			`${state.plan} ${endings[state.status]}: ${countOf(total, 'repository', 'repositories')} of ${state.organization}, ${countOf(state.requests, 'request')}, ${formatBytes(state.bytes)}, ${formatSpan(duration)}`,
		),
		repositories: groups
			.filter(([count]) => count > 0)
			.map(([count, word]) => `${formatNumber(count)} ${word}`),
		...withPauses(forecastAgainstRun(state), state),
		accounts: state.accounts.map(account => {
			const requests = account.sent?.requests ?? {};
			return {
				label: sanitize(account.label),
				requests: requestsText(requests),
				share: state.requests === 0 ? 0 : Math.round((100 * sumOfRequests(requests)) / state.requests),
				throttled: account.sent?.throttled ?? 0,
				...(account.failed === undefined ? {} : {failed: sanitize(account.failed.reason)}),
			};
		}),
		problems: state.problems.map(({where, text, times}) =>
			sanitize(`${where}${times > 1 ? ` and ${times - 1} more` : ''}: ${text}`),
		),
	};
}

/** `forecast 420 api, 60 git in 12 min; took 433 api, 58 git in 13 min`; of a run that came to its own end. */
export function forecastAgainstRun(state: RunState): Pick<Summary, 'forecast'> {
	const {firstForecast, startedAt, status} = state;
	if (firstForecast === undefined || startedAt === undefined || !['succeeded', 'partial'].includes(status)) {
		return {};
	}

	const {sent, requests, endsAt} = firstForecast;
	const foretold = addRequests([
		sent,
		Object.fromEntries(Object.entries(requests).map(([resource, {likely}]) => [resource, likely])),
	]);
	const took = addRequests(state.accounts.map(account => account.sent?.requests ?? {}));
	const span = Date.parse(endsAt.likely) - Date.parse(startedAt);
	const duration = Date.parse(state.finishedAt ?? state.lastEventAt) - Date.parse(startedAt);
	return {
		forecast: `forecast ${requestsText(foretold)} in ${formatSpan(Math.max(0, span))}; took ${requestsText(took)} in ${formatSpan(duration)}`,
	};
}

/** How long it was paused belongs to how long it took. */
function withPauses({forecast}: Pick<Summary, 'forecast'>, {pausedMs}: RunState): Pick<Summary, 'forecast'> {
	if (forecast === undefined) {
		return {};
	}

	return {forecast: pausedMs > 0 ? `${forecast}, paused for ${formatSpan(pausedMs)} of it` : forecast};
}

/** A summary as lines of text, its accounts as a table. */
export function summaryLines(summary: Summary): readonly string[] {
	const rows = [
		['account', 'requests', 'share', 'throttled'],
		...summary.accounts.map(({label, requests, share, throttled, failed}) => [
			failed === undefined ? label : `${label} (failed)`,
			requests,
			`${share} %`,
			String(throttled),
		]),
	];
	return [
		summary.headline,
		`  ${summary.repositories.join(', ')}`,
		...(summary.forecast === undefined ? [] : [`  ${summary.forecast}`]),
		'',
		...tableLines(rows).map(line => `  ${line}`),
		...(summary.problems.length === 0 ? [] : ['', 'Problems:']),
		...summary.problems.map(problem => `  ${problem}`),
	];
}

/** Columns as wide as their widest cell, two spaces between them. */
function tableLines(rows: ReadonlyArray<readonly string[]>): readonly string[] {
	const widths = (rows[0] ?? []).map((_, column) =>
		Math.max(...rows.map(row => stringWidth(row[column] ?? ''))),
	);
	return rows.map(row =>
		row
			.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
			.join('  ')
			.trimEnd(),
	);
}
