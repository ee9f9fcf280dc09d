import type {Pause} from '../accounts/pause.ts';
import type {AccountPool} from '../accounts/pool-types.ts';
import type {Plan} from '../model/plan.ts';
import type {RunReport} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';
import type {BackupMemory} from './backup-memory.ts';
import {type Expectation, expectRepositories} from './expected-requests.ts';
import type {ListedRepository} from './repository-list.ts';
import {createRunForecast, type EarlierRuns} from './run-forecast.ts';
import type {RunOutcome} from './run-outcome.ts';
import {tellForecasts} from './tell-forecasts.ts';

/** A run whose end is foretold from its beginning on. */
export type ForetoldRun = {
	/** Passes the run's reports on and learns from them. */
	readonly report: (report: RunReport) => void;
	/** One of the parts beside the repositories (the workspace, the snippets) is finished. */
	readonly besideFinished: () => void;
	/** Foretells no more. @returns what the run's last word says of it: what was foretold first, and what was learned. */
	readonly end: () => Promise<Pick<RunOutcome, 'forecast' | 'beside' | 'pace'>>;
};

/** Tells the forecast of a run whose repositories are listed, and tells it again each time that it has moved. */
export function foretellRun(options: {
	readonly plan: Plan;
	readonly repositories: readonly ListedRepository[];
	readonly memory: BackupMemory;
	readonly earlier: EarlierRuns;
	readonly pool: AccountPool;
	readonly clock: Clock;
	readonly pause?: Pause | undefined;
	readonly report: (report: RunReport) => void;
}): ForetoldRun {
	const {report, clock, pause} = options;
	const forecast = createRunForecast({...options, expectations: expectBySlug(options)});
	const telling = tellForecasts({forecast, report, clock, pause});
	return {
		report: next => {
			forecast.heard(next);
			report(next);
		},
		besideFinished: forecast.besideFinished,
		end: async () => {
			await telling.end();
			if (telling.first === undefined) {
				return forecast.learned();
			}

			const {type: _, ...first} = telling.first;
			return {...forecast.learned(), forecast: first};
		},
	};
}

function expectBySlug({
	plan,
	repositories,
	memory,
	clock,
}: {
	readonly plan: Plan;
	readonly repositories: readonly ListedRepository[];
	readonly memory: BackupMemory;
	readonly clock: Clock;
}): ReadonlyMap<string, Expectation> {
	const expectations = expectRepositories({
		plan,
		repositories: repositories.map(({uuid, updatedAt}) => ({
			uuid,
			memory: memory.get(plan.organization, uuid),
			updatedAt,
		})),
		now: clock.now(),
	});
	return new Map(
		repositories.flatMap(({slug}, index) => {
			const expectation = expectations[index];
			return expectation === undefined ? [] : [[slug, expectation] as const];
		}),
	);
}
