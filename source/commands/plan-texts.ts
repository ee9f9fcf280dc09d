import {formatKeep} from '../actions/keep-text.ts';
import type {PlanSummary} from '../actions/plans.ts';
import type {Cycles, KeepRules} from '../model/plan.ts';
import type {RunSummary} from '../runs/run-list.ts';

/** A plan as `--json` prints it: every setting in the open, credentials by their labels. */
export type PlanJson = {
	readonly name: string;
	readonly organization: string;
	readonly include: readonly string[];
	readonly exclude: readonly string[];
	readonly data: readonly string[];
	readonly destination: string;
	readonly schedule: string | null;
	/** When it is due by its schedule, as ISO-8601. */
	readonly nextRunAt: string | null;
	readonly keep: KeepRules;
	/** Labels; empty where the switch is off. */
	readonly additionalCredentials: readonly string[];
	/** Everyone who signs in, the primary credential first. */
	readonly credentials: readonly string[];
	readonly accounts: number;
	/** Null: the organization's. */
	readonly reservePercent: number | null;
	readonly repositoriesAtOnce: number;
	readonly requestsPerSecond: number;
	/** How often, as durations, what tells nobody of its changes is looked at all the same. */
	readonly cycles: Cycles;
	readonly lastRun: RunSummary | null;
};

export function planJson(summary: PlanSummary): PlanJson {
	const {plan, credentials} = summary;
	const {advanced} = plan;
	return {
		name: plan.name,
		organization: plan.organization,
		include: plan.include,
		exclude: plan.exclude,
		data: plan.data,
		destination: summary.destination,
		schedule: plan.schedule ?? null,
		nextRunAt: summary.nextRunAt ?? null,
		keep: plan.keep,
		additionalCredentials: credentials.slice(1),
		credentials,
		accounts: summary.accounts,
		reservePercent: advanced.reservePercent ?? null,
		repositoriesAtOnce: advanced.repositoriesAtOnce,
		requestsPerSecond: advanced.requestsPerSecond,
		cycles: plan.cycles,
		lastRun: summary.lastRun ?? null,
	};
}

/** A plan's settings as rows of name and value. */
export function planRows(summary: PlanSummary): string[][] {
	const {plan} = summary;
	const {advanced} = plan;
	return [
		['Name', plan.name],
		['Organization', plan.organization],
		['Repositories', repositoriesText(summary)],
		['Data', plan.data.join(', ')],
		['Schedule', plan.schedule ?? 'none: started by hand'],
		...(plan.schedule === undefined ? [] : [['Next run', nextRunText(summary)]]),
		['Keep', formatKeep(plan.keep) || 'every snapshot, for ever'],
		['Destination', summary.destination],
		['Credentials', `${summary.credentials.join(', ')} (${accountsText(summary)})`],
		[
			'Reserve',
			advanced.reservePercent === undefined ? "the organization's" : `${advanced.reservePercent} %`,
		],
		['At once', `${advanced.repositoriesAtOnce} repositories`],
		['Burst', `${advanced.requestsPerSecond} requests a second and account`],
		['Settings', `read every ${plan.cycles.settings}`],
		['Full pass', `every ${plan.cycles.fullPass}`],
		['Verified', plan.cycles.verify === 'never' ? 'never by runs' : `every ${plan.cycles.verify}`],
		['Last run', lastRunText(summary.lastRun)],
	];
}

export function repositoriesText({plan: {include, exclude}}: PlanSummary): string {
	const included = include.length === 0 ? 'all' : include.join(', ');
	return exclude.length === 0 ? included : `${included} but ${exclude.join(', ')}`;
}

export function accountsText({accounts}: PlanSummary): string {
	return accounts === 1 ? '1 account' : `${accounts} accounts`;
}

/** When the schedule starts it next, by the machine's clock; a dash where it has none. */
export function nextRunText({nextRunAt}: Pick<PlanSummary, 'nextRunAt'>): string {
	return nextRunAt === undefined ? '–' : localMinute(nextRunAt);
}

/** A moment by the machine's clock, which schedules go by: `2026-11-28 02:00`, and how far that is from UTC where it is. */
export function localMinute(iso: string): string {
	const moment = new Date(iso);
	const ahead = -moment.getTimezoneOffset();
	const local = new Date(moment.getTime() + ahead * 60_000).toISOString().slice(0, 16).replace('T', ' ');
	const pad = (value: number): string => String(value).padStart(2, '0');
	const hours = Math.floor(Math.abs(ahead) / 60);
	return ahead === 0 ? local : `${local} ${ahead < 0 ? '-' : '+'}${pad(hours)}:${pad(Math.abs(ahead) % 60)}`;
}

export function lastRunText(run: RunSummary | undefined): string {
	return run === undefined ? 'never' : `${run.startedAt.slice(0, 16).replace('T', ' ')} ${run.status}`;
}
