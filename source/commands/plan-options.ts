import type {Command} from 'commander';
import {parseKeep} from '../actions/keep-text.ts';
import {
	type AdditionalCredentialsChoice,
	chooseAdditionalCredentials,
	type PlanChanges,
} from '../actions/plans.ts';
import {type DataKind, dataKinds, defaultDataKinds} from '../model/data-kind.ts';
import type {Organization} from '../model/organization.ts';
import type {AdvancedSettings, Cycles, Plan} from '../model/plan.ts';
import {
	collect,
	parseAdditionalCredentials,
	parseCycle,
	parseData,
	parsePercent,
	parseWhole,
} from './parse.ts';

/** What `plan add` and `plan edit` take. */
export type PlanOptions = {
	readonly include?: readonly string[];
	readonly exclude?: readonly string[];
	readonly additionalCredentials?: AdditionalCredentialsChoice;
	readonly destination?: string;
	readonly schedule?: string;
	readonly keep?: string;
	readonly data?: readonly DataKind[];
	readonly reserve?: number;
	readonly repositoriesAtOnce?: number;
	readonly requestsPerSecond?: number;
	readonly settingsEvery?: string;
	readonly fullPassEvery?: string;
	readonly verifyEvery?: string;
};

export function withPlanOptions(command: Command): Command {
	return command
		.option('--include <glob>', 'repositories to back up, by slug; may be repeated (default: all)', collect)
		.option('--exclude <glob>', 'repositories to leave out; may be repeated', collect)
		.option(
			'--additional-credentials <choice>',
			'who shares the load: all (that exist now), none, or LABEL,LABEL (default: none)',
			parseAdditionalCredentials,
		)
		.option('--destination <dir>', "folder for the mirrors (default: the home's backups)")
		.option(
			'--schedule <cron>',
			'when bucket-brigade scheduler starts it, as five cron fields: "0 2 * * *" is daily at 02:00',
		)
		.option(
			'--keep <rules>',
			'how long snapshots are kept: last=7,daily=7,weekly=8,yearly=unlimited,within=1y6m (default: for ever)',
		)
		.option(
			'--data <kinds>',
			`what to back up: ${dataKinds.join(',')} (default: ${defaultDataKinds.join(',')})`,
			parseData,
		)
		.option(
			'--reserve <percent>',
			"percent of each quota left alone, instead of the organization's",
			parsePercent,
		)
		.option(
			'--repositories-at-once <number>',
			'repositories backed up at the same time (default: 8)',
			parseWhole(1, 64),
		)
		.option(
			'--requests-per-second <number>',
			'requests that one account starts in a second at most (default: 10)',
			parseWhole(1, 1000),
		)
		.option(
			'--settings-every <duration>',
			"how often each repository's settings are read (default: 7d)",
			parseCycle,
		)
		.option(
			'--full-pass-every <duration>',
			'how often everything of a repository is read again, changed or not (default: 28d)',
			parseCycle,
		)
		.option(
			'--verify-every <duration>',
			'how often runs verify each backup on disk, or never (default: 30d)',
			text => (text === 'never' ? text : parseCycle(text)),
		);
}

/**
The options as changes to a plan's settings; an empty text goes back to the default.

@throws UserError (wrong usage)
*/
export function planChanges(
	options: PlanOptions,
	organization: Organization,
	before: Partial<Pick<Plan, 'advanced' | 'cycles'>>,
): PlanChanges {
	const {include, exclude, destination, schedule, keep, data} = options;
	return {
		...(include === undefined ? {} : {include: withoutEmpty(include)}),
		...(exclude === undefined ? {} : {exclude: withoutEmpty(exclude)}),
		...(destination === undefined ? {} : {destination: destination === '' ? undefined : destination}),
		...(schedule === undefined ? {} : {schedule: schedule === '' ? undefined : schedule}),
		...(keep === undefined ? {} : {keep: parseKeep(keep)}),
		...(data === undefined ? {} : {data: [...data]}),
		cycles: {...before.cycles, ...cycleChanges(options)},
		advanced: {...before.advanced, ...advancedChanges(options, organization)},
	};
}

function cycleChanges({settingsEvery, fullPassEvery, verifyEvery}: PlanOptions): Partial<Cycles> {
	return {
		...(settingsEvery === undefined ? {} : {settings: settingsEvery}),
		...(fullPassEvery === undefined ? {} : {fullPass: fullPassEvery}),
		...(verifyEvery === undefined ? {} : {verify: verifyEvery}),
	};
}

function advancedChanges(options: PlanOptions, organization: Organization): Partial<AdvancedSettings> {
	const {additionalCredentials, reserve, repositoriesAtOnce, requestsPerSecond} = options;
	return {
		...(additionalCredentials === undefined
			? {}
			: {additionalCredentials: chooseAdditionalCredentials(organization, additionalCredentials)}),
		...(reserve === undefined ? {} : {reservePercent: reserve}),
		...(repositoriesAtOnce === undefined ? {} : {repositoriesAtOnce}),
		...(requestsPerSecond === undefined ? {} : {requestsPerSecond}),
	};
}

function withoutEmpty(texts: readonly string[]): string[] {
	return texts.filter(text => text !== '');
}
