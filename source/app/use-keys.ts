import {useLayoutEffect, useRef} from 'react';
import type {KeyHandler} from './input/key-source.ts';
import {type KeyLayer, useShell} from './shell.ts';

/** Takes keys while the component is there. What the handler refuses (returns false for) goes to the text field in focus. */
export function useKeys(layer: KeyLayer, handler: KeyHandler): void {
	const {listen} = useShell();
	const latest = useRef(handler);
	latest.current = handler;
	useLayoutEffect(() => listen(layer, latest), [listen, layer]);
}
