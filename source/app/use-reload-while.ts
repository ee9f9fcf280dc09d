import {useEffect} from 'react';
import {useShell} from './shell.ts';
import type {Loaded} from './use-loaded.ts';

/** So often is looked again at what moves by itself, where nothing tells of it: in milliseconds. */
const leastMilliseconds = 3000;

/** Reads something again and again, as long as it says that it goes on. */
export function useReloadWhile(isMoving: boolean, {value, isLoading, reload}: Loaded<unknown>): void {
	const {updateMilliseconds} = useShell();
	// biome-ignore lint/correctness/useExhaustiveDependencies: what was read at once is another value, and nothing else tells of it.
	useEffect(() => {
		if (!isMoving || isLoading) {
			return undefined;
		}

		const timer = setTimeout(reload, Math.max(leastMilliseconds, updateMilliseconds));
		return () => {
			clearTimeout(timer);
		};
	}, [isMoving, value, isLoading, reload, updateMilliseconds]);
}
