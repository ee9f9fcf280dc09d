import stringWidth from 'string-width';
import {sanitize} from '../system/sanitize.ts';
import {countOf, formatBytes, formatSpan} from './amounts.ts';
import {requestsText, sumOfRequests} from './requests-text.ts';
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
	readonly accounts: readonly SummaryAccount[];
	/** `web-frontend: 2 LFS objects are missing upstream`. */
	readonly problems: readonly string[];
};

const endings: Readonly<Record<RunState['status'], string>> = {
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
		repositories: groups.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
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
