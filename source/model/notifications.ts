import * as z from 'zod';

/** After which runs somebody is told: those that a person should look at, or every one. */
export const NotifyWhenSchema = z.enum(['problems', 'always']);
export type NotifyWhen = z.infer<typeof NotifyWhenSchema>;
export const notifyWhens = NotifyWhenSchema.options;

/** No program can be given a NUL. */
const WordSchema = z.string().regex(/^[^\0]*$/, 'expected a text without NUL');

/** What is run at the end of a run. */
export const NotificationsSchema = z.looseObject({
	when: NotifyWhenSchema.default('problems'),
	/** The program and its arguments, as they are given to it: no shell reads them. */
	command: z.tuple([WordSchema.min(1, 'expected a program')], WordSchema),
});

export type Notifications = z.infer<typeof NotificationsSchema>;
