import * as z from 'zod';
import type {DatabaseSync} from '../system/sqlite.ts';
import {createDocumentTable} from './document-table.ts';

/** Milliseconds since the epoch. */
const MomentSchema = z.number().int().nonnegative().max(8.64e15);

const MarkSchema = z.object({
	plan: z.string(),
	/** The schedule that was looked at. */
	schedule: z.string(),
	/** All that was due until then was started, or passed over for a reason that was told. */
	until: MomentSchema,
});

/** Until when the schedule of a plan was looked at. */
export type ScheduleMark = Omit<Readonly<z.infer<typeof MarkSchema>>, 'plan'>;

/** What the scheduler remembers. Lost, schedules count from then on. */
export type ScheduleMarks = {
	readonly get: (plan: string) => ScheduleMark | undefined;
	readonly put: (plan: string, mark: ScheduleMark) => void;
	/** Forgets all plans but these. */
	readonly keepOnly: (plans: ReadonlySet<string>) => void;
	/** When schedules were looked at last, in milliseconds since the epoch; undefined where they never were. */
	readonly lookedAt: () => number | undefined;
	readonly putLook: (at: number) => void;
};

const owner = 'scheduler';

export function createScheduleMarks(database: DatabaseSync): ScheduleMarks {
	const marks = createDocumentTable(database, 'schedule_marks', MarkSchema);
	const looks = createDocumentTable(database, 'schedule_looks', z.object({at: MomentSchema}));
	return {
		get: plan => marks.get(owner, plan),
		put: (plan, {schedule, until}) => {
			marks.put(owner, plan, {plan, schedule, until});
		},
		keepOnly: plans => {
			for (const {plan} of marks.list(owner)) {
				if (!plans.has(plan)) {
					marks.remove(owner, plan);
				}
			}
		},
		lookedAt: () => looks.get(owner, 'last')?.at,
		putLook: at => {
			looks.put(owner, 'last', {at});
		},
	};
}
