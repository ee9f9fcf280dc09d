import type {Resource} from '../model/quota-limit.ts';
import type {QuotaSupply} from './quota-supply.ts';

/** By resource, what each account may still send, the primary credential's account first. */
export type Supplies = Readonly<Partial<Record<Resource, readonly QuotaSupply[]>>>;

/**
What some accounts can send to one resource in the course of time, if every place is used at once and again each time that
it opens.
*/
export type SupplyCurve = {
	/** Whether there is a place at all. */
	readonly hasPlaces: boolean;
	/**
	Visits the moments that can decide when so many requests are sent, each with the places that opened before it, every
	one counted as often as it did: those until every place has opened once, and those of the last two turnovers up to the
	moment at which there are enough. In between, each turnover is like the one before it.
	*/
	readonly visitDecisive: (requests: number, visit: VisitStep) => void;
};

/** @param at Milliseconds from now. */
export type VisitStep = (at: number, before: number) => void;

/** Places that open together: in one turnover, counted from now, and in each after it, so long after its beginning. */
type Opening = {readonly phase: number; readonly firstTurnover: number; readonly places: number};

/** The openings of accounts whose windows are equally long, in the order of their phases. */
type Group = {readonly turnover: number; readonly openings: readonly Opening[]};

export function createSupplyCurve(supplies: readonly QuotaSupply[]): SupplyCurve {
	const groups = groupByTurnover(supplies);
	const places = sum(groups.map(({openings}) => sum(openings.map(opening => opening.places))));
	const longest = Math.max(1, ...groups.map(({turnover}) => turnover));
	const last = lastOpening(groups);
	const isOneGroup = groups.length === 1;

	/** Places that opened before a moment. */
	const countBefore = (moment: number): number => sum(groups.map(group => countInGroup(group, moment)));

	/** How many of the longest turnovers bring enough places; in each, every place opens once at least. */
	const turnoversFor = (requests: number): number => {
		// Of equal turnovers none brings more than all places.
		let low = isOneGroup ? Math.ceil(requests / places) : 1;
		let high = 1 + Math.floor(last / longest) + Math.ceil(requests / places);
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			if (countBefore(middle * longest) >= requests) {
				high = middle;
			} else {
				low = middle + 1;
			}
		}

		return low;
	};

	const visitBetween = (from: number, until: number, requests: number, visit: VisitStep): void => {
		let before = countBefore(from);
		const step = (at: number, some: number): boolean => {
			if (before >= requests) {
				return false;
			}

			visit(at, before);
			before += some;
			return true;
		};

		const [first] = groups;
		if (isOneGroup && first !== undefined) {
			walk(first, from, until, step);
		} else {
			walkTogether(groups, from, until, step);
		}
	};

	return {
		hasPlaces: places > 0,
		visitDecisive: (requests, visit) => {
			if (places > 0 && requests > 0) {
				const turnovers = turnoversFor(requests);
				visitBetween(0, Math.max(longest, last + 1), requests, visit);
				if (turnovers > 1) {
					visitBetween((turnovers - 2) * longest, turnovers * longest, requests, visit);
				}
			}
		},
	};
}

/** Takes the openings from one moment up to before another, soonest first, until `step` has enough of them. */
function walk(
	{turnover, openings}: Group,
	from: number,
	until: number,
	step: (at: number, places: number) => boolean,
): void {
	for (let begin = Math.floor(from / turnover); begin * turnover < until; begin += 1) {
		for (const {phase, firstTurnover, places} of openings) {
			const at = begin * turnover + phase;
			if (begin >= firstTurnover && at >= from && at < until && !step(at, places)) {
				return;
			}
		}
	}
}

function walkTogether(
	groups: readonly Group[],
	from: number,
	until: number,
	step: (at: number, places: number) => boolean,
): void {
	const found: Array<readonly [at: number, places: number]> = [];
	for (const group of groups) {
		walk(group, from, until, (at, places) => found.push([at, places]) > 0);
	}

	found.sort(([at], [otherAt]) => at - otherAt).every(([at, places]) => step(at, places));
}

function countInGroup({turnover, openings}: Group, moment: number): number {
	const begun = Math.floor(moment / turnover);
	const rest = moment - begun * turnover;
	let count = 0;
	for (const {phase, firstTurnover, places} of openings) {
		count += places * Math.max(0, begun - firstTurnover + (phase < rest ? 1 : 0));
	}

	return count;
}

/** The moment from which on every place has opened once. */
function lastOpening(groups: readonly Group[]): number {
	let last = 0;
	for (const {turnover, openings} of groups) {
		for (const {phase, firstTurnover} of openings) {
			last = Math.max(last, firstTurnover * turnover + phase);
		}
	}

	return last;
}

function groupByTurnover(supplies: readonly QuotaSupply[]): readonly Group[] {
	const byTurnover = new Map<number, Opening[]>();
	for (const {free, openings, turnoverMilliseconds} of supplies) {
		// Whole milliseconds, so that counting and adding come to the same moments.
		const turnover = Math.max(1, Math.ceil(turnoverMilliseconds));
		const group = byTurnover.get(turnover) ?? [];
		byTurnover.set(turnover, group);
		for (const {inMilliseconds, places} of [{inMilliseconds: 0, places: free}, ...openings]) {
			if (places > 0) {
				const at = Math.max(0, Math.ceil(inMilliseconds));
				group.push({phase: at % turnover, firstTurnover: Math.floor(at / turnover), places});
			}
		}
	}

	return [...byTurnover]
		.filter(([, openings]) => openings.length > 0)
		.map(([turnover, openings]) => ({
			turnover,
			openings: openings.sort((left, right) => left.phase - right.phase),
		}));
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, one) => total + one, 0);
}
