import {type Demand, mapByResource, wholeDemand} from '../accounts/demand.ts';
import {countAccounts, type Forecast, forecastEnd, withOneFewer, withOneMore} from '../accounts/forecast.ts';
import {expectedPace, type Pace} from '../accounts/pace.ts';
import type {Supplies} from '../accounts/supply-curve.ts';
import {coverageOf} from '../backup/covered-repositories.ts';
import {expectBeside, expectRepositories, sumExpectations} from '../backup/expected-requests.ts';
import type {Plan} from '../model/plan.ts';
import type {ForecastBasis} from '../runs/events.ts';
import type {CatalogEntry} from '../store/catalog.ts';
import {findEarlierRuns, type LastRuns} from './earlier-runs.ts';
import {findOrganization} from './find.ts';
import {openPlanSupplies} from './plan-supplies.ts';
import type {Workplace} from './workplace.ts';

/** When a plan's next run would end if it began now, with so many accounts. */
export type Outlook = {readonly accounts: number; readonly forecast: Forecast};

/** What is to be expected of a plan's next run. */
export type PlanForecast = {
	readonly plan: string;
	/** Workspace slug. */
	readonly organization: string;
	/**
	Repositories that the plan covers, as far as runs have seen them. Undefined where no run has seen any repository of the
	workspace: then `requests` are those of one repository's first backup, and there is no outlook.
	*/
	readonly repositories: number | undefined;
	/** Whether a run of the plan has come to its end, and so has seen all of them. */
	readonly hasSeenAll: boolean;
	readonly basis: ForecastBasis;
	readonly requests: Demand;
	readonly pace: Pace;
	/** With the plan's accounts; undefined where none of them signs in. */
	readonly now?: Outlook;
	/** With a fresh one beside them, of the primary one's limits. */
	readonly oneMore?: Outlook;
	/** Without the last additional one; undefined where there is one only. */
	readonly oneFewer?: Outlook;
};

/**
Foretells a plan's next run from what the last runs found out and what the ledgers hold now. Asks nobody.

@param plan As it is stored, or as it is being edited.
@throws UserError (wrong usage) where its organization is not known.
*/
export async function forecastPlan(workplace: Workplace, plan: Plan): Promise<PlanForecast> {
	const {store, catalog, clock} = workplace;
	const organization = findOrganization(await store.read(), plan.organization);
	const earlier = await findEarlierRuns(workplace, plan.name);
	const known = catalog.list(plan.organization);
	const covers = coverageOf(plan);
	const covered = known.filter(entry => covers(entry.slug) && isThere(entry, plan, earlier));
	const now = clock.now();
	const repositories = covered.map(memory => ({uuid: memory.uuid, memory}));
	const about = {
		plan: plan.name,
		organization: plan.organization,
		hasSeenAll: earlier.lastBegunAt !== undefined,
	};
	const pace = expectedPace(
		earlier.paces,
		Math.max(1, Math.min(plan.advanced.repositoriesAtOnce, covered.length)),
	);
	if (known.length === 0) {
		const one = expectRepositories({plan, repositories: [{uuid: '', memory: undefined}], now});
		const {requests, basis} = sumExpectations(one);
		return {...about, repositories: undefined, basis, requests: wholeDemand(requests), pace};
	}

	const {requests, basis} = sumExpectations([
		...expectRepositories({plan, repositories, now}),
		expectBeside({
			data: plan.data,
			earlier: earlier.beside,
			listing: {repositories: known.length},
		}),
	]);
	const demand = wholeDemand(requests);
	const {supplies: suppliesOf} = openPlanSupplies(workplace, organization, plan);
	const supplies = mapByResource(demand, (_, resource) => suppliesOf(resource));
	const outlook = (name: 'now' | 'oneMore' | 'oneFewer', some: Supplies | undefined) =>
		outlookOf(name, some, {requests: demand, pace, requestsPerSecond: plan.advanced.requestsPerSecond});
	return {
		...about,
		repositories: covered.length,
		basis,
		requests: demand,
		pace,
		...outlook('now', supplies),
		...outlook('oneMore', withOneMore(supplies)),
		...outlook('oneFewer', withOneFewer(supplies)),
	};
}

function outlookOf<Name extends string>(
	name: Name,
	supplies: Supplies | undefined,
	question: {readonly requests: Demand; readonly pace: Pace; readonly requestsPerSecond: number},
): {readonly [Key in Name]?: Outlook} {
	const forecast = supplies === undefined ? undefined : forecastEnd({...question, supplies});
	return forecast === undefined || supplies === undefined
		? {}
		: ({[name]: {accounts: countAccounts(supplies), forecast}} as {readonly [Key in Name]: Outlook});
}

/** A run may go on for one that broke off, and pass over what that one saved some time before. */
const dayMilliseconds = 86_400_000;

/** Whether a repository is still there, as far as is known: the plan's last run that came to its end saw it. */
function isThere(entry: CatalogEntry, plan: Plan, {lastBegunAt}: LastRuns): boolean {
	const isOfThisPlan = entry.plan === plan.name && lastBegunAt !== undefined;
	return (
		entry.archivedSince === undefined &&
		!(isOfThisPlan && Date.parse(entry.lastRunAt) < Date.parse(lastBegunAt) - dayMilliseconds)
	);
}
