import {useCallback, useEffect, useRef, useState} from 'react';
import {useShell} from './shell.ts';

export type Loaded<Value> = {
	/** Undefined while it is read for the first time. */
	readonly value: Value | undefined;
	/** Why it could not be read, in a sentence. */
	readonly problem: string | undefined;
	readonly isLoading: boolean;
	readonly reload: () => void;
};

/**
Reads something once for each key, and again on `reload`. What was read before is shown meanwhile, also when one comes back
to the screen.
*/
export function useLoaded<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
	const {cache} = useShell();
	const [turn, setTurn] = useState(0);
	const [state, setState] = useState({key, problem: undefined as string | undefined, isLoading: true});
	const latest = useRef(load);
	latest.current = load;

	// biome-ignore lint/correctness/useExhaustiveDependencies: a new turn reads again.
	useEffect(() => {
		const end = new AbortController();
		setState({key, problem: undefined, isLoading: true});
		latest.current(end.signal).then(
			value => {
				if (!end.signal.aborted) {
					cache.set(key, value);
					setState({key, problem: undefined, isLoading: false});
				}
			},
			(error: unknown) => {
				if (!end.signal.aborted) {
					const problem = error instanceof Error ? error.message : String(error);
					setState({key, problem, isLoading: false});
				}
			},
		);
		return () => {
			end.abort(new Error('The screen was left.'));
		};
	}, [key, turn, cache]);

	return {
		value: cache.get(key) as Value | undefined,
		problem: state.key === key ? state.problem : undefined,
		isLoading: state.key !== key || state.isLoading,
		reload: useCallback(() => {
			setTurn(before => before + 1);
		}, []),
	};
}
