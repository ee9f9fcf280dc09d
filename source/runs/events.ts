import * as z from 'zod';
import {ResourceSchema} from '../model/quota-limit.ts';
import {RepositoryStatusSchema} from '../model/repository-status.ts';

/*
The words in which a run speaks. A journal is a file of these, one JSON object a line; everything that shows a run
(live view, plain lines, `--json`, history) is made from them alone. Unknown fields are kept, so that an older program
can show a newer run.
*/

const base = {
	/** ISO-8601 time in UTC. */
	at: z.iso.datetime(),
	/** The run's id: `<UTC time>-<plan>`, which is also its journal's file name. */
	run: z.string().min(1),
};

/** A limit as events carry it. */
const LimitSchema = z.looseObject({limit: z.number().int(), windowMs: z.number()});

export const RunStartedSchema = z.looseObject({
	type: z.literal('run-started'),
	...base,
	plan: z.string(),
	organization: z.string(),
	/** Repositories that are to be backed up. */
	repositories: z.number().int(),
	/** Data kinds; absent in old journals. */
	data: z.array(z.string()).optional(),
	/** Folder that holds the mirrors; absent in old journals. */
	destination: z.string().optional(),
	/** The run of the same plan that broke off before its end, and how many repositories it had finished: they are not done again. */
	continues: z.looseObject({run: z.string(), repositories: z.number().int()}).optional(),
	/** Process that executes the run, for whoever wants to cancel it or find out whether it still lives. */
	pid: z.number().int(),
	accounts: z.array(
		z.looseObject({
			account: z.string(),
			label: z.string(),
			/** Labels of all credentials that sign in as this account. */
			credentials: z.array(z.string()),
			limits: z.partialRecord(ResourceSchema, LimitSchema),
		}),
	),
});

/**
Some of the repositories that the run backs up, in the order in which they are begun: told at its beginning, a few hundred at a
time, so that no line grows long. Absent in old journals.
*/
export const RepositoriesListedSchema = z.looseObject({
	type: z.literal('repositories-listed'),
	...base,
	/** Slugs. */
	repositories: z.array(z.string()),
});

export const RepositoryStartedSchema = z.looseObject({
	type: z.literal('repository-started'),
	...base,
	repository: z.string(),
});

/** The steps of a repository's backup, in their order. */
export const StageSchema = z.enum([
	'git',
	'lfs',
	'pull-requests',
	'settings',
	'downloads',
	'snapshot',
	'retention',
	'verify',
	'workspace',
	'snippets',
]);
export type Stage = z.infer<typeof StageSchema>;

export const RepositoryProgressSchema = z.looseObject({
	type: z.literal('repository-progress'),
	...base,
	repository: z.string(),
	stage: StageSchema,
	done: z.number(),
	/** 0 where it is not known. */
	total: z.number(),
	/** What is counted; objects, bytes, pull requests … */
	unit: z.string().optional(),
});

export const QuotaSchema = z.looseObject({
	type: z.literal('quota'),
	...base,
	account: z.string(),
	label: z.string(),
	resource: ResourceSchema,
	/** Requests that the window may hold, the reserve included. */
	limit: z.number().int(),
	windowMs: z.number(),
	/** Requests that count now. */
	used: z.number().int(),
	/** The part of `used` that others are believed to have sent through the account; absent in old journals. */
	others: z.number().int().optional(),
	/** Requests that may still be sent now; the reserve is not among them. */
	remaining: z.number().int(),
	/** Requests kept back for the account's other tools. */
	reserve: z.number().int(),
	/** ISO-8601 time at which the next place frees; null where nothing is used. */
	resets: z.iso.datetime().nullable(),
	/** ISO-8601 time until which the account's resource is left alone after a 429; null where it is not frozen. */
	frozenUntil: z.iso.datetime().nullable(),
	/** It is frozen because the ledger was damaged: it is not known what was sent; absent in old journals. */
	ledgerLost: z.boolean().optional(),
	/** After a 429: requests go out one at a time, until it is sure again that there is room; absent in old journals. */
	oneByOne: z.boolean().optional(),
	/** Why the account is out for the rest of the run; null where it is not; absent in old journals. */
	failed: z.string().nullable().optional(),
	/** Who says how large the limit is: documentation and settings, or the server's own header. */
	source: z.enum(['estimate', 'server']),
	/** Requests started in the last minute (or in the time since the first one, if shorter). */
	perMinute: z.number(),
	/** Requests that the run has sent so far; absent in old journals. */
	sent: z.number().int().optional(),
});

export const AccountFailedSchema = z.looseObject({
	type: z.literal('account-failed'),
	...base,
	account: z.string(),
	label: z.string(),
	reason: z.string(),
	/** HTTP status, or null where there was none. */
	status: z.number().int().nullable(),
});

export const OutageSchema = z.looseObject({
	type: z.literal('outage'),
	...base,
	/** Since when Bitbucket has given no usable answer; null where it works again. */
	since: z.iso.datetime().nullable(),
});

/** No new request begins from now on; what is under way ends. */
export const PausedSchema = z.looseObject({type: z.literal('paused'), ...base});

export const ResumedSchema = z.looseObject({
	type: z.literal('resumed'),
	...base,
	/** How long it was paused. */
	pausedMs: z.number(),
});

export const RepositoryFinishedSchema = z.looseObject({
	type: z.literal('repository-finished'),
	...base,
	repository: z.string(),
	status: RepositoryStatusSchema,
	/** The snapshot's id (`20261122T131500.123Z`); null where none was made and none existed. */
	snapshot: z.string().nullable(),
	/** HTTP requests really sent for this repository, by resource. */
	requests: z.partialRecord(ResourceSchema, z.number().int()),
	bytes: z.number(),
	problems: z.array(z.string()),
});

/** HTTP requests that something may take: at least, likely, at most. */
const RequestRangeSchema = z.looseObject({
	low: z.number().int(),
	likely: z.number().int(),
	high: z.number().int(),
});

/** What most of a forecast's requests are foretold from. */
export const ForecastBasisSchema = z.enum(['earlier runs', 'other repositories', 'nothing known']);
export type ForecastBasis = z.infer<typeof ForecastBasisSchema>;

/** What is foretold of a run at some moment of it. */
const forecast = {
	/** HTTP requests sent until then, by resource. */
	sent: z.partialRecord(ResourceSchema, z.number().int()),
	/** HTTP requests still to be sent, by resource. */
	requests: z.partialRecord(ResourceSchema, RequestRangeSchema),
	/** ISO-8601 times at which it would end: with the fewest requests, as is likely, with the most. */
	endsAt: z.looseObject({soonest: z.iso.datetime(), likely: z.iso.datetime(), latest: z.iso.datetime()}),
	/** What keeps it from ending sooner: it waits for the quota of a resource, or the work itself takes so long. */
	decidedBy: z.enum(['quota', 'pace']),
	/** The resource that is waited for, or that most requests go to. */
	resource: ResourceSchema,
	/** Accounts that share the load. */
	accounts: z.number().int(),
	basis: ForecastBasisSchema,
};

/** Told once the repositories are listed, and again when the end has moved, at most once in 15 seconds. */
export const ForecastSchema = z.looseObject({type: z.literal('forecast'), ...base, ...forecast});

export const RunStatusSchema = z.enum(['succeeded', 'partial', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof RunStatusSchema>;

export const RunFinishedSchema = z.looseObject({
	type: z.literal('run-finished'),
	...base,
	status: RunStatusSchema,
	repositories: z.looseObject({
		total: z.number().int(),
		backedUp: z.number().int(),
		unchanged: z.number().int(),
		partial: z.number().int(),
		failed: z.number().int(),
	}),
	requests: z.looseObject({total: z.number().int(), throttled: z.number().int()}),
	accounts: z.array(
		z.looseObject({
			account: z.string(),
			label: z.string(),
			requests: z.partialRecord(ResourceSchema, z.number().int()),
			throttled: z.number().int(),
		}),
	),
	bytes: z.number(),
	durationMs: z.number(),
	problems: z.array(z.string()),
	/** The first forecast, to be compared with what happened; absent where there was none. */
	forecast: z.looseObject(forecast).optional(),
	/** HTTP requests that belonged to no repository (the list, the workspace's data, snippets), by resource; absent in old journals. */
	beside: z.partialRecord(ResourceSchema, z.number().int()).optional(),
	/** Requests a second where no quota was waited for; absent where too few were sent to tell. */
	pace: z.number().optional(),
});

/** After the end of a run: whoever was to be told of it was not. */
export const NotificationFailedSchema = z.looseObject({
	type: z.literal('notification-failed'),
	...base,
	/** In one sentence. */
	reason: z.string(),
});

export const RunEventSchema = z.discriminatedUnion('type', [
	RunStartedSchema,
	RepositoriesListedSchema,
	RepositoryStartedSchema,
	RepositoryProgressSchema,
	QuotaSchema,
	AccountFailedSchema,
	OutageSchema,
	PausedSchema,
	ResumedSchema,
	RepositoryFinishedSchema,
	ForecastSchema,
	RunFinishedSchema,
	NotificationFailedSchema,
]);

export type RunEvent = z.infer<typeof RunEventSchema>;

/** An event before the journal gives it the run's id and the time. */
export type RunReport = WithoutStamp<RunEvent>;

type WithoutStamp<Event> = Event extends RunEvent
	? {[Key in keyof Event as Key extends 'at' | 'run' ? never : string extends Key ? never : Key]: Event[Key]}
	: never;
