import {useState} from 'react';
import {useShell} from './shell.ts';

/** State that a screen finds again when one comes back to it. */
export function useRemembered<Value>(
	name: string,
	initial: Value | (() => Value),
): readonly [Value, (next: Value | ((value: Value) => Value)) => void] {
	const {visit} = useShell();
	const [value, setValue] = useState<Value>(() => {
		if (visit.memory.has(name)) {
			return visit.memory.get(name) as Value;
		}

		return typeof initial === 'function' ? (initial as () => Value)() : initial;
	});
	const change = (next: Value | ((value: Value) => Value)): void => {
		setValue(before => {
			const after = typeof next === 'function' ? (next as (value: Value) => Value)(before) : next;
			visit.memory.set(name, after);
			return after;
		});
	};

	return [value, change];
}
