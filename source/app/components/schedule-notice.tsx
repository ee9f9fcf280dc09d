import {unheededText} from '../../actions/schedule/schedule-state-text.ts';
import {useShell} from '../shell.ts';
import {useLoaded} from '../use-loaded.ts';
import {type HeadNotice, headNotice} from './head-notice.tsx';

/** Says at the head of a screen that plans have a schedule, and nobody looks at it. */
export function useScheduleNotice(): HeadNotice {
	const {services, size, frame, signs} = useShell();
	const state = useLoaded('schedules', async () => services.schedules());
	const text = state.value === undefined ? undefined : unheededText(state.value);
	return headNotice(
		text === undefined ? undefined : {tone: 'attention', text: `${signs.attention} ${text}`},
		{
			size,
			frame,
		},
	);
}
