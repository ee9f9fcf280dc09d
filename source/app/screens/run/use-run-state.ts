import {useEffect, useState} from 'react';
import type {RunState} from '../../../runs/run-state.ts';
import {initialRunState, interruptRun, reduceRun} from '../../../runs/run-state.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {isLive} from './run-texts.ts';

export type FollowedRun = {
	readonly state: RunState;
	/** Counts the updates: what turns in the view goes by it. */
	readonly beat: number;
	/** Why the run cannot be followed, in a sentence. */
	readonly problem: string | undefined;
};

/** What a journal holds already is there almost at once. */
const firstMilliseconds = 50;

/**
Follows a run's journal. All that moves in the view moves in one beat, a few times a second; a run that is paused or over
stands still, and is drawn only when something is heard of it.
*/
export function useRunState(run: string): FollowedRun {
	const {services, updateMilliseconds} = useShell();
	const [drawn, setDrawn] = useState({state: initialRunState(run), beat: 0});
	const [problem, setProblem] = useState<string | undefined>();

	useEffect(() => {
		const end = new AbortController();
		let current = initialRunState(run);
		let beat = 0;
		let timer: NodeJS.Timeout | undefined;
		const draw = (): void => {
			timer = undefined;
			beat += 1;
			setDrawn({state: current, beat});
			if (isLive(current) && current.pausedSince === undefined) {
				drawSoon();
			}
		};

		const drawSoon = (): void => {
			timer ??= setTimeout(draw, beat === 0 ? firstMilliseconds : updateMilliseconds);
		};

		const follow = async (): Promise<void> => {
			for await (const event of services.followRun(run, end.signal)) {
				current = reduceRun(current, event);
				drawSoon();
			}
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
					// The events end without a last word where the process is gone.
					current = interruptRun(current);
					draw();
				}
			});
		return () => {
			clearTimeout(timer);
			end.abort(new Error('The view was left.'));
		};
	}, [run, services, updateMilliseconds]);

	return {...drawn, problem};
}
