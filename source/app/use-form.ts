import {type FormField, nextOption} from './components/form-field.ts';
import type {Command} from './input/commands.ts';
import {useRemembered} from './use-remembered.ts';

export type Form = {
	/** Place of the field in focus. */
	readonly focus: number;
	readonly isTyping: boolean;
	readonly commands: readonly Command[];
	readonly setFocus: (index: number) => void;
};

/** Moves through the fields of a form and gives the one in focus its keys. */
export function useForm(name: string, fields: readonly FormField[]): Form {
	const [wanted, setFocus] = useRemembered(`${name} focus`, 0);
	const focus = Math.max(0, Math.min(wanted, fields.length - 1));
	const field = fields[focus];
	const move = (step: 1 | -1): void => setFocus((focus + step + fields.length) % fields.length);
	const isTyping = field?.kind === 'text' || field?.kind === 'secret';

	const enter = (): void => {
		if (field?.kind === 'section') {
			field.onOpen();
		} else if (field?.kind === 'switch') {
			field.onChange(!field.value);
		} else {
			move(1);
		}
	};

	return {
		focus,
		isTyping,
		setFocus,
		commands: [
			{id: 'nextField', run: () => move(1)},
			{id: 'previousField', run: () => move(-1)},
			...(field?.kind === 'choice' ? choose(field) : []),
			...(field?.kind === 'switch' ? [{id: 'toggle' as const, run: () => field.onChange(!field.value)}] : []),
			...(field?.kind === 'section' ? [{id: 'open' as const, label: 'Edit', run: enter}] : []),
			{id: 'enterField', run: enter},
		],
	};
}

function choose(field: Extract<FormField, {kind: 'choice'}>): readonly Command[] {
	const step = (by: 1 | -1) => (): void => field.onChange(nextOption(field.options, field.value, by));
	return [
		{id: 'left', run: step(-1)},
		{id: 'right', run: step(1)},
		{id: 'toggle', label: 'choose', run: step(1)},
	];
}
