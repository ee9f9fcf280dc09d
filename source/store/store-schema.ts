import * as z from 'zod';
import {NotificationsSchema} from '../model/notifications.ts';
import {OrganizationSchema} from '../model/organization.ts';
import {PlanSchema} from '../model/plan.ts';

/** What a person decides beyond organizations and plans. Settings that this version does not know are kept. */
export const SettingsSchema = z.looseObject({
	/** Absent where nobody is told of runs. */
	notifications: NotificationsSchema.optional(),
});
export type Settings = z.infer<typeof SettingsSchema>;

/** Version of the form in which contents are written. Raised together with a new entry in the migrations. */
export const currentVersion = 1;

/** What `store.json` holds. */
export const StoreFileSchema = z.looseObject({
	version: z.literal(currentVersion),
	/** Counts the writes; the newest generation has the greatest. */
	generation: z.number().int().nonnegative(),
	savedAt: z.iso.datetime(),
	organizations: z.array(OrganizationSchema),
	plans: z.array(PlanSchema),
	settings: SettingsSchema,
});

export type StoreFile = z.infer<typeof StoreFileSchema>;

export type StoreContents = {
	readonly organizations: StoreFile['organizations'];
	readonly plans: StoreFile['plans'];
	readonly settings: Settings;
};

export const emptyContents: StoreContents = {organizations: [], plans: [], settings: {}};

/** The first thing that is wrong with a value, in words: `plans.0.name: expected …`. */
export function firstIssue(error: z.ZodError): string {
	const [issue] = error.issues;
	return issue === undefined ? 'not as expected' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}
