import type {RunReport, Stage} from '../runs/events.ts';
import type {Clock} from '../system/clock.ts';

/** How a repository's backup tells how far it is. */
export type ReportProgress = (stage: Stage, done: number, total: number, unit?: string) => void;

/** Between two reports of one repository's progress in the same stage; a run of hours must not fill a disk with them. */
const millisecondsBetween = 1000;

/** Reports a stage when it begins, then at most once a second, and when it is done. */
export function createProgress(
	repository: string,
	report: (report: RunReport) => void,
	clock: Clock,
): ReportProgress {
	let lastStage: Stage | undefined;
	let lastAt = 0;
	return (stage, done, total, unit) => {
		const now = clock.now();
		const isDue = stage !== lastStage || Math.abs(now - lastAt) >= millisecondsBetween;
		const isDone = total > 0 && done >= total;
		if (!isDue && !isDone) {
			return;
		}

		lastStage = stage;
		lastAt = now;
		report({
			type: 'repository-progress',
			repository,
			stage,
			done,
			total,
			...(unit === undefined ? {} : {unit}),
		});
	};
}
