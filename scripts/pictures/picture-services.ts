import type {AppServices} from '../../source/app/services.ts';
import type {RunSummary} from '../../source/runs/run-list.ts';
import {now, plans, runEnd, runEvents} from '../../test/app/fake-services.ts';

/* What some pictures are shown of. */

export const emptyHome: Partial<AppServices> = {
	organizations: async () => [],
	repositories: async () => [],
	knownRepositories: async () => [],
	plans: async () => [],
	runs: async () => [],
};

export const endedRun: Partial<AppServices> = {
	followRun: async function* () {
		yield* [...runEvents, runEnd];
	},
};

/** It waits until it is left. */
export const pausedRun: Partial<AppServices> = {
	followRun: async function* (run, signal) {
		const at = runEvents.at(-1)?.at ?? '';
		yield* [...runEvents, {type: 'paused', at, run}];
		await new Promise((_resolve, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason));
		});
	},
};

const hour = 3_600_000;

const pastRun = (
	plan: string,
	hoursAgo: number,
	status: RunSummary['status'],
	part: Partial<RunSummary> & Pick<RunSummary, 'counts'>,
): RunSummary => {
	const startedAt = new Date(now - hoursAgo * hour).toISOString();
	const durationMs = part.durationMs ?? 1_510_000;
	return {
		run: `${startedAt.replaceAll(/[-:]/g, '')}-${plan}`,
		plan,
		organization: 'acme',
		startedAt,
		...(status === 'running' ? {} : {finishedAt: new Date(Date.parse(startedAt) + durationMs).toISOString()}),
		status,
		requests: 3420,
		throttled: 0,
		bytes: 1_400_000_000,
		durationMs,
		problems: [],
		journal: '/home/runs/x.ndjson',
		...part,
	};
};

const counts = {total: 398, backedUp: 41, unchanged: 357, partial: 0, failed: 0};

const runs: readonly RunSummary[] = [
	pastRun('nightly', 0.08, 'running', {
		counts: {total: 398, backedUp: 41, unchanged: 171, partial: 1, failed: 1},
		durationMs: 290_000,
		requests: 1912,
	}),
	pastRun('nightly', 10, 'succeeded', {counts}),
	pastRun('weekly-full', 32, 'partial', {
		counts: {total: 412, backedUp: 405, unchanged: 0, partial: 5, failed: 2},
		durationMs: 11_300_000,
		requests: 28_310,
		bytes: 96_000_000_000,
	}),
	pastRun('nightly', 34, 'succeeded', {counts}),
	pastRun('nightly', 58, 'cancelled', {
		counts: {total: 398, backedUp: 12, unchanged: 90, partial: 0, failed: 0},
		durationMs: 412_000,
		requests: 702,
		bytes: 12_000_000,
	}),
	pastRun('nightly', 82, 'failed', {
		counts: {total: 398, backedUp: 0, unchanged: 0, partial: 0, failed: 398},
		durationMs: 62_000,
		requests: 401,
		bytes: 0,
	}),
];

export const someRuns: Partial<AppServices> = {runs: async () => runs};

export const twoPlans: Partial<AppServices> = {
	expiring: async () => [
		{
			workspace: 'acme',
			label: 'bot-1',
			expiresAt: '2026-12-04',
			expiry: {state: 'soon', days: 12},
		},
	],
	plans: async () =>
		plans.flatMap(plan => [
			{...plan, credentials: ['primary', 'bot-1', 'ci-token'], accounts: 3, ...lastRunOf('nightly')},
			{
				...plan,
				name: 'weekly-full',
				plan: {
					...plan.plan,
					name: 'weekly-full',
					include: ['web-*', 'billing-*'],
					exclude: [],
					schedule: '0 3 * * 0',
				},
				nextRunAt: '2026-11-29T03:00:00.000Z',
				...lastRunOf('weekly-full'),
			},
		]),
};

function lastRunOf(plan: string): {readonly lastRun?: RunSummary} {
	const lastRun = runs.find(run => run.plan === plan && run.status !== 'running');
	return lastRun === undefined ? {} : {lastRun};
}
