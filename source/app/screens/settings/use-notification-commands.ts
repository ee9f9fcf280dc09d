import type {Command} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {useLoaded} from '../../use-loaded.ts';

/** What can be done with the notifications where they are shown: edit them, try them, switch them off. */
export function useNotificationCommands({
	isTesting,
	setTesting,
	reload,
}: {
	readonly isTesting: boolean;
	readonly setTesting: (isTesting: boolean) => void;
	/** Reads what is shown anew. */
	readonly reload: () => void;
}): readonly Command[] {
	const {services, signs, go, say, ask} = useShell();
	const known = useLoaded('notifications', async () => services.notifications());
	const none =
		known.value === undefined
			? 'It is still being read.'
			: known.value === 'off'
				? 'Nobody is told of runs yet.'
				: undefined;

	const test = async (): Promise<void> => {
		setTesting(true);
		try {
			const {output, problem} = await services.testNotifications();
			say(
				problem === undefined
					? {tone: 'good', text: `${signs.good} The command ended well${output === '' ? '' : `: ${output}`}`}
					: {tone: 'bad', text: `${signs.bad} ${problem}`},
			);
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		} finally {
			setTesting(false);
		}
	};

	const switchOff = async (): Promise<void> => {
		try {
			await services.forgetNotifications();
			say({tone: 'good', text: `${signs.good} Nobody is told of runs any more.`});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		}

		known.reload();
		reload();
	};

	return [
		{
			id: 'edit',
			label: 'notifications',
			run: () => go({type: 'open', place: {screen: 'notifications'}}),
		},
		{
			id: 'test',
			run: () => {
				test().catch(() => undefined);
			},
			unavailable: none ?? (isTesting ? 'A test notification is being sent.' : undefined),
		},
		{
			id: 'switchOff',
			run: () =>
				ask({
					title: 'Tell nobody of runs any more?',
					text: 'The notification command is forgotten. Runs go on as before.',
					confirm: 'Switch off',
					onConfirm: () => {
						switchOff().catch(() => undefined);
					},
				}),
			unavailable: none,
		},
	];
}
