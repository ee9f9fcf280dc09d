import {
	countRequests,
	type Demand,
	lessened,
	mapByResource,
	pick,
	type RequestRange,
	type Requests,
	subtractRequests,
	sumDemand,
	sumRequests,
} from '../accounts/demand.ts';
import type {DataKind} from '../model/data-kind.ts';
import type {Plan} from '../model/plan.ts';
import {resources} from '../model/quota-limit.ts';
import type {ForecastBasis} from '../runs/events.ts';
import type {BackupMemoryEntry} from './backup-memory.ts';
import {
	besideOfUnknown,
	firstOfUnknown,
	leastChanged,
	leastOfTurn,
	leastUnchanged,
	listingRequests,
} from './least-requests.ts';
import {type RepositoryCosts, unknownShare} from './repository-costs.ts';
import {isFullPassTurn, isTurn, settingsCycle} from './turn.ts';

/** What something may take, and what says so: its own runs, those of the workspace's other repositories, or no run at all. */
export type Expectation = {readonly requests: Demand; readonly basis: ForecastBasis};

/** A repository that a run will back up. */
export type ExpectedRepository = {
	/** With its braces. */
	readonly uuid: string;
	readonly memory: BackupMemoryEntry | undefined;
	/** ISO-8601: when Bitbucket last saw it change, where a fresh list says so. */
	readonly updatedAt?: string | undefined;
};

export type ExpectationOptions = {
	readonly plan: Pick<Plan, 'name' | 'data' | 'cycles'>;
	readonly repositories: readonly ExpectedRepository[];
	/** Milliseconds since the epoch. */
	readonly now: number;
};

/**
What each repository of a plan's next run may take, in the order in which they came: at least what it takes when nothing
changed, at most what it takes when it did, and likely something in between, by how often it changes.
*/
export function expectRepositories({plan, repositories, now}: ExpectationOptions): readonly Expectation[] {
	const known = repositories.flatMap(({memory}) => (memory === undefined ? [] : [memory]));
	const others = experienceOf(known, plan.name);
	return repositories.map(repository =>
		isNew(repository.memory) ? expectFirst(plan.data, others) : expectAgain(repository, plan, others, now),
	);
}

/** How far a run has come when it is foretold. */
export type BesideOptions = {
	readonly data: readonly DataKind[];
	/** What the last runs of the plan took beside their repositories, from the beginning to the end. */
	readonly earlier: readonly Requests[];
	/** The run has not begun, and so many repositories of the workspace are to be listed; or so much was sent for the list. */
	readonly listing: {readonly repositories: number} | {readonly sent: Requests};
};

/** What a run takes beside its repositories: the workspace's own data, snippets, and what it takes to sign in and to list. */
export function expectBeside({data, earlier, listing}: BesideOptions): Expectation {
	if (earlier.length > 0) {
		const sent = 'sent' in listing ? listing.sent : {};
		return {requests: lessened(rangeOf(earlier), sent), basis: 'earlier runs'};
	}

	const pages = 'sent' in listing ? 0 : listingRequests(listing.repositories);
	return {
		requests: sumDemand([
			besideOfUnknown(data),
			pages === 0 ? {} : {api: {low: pages, likely: pages, high: pages}},
		]),
		basis: 'nothing known',
	};
}

/** The requests of several expectations together; its basis is what most of them rest on. */
export function sumExpectations(expectations: readonly Expectation[]): Expectation {
	const weights = new Map<ForecastBasis, number>();
	for (const {requests, basis} of expectations) {
		weights.set(basis, (weights.get(basis) ?? 0) + countRequests(pick(requests, 'likely')));
	}

	const [heaviest] = [...weights].sort(([, left], [, right]) => right - left);
	return {
		requests: sumDemand(expectations.map(({requests}) => requests)),
		basis: heaviest?.[0] ?? 'nothing known',
	};
}

/** What the runs of a workspace took of its repositories. */
type Experience = {
	/** What a first backup took. */
	readonly first: Demand | undefined;
	/** What a repository that had changed took on average. */
	readonly changed: Requests | undefined;
};

function experienceOf(known: readonly BackupMemoryEntry[], plan: string): Experience {
	const costs = known.flatMap(memory => costsOf(memory, plan) ?? []);
	const firsts = costs.flatMap(({first}) => first ?? []);
	const changes = costs.flatMap(({changed}) => changed ?? []);
	return {
		first: firsts.length === 0 ? undefined : rangeOf(firsts),
		changed: changes.length === 0 ? undefined : meanOf(changes),
	};
}

function isNew(memory: BackupMemoryEntry | undefined): boolean {
	return memory?.snapshot === undefined;
}

function expectFirst(data: readonly DataKind[], {first}: Experience): Expectation {
	return first === undefined
		? {requests: firstOfUnknown(data), basis: 'nothing known'}
		: {requests: first, basis: 'other repositories'};
}

function expectAgain(
	{uuid, memory, updatedAt}: ExpectedRepository,
	plan: ExpectationOptions['plan'],
	others: Experience,
	now: number,
): Expectation {
	const {name, data} = plan;
	const costs = memory === undefined ? undefined : costsOf(memory, name);
	// A kind of data that the plan has chosen since the last run is not in its costs.
	const unchanged = atLeast(costs?.unchanged ?? {}, leastUnchanged(data));
	const known = costs?.changed ?? others.changed;
	const changed = atLeast(known ?? leastChanged(data), unchanged);
	// Where no change was measured yet, one may take as much as the first backup did.
	const most = atLeast(known ?? costs?.first ?? {}, changed);
	const isKnownToChange = isLater(updatedAt, memory?.lastBackupAt);
	const share = isKnownToChange ? 1 : (costs?.changedShare ?? unknownShare);
	const span = rangeBetween(
		isKnownToChange ? atLeast(unchanged, leastChanged(data)) : unchanged,
		changed,
		most,
		share,
	);
	return {
		requests: sumDemand([
			span,
			turnOf(costs, uuid, memory, {plan, unchanged, now}),
			fullPassOf(costs, uuid, memory, {plan, unchanged, now}),
		]),
		basis:
			costs?.unchanged !== undefined || costs?.changed !== undefined
				? 'earlier runs'
				: others.changed === undefined
					? 'nothing known'
					: 'other repositories',
	};
}

type TurnOptions = {
	readonly plan: ExpectationOptions['plan'];
	readonly unchanged: Requests;
	readonly now: number;
};

/** What is read in turns, where it is the repository's turn. Old entries do not tell when they had the last one. */
function turnOf(
	costs: RepositoryCosts | undefined,
	uuid: string,
	memory: BackupMemoryEntry | undefined,
	{plan, unchanged, now}: TurnOptions,
): Demand {
	const takenAt = memory?.turnTakenAt;
	if (!isTurn(uuid, takenAt, now, settingsCycle(plan.cycles))) {
		return {};
	}

	const {turn} = costs ?? {};
	const more = turn === undefined ? leastOfTurn(plan.data) : subtractRequests(turn, unchanged);
	return mapByResource(more, count => ({low: takenAt === undefined ? 0 : count, likely: count, high: count}));
}

/** What a full pass takes more, where it is the repository's turn for it and an earlier one tells. */
function fullPassOf(
	costs: RepositoryCosts | undefined,
	uuid: string,
	memory: BackupMemoryEntry | undefined,
	{plan, unchanged, now}: TurnOptions,
): Demand {
	const takenAt = memory?.fullPassAt;
	const {fullPass} = costs ?? {};
	if (fullPass === undefined || !isFullPassTurn(uuid, takenAt, now, plan.cycles)) {
		return {};
	}

	const more = subtractRequests(fullPass, unchanged);
	return mapByResource(more, count => ({low: takenAt === undefined ? 0 : count, likely: count, high: count}));
}

/** The plan's own costs, else those of the plan that backed it up last. */
function costsOf({costs}: BackupMemoryEntry, plan: string): RepositoryCosts | undefined {
	const [newest] = Object.values(costs ?? {}).sort((left, right) => (left.at < right.at ? 1 : -1));
	return costs?.[plan] ?? newest;
}

function isLater(moment: string | undefined, than: string | undefined): boolean {
	return moment !== undefined && than !== undefined && Date.parse(moment) > Date.parse(than);
}

/** What is likely lies between that of no change and that of a change, the nearer to the latter the greater the share. */
function rangeBetween(unchanged: Requests, changed: Requests, most: Requests, share: number): Demand {
	return mapByResource(sumRequests([unchanged, most]), (_, resource): RequestRange => {
		const low = unchanged[resource] ?? 0;
		const likely = low + share * Math.max(0, (changed[resource] ?? 0) - low);
		return {low, likely, high: Math.max(likely, most[resource] ?? 0)};
	});
}

function atLeast(requests: Requests, least: Requests): Requests {
	return mapByResource(sumRequests([requests, least]), (_, resource) =>
		Math.max(requests[resource] ?? 0, least[resource] ?? 0),
	);
}

/** From all but the smallest tenth to all but the greatest, about their mean. */
function rangeOf(all: readonly Requests[]): Demand {
	const mean = meanOf(all);
	return Object.fromEntries(
		resources.flatMap(resource => {
			const likely = mean[resource];
			if (likely === undefined) {
				return [];
			}

			const sorted = all.map(requests => requests[resource] ?? 0).sort((left, right) => left - right);
			const skipped = Math.floor(sorted.length / 10);
			const low = Math.min(likely, sorted[skipped] ?? 0);
			const high = Math.max(likely, sorted[sorted.length - 1 - skipped] ?? 0);
			return [[resource, {low, likely, high}] as const];
		}),
	);
}

function meanOf(all: readonly Requests[]): Requests {
	return mapByResource(sumRequests(all), count => count / all.length);
}
