import {useEffect, useState} from 'react';
import type {RunState} from '../../../runs/run-state.ts';
import {initialRunState, interruptRun, reduceRun} from '../../../runs/run-state.ts';
import {useShell} from '../../shell.ts';
import {messageOf} from '../messages.ts';

/** How often the view is drawn anew at the most: enough to follow, little enough for a slow line. */
const drawEveryMilliseconds = 250;

/** Follows a run's journal. A past run is read to its end at once and then stands still. */
export function useRunState(run: string): {readonly state: RunState; readonly problem: string | undefined} {
	const {services} = useShell();
	const [state, setState] = useState(() => initialRunState(run));
	const [problem, setProblem] = useState<string | undefined>();

	useEffect(() => {
		const end = new AbortController();
		let current = initialRunState(run);
		let timer: NodeJS.Timeout | undefined;
		const draw = (): void => {
			timer = undefined;
			setState(current);
		};

		const follow = async (): Promise<void> => {
			for await (const event of services.followRun(run, end.signal)) {
				current = reduceRun(current, event);
				timer ??= setTimeout(draw, drawEveryMilliseconds);
			}

			// The events end without a last word where the process is gone.
			current = interruptRun(current);
		};

		follow()
			.catch((error: unknown) => {
				if (!end.signal.aborted) {
					setProblem(messageOf(error));
				}
			})
			.finally(() => {
				clearTimeout(timer);
				if (!end.signal.aborted) {
					draw();
				}
			});
		return () => {
			clearTimeout(timer);
			end.abort(new Error('The view was left.'));
		};
	}, [run, services]);

	return {state, problem};
}
