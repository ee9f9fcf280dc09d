import {sanitize} from '../system/sanitize.ts';
import {countOf, formatBytes, formatSpan} from './amounts.ts';
import type {RunReport} from './events.ts';
import {endings} from './summary.ts';

type Report<Type extends RunReport['type']> = Extract<RunReport, {type: Type}>;

/** What somebody is told of a run who did not watch it. */
export type RunNews = {
	readonly run: string;
	readonly plan: string;
	readonly organization: string;
	readonly outcome: Report<'run-finished'>;
	/** What repositories lack, as far as it is told one by one. */
	readonly repositoryProblems: RepositoryProblems;
	/** The run before this one, where it broke off before it could tell anybody. */
	readonly brokenBefore?: string | undefined;
};

export type RepositoryProblems = {
	readonly told: ReadonlyArray<{readonly repository: string; readonly text: string}>;
	/** How many more there are. */
	readonly more: number;
};

export const noRepositoryProblems: RepositoryProblems = {told: [], more: 0};

/** So many are told one by one: a message is to be read to its end. */
const mostTold = 20;
const longestLine = 400;

/** Takes up what a report says that repositories lack. */
export function withReport(problems: RepositoryProblems, report: RunReport): RepositoryProblems {
	if (report.type !== 'repository-finished' || report.problems.length === 0) {
		return problems;
	}

	const {repository} = report;
	const room = Math.max(0, mostTold - problems.told.length);
	return {
		told: [...problems.told, ...report.problems.slice(0, room).map(text => ({repository, text}))],
		more: problems.more + Math.max(0, report.problems.length - room),
	};
}

/** Whether a person should look at it: something is missing or soon will be, or an account was asked to slow down. */
export function isWorthALook({outcome, repositoryProblems, brokenBefore}: RunNews): boolean {
	return (
		outcome.status !== 'succeeded' ||
		outcome.problems.length > 0 ||
		outcome.requests.throttled > 0 ||
		repositoryProblems.told.length > 0 ||
		brokenBefore !== undefined
	);
}

/** A message of a few plain lines, safe to print; the first one is its subject. */
export function newsLines(news: RunNews): readonly string[] {
	const {run, plan, organization, outcome, repositoryProblems, brokenBefore} = news;
	const {repositories, requests, accounts, bytes, durationMs, problems} = outcome;
	const counts = [
		[repositories.backedUp, 'backed up'],
		[repositories.unchanged, 'unchanged'],
		[repositories.partial, 'partial'],
		[repositories.failed, 'failed'],
	] as const;
	const throttled = accounts.filter(account => account.throttled > 0);
	const told = [
		// The run repeats what repositories said, in a sentence of its own around it.
		...problems.filter(problem => !repositoryProblems.told.some(({text}) => problem.includes(text))),
		...repositoryProblems.told.map(({repository, text}) => `${repository}: ${text}`),
	];
	const further = Math.max(0, told.length - mostTold) + repositoryProblems.more;
	return [
		`Bucket Brigade: ${plan} ${endings[outcome.status]}`,
		'',
		`${countOf(repositories.total, 'repository', 'repositories')} of ${organization}: ${
			counts
				.filter(([count]) => count > 0)
				.map(([count, word]) => `${count} ${word}`)
				.join(', ') || 'none begun'
		}`,
		`${countOf(requests.total, 'request')}, ${formatBytes(bytes)}, ${formatSpan(durationMs)}`,
		...(throttled.length === 0
			? []
			: [`Asked to slow down (429): ${throttled.map(one => `${one.label} ${one.throttled}`).join(', ')}`]),
		...(brokenBefore === undefined
			? []
			: [`The run before, ${brokenBefore}, broke off: it was killed, or the machine went down.`]),
		...(told.length === 0 ? [] : ['', 'Problems:', ...told.slice(0, mostTold).map(line => `  ${line}`)]),
		...(further === 0 ? [] : [`  and ${further} more`]),
		'',
		`All of it: bucket-brigade watch ${run}`,
	].map(line => line.match(/^ */)?.[0] + short(sanitize(line).trim()));
}

function short(line: string): string {
	return line.length <= longestLine ? line : `${line.slice(0, longestLine).toWellFormed()} …`;
}
