import * as z from 'zod';
import {DataKindSchema, defaultDataKinds} from './data-kind.ts';
import {parseDuration} from './duration.ts';
import {ReservePercentSchema} from './organization.ts';

/** How a plan's requests are spread, and how hard it works. */
export const AdvancedSettingsSchema = z.looseObject({
	/** The switch "Additional git credentials" and, below it, the ids of the credentials switched on. */
	additionalCredentials: z
		.looseObject({
			enabled: z.boolean().default(false),
			credentials: z.array(z.string()).default([]),
		})
		.prefault({}),
	/** Instead of the organization's reserve, in percent. */
	reservePercent: ReservePercentSchema.optional(),
	/** Repositories backed up at the same time. */
	repositoriesAtOnce: z.number().int().min(1).max(64).default(8),
	/** Most requests that one account starts in a second; smooths bursts. */
	requestsPerSecond: z.number().int().min(1).max(1000).default(10),
});

export type AdvancedSettings = z.infer<typeof AdvancedSettingsSchema>;

/** What a calendar divides time into; rules for keeping snapshots are about these. */
export const keepPeriods = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type KeepPeriod = (typeof keepPeriods)[number];

/** Names of the rules about numbers, and of those about spans of time. */
export const keepCounts = ['last', ...keepPeriods] as const;
export const keepSpans = [
	'within',
	'withinHourly',
	'withinDaily',
	'withinWeekly',
	'withinMonthly',
	'withinYearly',
] as const;

const KeepCountSchema = z.union([z.number().int().positive(), z.literal('unlimited')]).optional();

/** A span of time before the newest snapshot: `30d`, `1y5m7d2h`. One that cannot be read keeps everything. */
const KeepSpanSchema = z.string().optional();

/**
How long snapshots are kept; without any rule, for ever. Words and meaning are restic's: the newest snapshot of each of the
last so many hours, days and so on that have any, and everything within a span before the newest one.
*/
export const KeepRulesSchema = z.looseObject({
	last: KeepCountSchema,
	hourly: KeepCountSchema,
	daily: KeepCountSchema,
	weekly: KeepCountSchema,
	monthly: KeepCountSchema,
	yearly: KeepCountSchema,
	within: KeepSpanSchema,
	withinHourly: KeepSpanSchema,
	withinDaily: KeepSpanSchema,
	withinWeekly: KeepSpanSchema,
	withinMonthly: KeepSpanSchema,
	withinYearly: KeepSpanSchema,
});

export type KeepRules = z.infer<typeof KeepRulesSchema>;

const shortestCycle = 3_600_000;

/** A time between two turns, in its written form: `7d`. */
export const CycleSchema = z.string().refine(text => (parseDuration(text) ?? 0) >= shortestCycle, {
	error: 'expected a duration of at least an hour, for example 7d or 12h',
});

/**
How often what tells nobody of its changes is looked at all the same. Turns are spread over the cycle by the repositories'
uuids, so that no run does it for all of them.
*/
export const CyclesSchema = z.looseObject({
	/** Settings, downloads: what is read in turns. */
	settings: CycleSchema.default('7d'),
	/** Everything: also the pull requests that no list shows as changed, and a fetch although the refs are as they were. */
	fullPass: CycleSchema.default('28d'),
	/** Verification of what is on disk. */
	verify: z.union([z.literal('never'), CycleSchema]).default('30d'),
});

export type Cycles = z.infer<typeof CyclesSchema>;

/** Which repositories of an organization are backed up, what of them, when, where to, and with which accounts. */
export const PlanSchema = z.looseObject({
	name: z
		.string()
		.regex(
			/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/,
			'expected up to 60 letters, digits, ".", "-" and "_", a letter or digit first',
		),
	/** The organization's workspace slug. */
	organization: z.string().min(1),
	/** Globs over repository slugs; none means all. */
	include: z.array(z.string().min(1)).default([]),
	exclude: z.array(z.string().min(1)).default([]),
	data: z
		.array(DataKindSchema)
		.min(1)
		.default([...defaultDataKinds]),
	/** Folder that holds the mirrors; none means the home's own `backups`. */
	destination: z.string().min(1).optional(),
	/** Cron expression, stored and shown. */
	schedule: z.string().min(1).optional(),
	keep: KeepRulesSchema.prefault({}),
	cycles: CyclesSchema.prefault({}),
	advanced: AdvancedSettingsSchema.prefault({}),
});

export type Plan = z.infer<typeof PlanSchema>;
