import {sanitize} from '../system/sanitize.ts';
import {countOf, formatBytes, formatNumber, formatSpan} from './amounts.ts';
import type {RunEvent} from './events.ts';
import {requestsText, sumOfRequests} from './requests-text.ts';

const statusWords = {
	'backed-up': 'backed up',
	unchanged: 'unchanged',
	partial: 'PARTIAL',
	failed: 'FAILED',
} as const;

/**
What an event says to a person who watches without a terminal: lines of text without line breaks or control
characters; none for the events that only matter to moving pictures.
*/
export function plainLines(event: RunEvent): readonly string[] {
	const time = event.at.slice(11, 19);
	return describe(event).map(text => sanitize(`${time}  ${text}`));
}

function describe(event: RunEvent): readonly string[] {
	switch (event.type) {
		case 'run-started':
			return [
				...(event.continues === undefined
					? []
					: [
							`${event.plan}: goes on where ${event.continues.run} broke off, which had finished ${countOf(event.continues.repositories, 'repository', 'repositories')} within the last hour`,
						]),
				`${event.plan}: backing up ${countOf(event.repositories, 'repository', 'repositories')} of ${event.organization} with ${countOf(event.accounts.length, 'account')}: ${event.accounts.map(({label}) => label).join(', ')}`,
			];
		case 'repository-started':
			return [`${event.repository}: started`];
		case 'repositories-listed':
		case 'repository-progress':
			return [];
		case 'quota':
			return describeQuota(event);
		case 'account-failed':
			return [`account ${event.label} is out: ${event.reason}`];
		case 'outage':
			return [
				event.since === null
					? 'Bitbucket answers again'
					: 'Bitbucket gives no usable answer; the run waits for it, for up to 15 minutes',
			];
		case 'paused':
			return ['paused: nothing new begins until the run is resumed'];
		case 'resumed':
			return [`resumed after ${formatSpan(event.pausedMs)}`];
		case 'repository-finished':
			return [
				`${event.repository}: ${statusWords[event.status]} (${countOf(sumOfRequests(event.requests), 'request')}, ${formatBytes(event.bytes)})`,
				...event.problems.map(problem => `${event.repository}: ${problem}`),
			];
		case 'notification-failed':
			return [event.reason];
		case 'forecast':
			return [describeForecast(event)];
		case 'run-finished':
			return [
				`${event.status} after ${formatSpan(event.durationMs)}: ${countOf(event.requests.total, 'request')} (${event.accounts.map(({label, requests}) => `${label}: ${requestsText(requests)}`).join('; ')})`,
			];
	}
}

function describeForecast({
	at,
	endsAt,
	requests,
	decidedBy,
	resource,
}: Extract<RunEvent, {type: 'forecast'}>): string {
	const time = (moment: string): string =>
		moment.slice(0, 10) === at.slice(0, 10)
			? moment.slice(11, 19)
			: `${moment.slice(0, 10)} ${moment.slice(11, 19)}`;
	const left = formatSpan(Math.max(0, Date.parse(endsAt.likely) - Date.parse(at)));
	const likely = Object.values(requests).reduce((sum, range) => sum + range.likely, 0);
	const why = decidedBy === 'quota' ? `, as the quota of ${resource} allows` : '';
	return `ends about ${time(endsAt.likely)}, in ${left} (${time(endsAt.soonest)} to ${time(endsAt.latest)}): ${countOf(likely, 'request')} to go${why}`;
}

/** Only what makes a run wait is worth a line. */
function describeQuota(event: Extract<RunEvent, {type: 'quota'}>): readonly string[] {
	const of = `account ${event.label}, ${event.resource}: ${formatNumber(event.used)} of ${formatNumber(event.limit)} used`;
	if (event.frozenUntil !== null) {
		const why = event.ledgerLost
			? 'not known what was sent before, as the ledger was damaged'
			: 'Bitbucket asked to slow down';
		return [`${of}; ${why}, left alone until ${event.frozenUntil.slice(11, 19)}`];
	}

	return event.remaining === 0
		? [`${of}; next one free at ${event.resets === null ? 'once' : event.resets.slice(11, 19)}`]
		: [];
}
