import {useEffect, useRef, useState} from 'react';
import type {WorkProgress} from './backup-services.ts';
import {messageOf} from './message-of.ts';
import {useRemembered} from './use-remembered.ts';

export type WorkState<Result> =
	| {readonly state: 'none'}
	| {readonly state: 'running' | 'cancelling'; readonly progress: WorkProgress | undefined}
	| {readonly state: 'done'; readonly result: Result}
	/** Why nothing came of it, in a sentence. */
	| {readonly state: 'failed'; readonly problem: string}
	| {readonly state: 'cancelled'};

export type Work<Result> = {
	readonly now: WorkState<Result>;
	readonly isRunning: boolean;
	readonly start: (
		work: (report: (progress: WorkProgress) => void, signal: AbortSignal) => Promise<Result>,
	) => void;
	/** Resolves once it has come to its end. */
	readonly cancel: () => Promise<void>;
	/** As if nothing had been begun. */
	readonly forget: () => void;
};

/** How often what is under way is drawn anew at the most. */
const drawEveryMilliseconds = 250;

type Running = {readonly end: AbortController; readonly settled: Promise<void>};

/**
Something that takes its time: it tells how far it is, can be cancelled, and is cancelled when its screen is left. What came of
it is found again when one comes back.
*/
export function useWork<Result>(name: string): Work<Result> {
	const [now, setNow] = useRemembered<WorkState<Result>>(`${name} work`, {state: 'none'});
	const running = useRef<Running | undefined>(undefined);
	const [progress, setProgress] = useState<WorkProgress | undefined>();

	useEffect(
		() => () => {
			running.current?.end.abort(new Error('The screen was left.'));
		},
		[],
	);

	const start: Work<Result>['start'] = work => {
		const end = new AbortController();
		let latest: WorkProgress | undefined;
		let timer: NodeJS.Timeout | undefined;
		const report = (told: WorkProgress): void => {
			latest = told;
			timer ??= setTimeout(() => {
				timer = undefined;
				setProgress(latest);
			}, drawEveryMilliseconds);
		};

		const settle = async (): Promise<WorkState<Result>> => {
			try {
				return {state: 'done', result: await work(report, end.signal)};
			} catch (error) {
				return end.signal.aborted ? {state: 'cancelled'} : {state: 'failed', problem: messageOf(error)};
			} finally {
				clearTimeout(timer);
			}
		};

		setProgress(undefined);
		setNow({state: 'running', progress: undefined});
		const settled = settle().then(state => {
			running.current = undefined;
			setNow(state);
		});
		running.current = {end, settled};
	};

	// Left while something was under way, it is not under way any more when one comes back.
	const isStale = (now.state === 'running' || now.state === 'cancelling') && running.current === undefined;
	return {
		now: isStale
			? {state: 'cancelled'}
			: now.state === 'running' || now.state === 'cancelling'
				? {...now, progress}
				: now,
		isRunning: !isStale && (now.state === 'running' || now.state === 'cancelling'),
		start,
		cancel: async () => {
			if (running.current !== undefined) {
				const {end, settled} = running.current;
				setNow({state: 'cancelling', progress: undefined});
				end.abort(new Error('It was cancelled.'));
				await settled;
			}
		},
		forget: () => setNow({state: 'none'}),
	};
}
