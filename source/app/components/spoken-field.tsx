import {Text} from 'ink';
import type {ReactNode} from 'react';
import {useShell} from '../shell.ts';
import {plural} from '../words.ts';
import {EditedText} from './edited-text.tsx';
import {type FormField, typedText} from './form-field.ts';
import {spokenText} from './spoken-line.tsx';

/** A field of a form as it is read aloud: its label, what is entered or chosen, of a secret how long it is. */
export function SpokenField({
	field,
	isFocused,
	isFrozen,
}: {
	readonly field: FormField;
	readonly isFocused: boolean;
	readonly isFrozen: boolean;
}): ReactNode {
	const {signs} = useShell();
	return (
		<>
			<Text>{`${isFocused ? `${signs.cursor} ` : ''}${spokenText([`${field.label}: ${spokenValue(field)}`])}`}</Text>
			{isFocused && !isFrozen && (field.kind === 'text' || field.kind === 'secret') ? (
				// It takes the keys; what it holds is said above.
				<EditedText
					key={field.name}
					value={field.value}
					onChange={value => field.onChange(typedText(value))}
					width={0}
				/>
			) : null}
		</>
	);
}

function spokenValue(field: FormField): string {
	switch (field.kind) {
		case 'text':
			return field.value === '' ? 'empty' : field.value;
		case 'secret':
			return field.value === '' ? 'empty' : plural(field.value.length, 'character');
		case 'choice': {
			const place = field.options.findIndex(({value}) => value === field.value);
			return `${field.options[place]?.label ?? ''}, ${place + 1} of ${field.options.length}`;
		}

		case 'switch':
			return spokenText([field.value ? 'on' : 'off', field.note]);
		case 'section':
			return field.text;
	}
}
