import type {Notifications} from '../../model/notifications.ts';
import {sanitize} from '../../system/sanitize.ts';
import type {Examination} from './examination.ts';

const about = 'notifications';

/** @param isThere Whether the program of the command can be started. */
export function examineNotifications(
	notifications: Notifications | undefined,
	isThere: (program: string) => boolean,
): Examination {
	if (notifications === undefined) {
		return {
			about,
			state: 'good',
			text: 'off: a run that nobody watches tells nobody (bucket-brigade notifications set)',
		};
	}

	const [program] = notifications.command;
	const name = sanitize(program);
	return isThere(program)
		? {
				about,
				state: 'good',
				text: `"${name}" is run after ${notifications.when === 'always' ? 'every run' : 'runs that ask for a look'}`,
			}
		: {
				about,
				state: 'attention',
				text: `there is no program "${name}": nobody is told of runs; set another one with: bucket-brigade notifications set`,
			};
}
