import type {ScheduleState} from '../schedule/schedule-state.ts';
import {heededText, unheededText} from '../schedule/schedule-state-text.ts';
import type {Examination} from './examination.ts';

export function examineSchedules(state: ScheduleState): Examination {
	const about = 'schedules';
	const {unreadable} = state;
	if (unreadable.length > 0) {
		return {
			about,
			state: 'bad',
			text: `the schedule of ${unreadable.join(', ')} cannot be read: nothing starts it; set another one with: bucket-brigade plan edit`,
		};
	}

	const unheeded = unheededText(state);
	return unheeded === undefined
		? {about, state: 'good', text: heededText(state)}
		: {about, state: 'attention', text: unheeded};
}
