import type {CredentialSummary} from '../../../actions/credentials.ts';
import {formatKeep, parseKeep} from '../../../actions/keep-text.ts';
import type {PlanDraft} from '../../../actions/plans.ts';
import {parseSchedule} from '../../../actions/schedule/schedule.ts';
import {type DataKind, dataKinds, defaultDataKinds} from '../../../model/data-kind.ts';
import type {AdvancedSettings, Plan} from '../../../model/plan.ts';

/** A plan while it is entered: texts as they were typed. */
export type PlanEntry = {
	readonly name: string;
	readonly organization: string;
	readonly include: string;
	readonly exclude: string;
	readonly data: string;
	readonly schedule: string;
	readonly keep: string;
	readonly destination: string;
	readonly advanced: AdvancedEntry;
};

export type AdvancedEntry = {
	readonly isEnabled: boolean;
	/** Ids of the credentials that are switched on. */
	readonly credentials: readonly string[];
	/** Empty: the organization's own. */
	readonly reservePercent: string;
	readonly repositoriesAtOnce: string;
	readonly requestsPerSecond: string;
};

export const emptyPlanEntry: PlanEntry = {
	name: '',
	organization: '',
	include: '',
	exclude: '',
	data: defaultDataKinds.join(' '),
	schedule: '',
	keep: '',
	destination: '',
	advanced: {
		isEnabled: false,
		credentials: [],
		reservePercent: '',
		repositoriesAtOnce: '8',
		requestsPerSecond: '10',
	},
};

/** The first plan as it suits most: all repositories, and over every account that adds quota. */
export function firstPlanEntry(entry: PlanEntry, credentials: readonly CredentialSummary[]): PlanEntry {
	const usable = credentials.filter(
		({isPrimary, sameAccountAs, state}) => !isPrimary && sameAccountAs === undefined && state !== 'refused',
	);
	return {
		...entry,
		name: entry.name === '' ? 'nightly' : entry.name,
		advanced: {
			...entry.advanced,
			isEnabled: usable.length > 0,
			credentials: usable.map(({id}) => id),
		},
	};
}

export function entryOfPlan(plan: Plan): PlanEntry {
	const {advanced} = plan;
	return {
		name: plan.name,
		organization: plan.organization,
		include: plan.include.join(' '),
		exclude: plan.exclude.join(' '),
		data: plan.data.join(' '),
		schedule: plan.schedule ?? '',
		keep: formatKeep(plan.keep),
		destination: plan.destination ?? '',
		advanced: {
			isEnabled: advanced.additionalCredentials.enabled,
			credentials: advanced.additionalCredentials.credentials,
			reservePercent: advanced.reservePercent === undefined ? '' : String(advanced.reservePercent),
			repositoriesAtOnce: String(advanced.repositoriesAtOnce),
			requestsPerSecond: String(advanced.requestsPerSecond),
		},
	};
}

/** What is wrong with an entry, by field, in words. */
export function planProblems(entry: PlanEntry): Readonly<Partial<Record<keyof PlanEntry, string>>> {
	const unknown = words(entry.data).filter(word => !dataKinds.includes(word as DataKind));
	return {
		...(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(entry.name)
			? {}
			: {name: 'expected letters, digits, ".", "-" and "_", a letter or digit first'}),
		...(entry.organization === '' ? {organization: 'connect an organization first: in DevOps, o'} : {}),
		...(unknown.length > 0 ? {data: `unknown: ${unknown.join(', ')}; known: ${dataKinds.join(' ')}`} : {}),
		...(words(entry.data).length === 0 ? {data: 'at least one kind of data is needed'} : {}),
		...problemOf('schedule', entry.schedule, parseSchedule),
		...problemOf('keep', entry.keep, parseKeep),
	};
}

/** What is wrong with the advanced settings, by field, in words. */
export function advancedProblems(
	entry: AdvancedEntry,
): Readonly<Partial<Record<keyof AdvancedEntry, string>>> {
	return {
		...(entry.reservePercent === '' || isBetween(entry.reservePercent, 0, 90)
			? {}
			: {reservePercent: 'expected a number of percent from 0 to 90, or nothing'}),
		...(isBetween(entry.repositoriesAtOnce, 1, 64)
			? {}
			: {repositoriesAtOnce: 'expected a number from 1 to 64'}),
		...(isBetween(entry.requestsPerSecond, 1, 1000)
			? {}
			: {requestsPerSecond: 'expected a number from 1 to 1000'}),
	};
}

/** The plan that a valid entry means; what was emptied is undefined, so that it is taken away. */
export function planOfEntry(entry: PlanEntry) {
	return {
		name: entry.name,
		organization: entry.organization,
		include: words(entry.include),
		exclude: words(entry.exclude),
		data: words(entry.data) as DataKind[],
		schedule: entry.schedule.trim() === '' ? undefined : entry.schedule.trim(),
		keep: entry.keep.trim() === '' ? {} : parseKeep(entry.keep.trim()),
		destination: entry.destination.trim() === '' ? undefined : entry.destination.trim(),
		advanced: advancedOfEntry(entry.advanced),
	};
}

function advancedOfEntry(advanced: AdvancedEntry): AdvancedSettings {
	return {
		additionalCredentials: {enabled: advanced.isEnabled, credentials: [...advanced.credentials]},
		...(advanced.reservePercent === '' ? {} : {reservePercent: Number(advanced.reservePercent)}),
		repositoriesAtOnce: Number(advanced.repositoriesAtOnce),
		requestsPerSecond: Number(advanced.requestsPerSecond),
	};
}

/**
The plan whose next run is foretold: with the accounts as they are chosen now, and what it covers as it is saved, so that
nothing is reckoned anew while one types.
*/
export function planToForetell(
	saved: Plan,
	entry: PlanEntry,
): {readonly plan: Plan; readonly isAsSaved: boolean} {
	const {organization, advanced, include, exclude, data} = entry;
	const before = entryOfPlan(saved);
	return {
		plan: {...saved, organization, advanced: advancedOfEntry(advanced)},
		isAsSaved: include !== before.include || exclude !== before.exclude || data !== before.data,
	};
}

/** Without what is undefined: a new plan has no such fields at all. */
export function draftOfEntry(entry: PlanEntry): PlanDraft {
	const plan = planOfEntry(entry);
	return Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) as PlanDraft;
}

function words(text: string): string[] {
	return text.split(/[\s,]+/).filter(word => word !== '');
}

function isBetween(text: string, least: number, most: number): boolean {
	return /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function problemOf(
	field: 'schedule' | 'keep',
	text: string,
	parse: (text: string) => unknown,
): Partial<Record<'schedule' | 'keep', string>> {
	if (text.trim() === '') {
		return {};
	}

	try {
		parse(text.trim());
		return {};
	} catch (error) {
		return {[field]: error instanceof Error ? error.message : String(error)};
	}
}
