import {useEffect, useState} from 'react';
import type {RunState} from '../../../runs/run-state-types.ts';
import type {Command} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {isLive} from './run-texts.ts';

/** What can be done with a run that goes on, wherever it does: pause, resume, cancel, leave it alone. */
export function useRunCommands(state: RunState): readonly Command[] {
	const {services, signs, go, say, ask} = useShell();
	const isPaused = state.pausedSince !== undefined;
	/** What was asked of the run and not seen yet. */
	const [wish, setWish] = useState<boolean | undefined>();
	const willBePaused = wish ?? isPaused;

	// biome-ignore lint/correctness/useExhaustiveDependencies: once the run has said so, nothing is waited for.
	useEffect(() => setWish(undefined), [isPaused]);

	const tell = (work: Promise<unknown>, text: string): void => {
		work.then(
			() => say({tone: 'attention', text: `${signs.attention} ${text}`}),
			(error: unknown) => {
				setWish(undefined);
				say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
			},
		);
	};

	const pause = (): void => {
		setWish(!willBePaused);
		if (willBePaused) {
			tell(services.resumeRun(state.run), 'The run goes on.');
		} else {
			tell(services.pauseRun(state.run), 'The run pauses: what is under way ends, nothing new begins.');
		}
	};

	const cancel = (): void => {
		ask({
			title: 'Cancel the run?',
			text: 'What is saved stays saved; the next run goes on from there.',
			confirm: 'Cancel the run',
			onConfirm: () => tell(services.cancelRun(state.run), 'The run is being cancelled.'),
		});
	};

	const detach = (): void => {
		say({
			tone: 'plain',
			text: isPaused
				? 'The run stays paused; Runs (3) shows it again.'
				: 'The run goes on by itself; Runs (3) shows it again.',
		});
		go({type: 'back'});
	};

	return isLive(state)
		? [
				{id: 'pause', label: willBePaused ? 'resume' : 'pause', run: pause},
				{id: 'cancel', run: cancel},
				{id: 'detach', run: detach},
			]
		: [];
}
