import {nextStart} from '../../../actions/schedule/schedule.ts';
import {momentText} from '../../words.ts';

/** What a schedule means, while it is typed: the next times at which it is due; what one looks like where there is none. */
export function scheduleHint(typed: string, now: number): string {
	const schedule = typed.trim();
	const first = schedule === '' ? undefined : nextStart(schedule, now);
	if (first === undefined) {
		return 'cron, for example 0 2 * * * (daily at 02:00); empty: started by hand';
	}

	const second = nextStart(schedule, first);
	const times = [first, ...(second === undefined ? [] : [second])].map(time =>
		momentText(new Date(time).toISOString(), now),
	);
	return `next ${times.join(', then ')}; bucket-brigade scheduler starts it`;
}
