import type {AccountPool} from '../accounts/pool-types.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport, RunStatus} from '../runs/events.ts';

export type RunFinishedReport = Extract<RunReport, {type: 'run-finished'}>;

/**
Sees to it that a journal begins with `run-started` and ends with `run-finished`, whatever happens in between: reports
that come before the beginning are held back until it is there, those that come after the end are dropped.

Only where every account waits for quota, Bitbucket is down or the run is paused before it could even list its repositories, whoever
watches is told so at once, and `run-started` follows later.
*/
export type OrderedReports = {
	readonly report: (report: RunReport) => void;
	/** What the run ended with, once it ended. */
	readonly finished: () => RunFinishedReport | undefined;
	/** Ends a run that did not come to its own end. */
	readonly finish: (end: RunFinishedReport) => void;
};

export function createOrderedReports(options: {
	readonly write: (report: RunReport) => void;
	readonly plan: Plan;
	readonly pid: number;
}): OrderedReports {
	const {write, plan, pid} = options;
	const early: RunReport[] = [];
	const remaining = new Map<string, number>();
	let hasStarted = false;
	let end: RunFinishedReport | undefined;

	const release = (): void => {
		for (const report of early.splice(0)) {
			write(report);
		}
	};

	const reportEarly = (report: RunReport): void => {
		early.push(report);
		if (report.type === 'quota' && report.resource === 'api') {
			remaining.set(report.account, report.remaining);
		}

		const isExhausted = remaining.size > 0 && [...remaining.values()].every(requests => requests === 0);
		if (isExhausted || ['outage', 'paused', 'resumed'].includes(report.type)) {
			release();
		}
	};

	const report = (next: RunReport): void => {
		if (end !== undefined) {
			return;
		}

		if (next.type === 'run-started') {
			hasStarted = true;
			write(next);
			release();
		} else if (hasStarted) {
			write(next);
			// An end that could not be written is none.
			end = next.type === 'run-finished' ? next : undefined;
		} else {
			reportEarly(next);
		}
	};

	return {
		report,
		finished: () => end,
		finish: last => {
			if (!hasStarted) {
				const {name, organization} = plan;
				report({type: 'run-started', plan: name, organization, repositories: 0, pid, accounts: []});
			}

			report(last);
		},
	};
}

/** The end of a run that broke off: what its accounts had sent until then, and why it ended. */
export function brokenOff(options: {
	readonly status: RunStatus;
	readonly problem: string;
	readonly pool: AccountPool | undefined;
	readonly durationMilliseconds: number;
}): RunFinishedReport {
	const accounts = (options.pool?.totals() ?? []).map(({account, label, requests, throttled}) => ({
		account,
		label,
		requests: {...requests},
		throttled,
	}));
	const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
	return {
		type: 'run-finished',
		status: options.status,
		repositories: {total: 0, backedUp: 0, unchanged: 0, partial: 0, failed: 0},
		requests: {
			total: sum(accounts.flatMap(account => Object.values(account.requests))),
			throttled: sum(accounts.map(account => account.throttled)),
		},
		accounts,
		bytes: 0,
		durationMs: Math.round(options.durationMilliseconds),
		problems: [options.problem],
	};
}
