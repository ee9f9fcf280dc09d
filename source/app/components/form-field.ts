import {holdsToken} from '../../model/token-text.ts';

/** A field of a form, as data: the form draws it and gives it its keys. */
export type FormField =
	| {
			readonly kind: 'text' | 'secret';
			readonly name: string;
			readonly label: string;
			readonly value: string;
			readonly onChange: (value: string) => void;
			/** Shown while the field is in focus. */
			readonly hint?: string;
			/** What is wrong with it, in words. */
			readonly problem?: string | undefined;
	  }
	| {
			readonly kind: 'choice';
			readonly name: string;
			readonly label: string;
			readonly options: ReadonlyArray<{readonly value: string; readonly label: string}>;
			readonly value: string;
			readonly onChange: (value: string) => void;
			readonly hint?: string;
			readonly problem?: string | undefined;
	  }
	| {
			readonly kind: 'switch';
			readonly name: string;
			readonly label: string;
			readonly value: boolean;
			readonly onChange: (value: boolean) => void;
			/** Beside the switch: what it stands for, or why it makes no sense. */
			readonly note?: string;
			readonly isIndented?: boolean;
			readonly hint?: string;
			readonly problem?: string | undefined;
	  }
	| {
			readonly kind: 'section';
			readonly name: string;
			readonly label: string;
			readonly text: string;
			readonly onOpen: () => void;
			readonly hint?: string;
			readonly problem?: string | undefined;
	  };

/** The value after (or before) the one that is chosen; after the last comes the first. */
export function nextOption(
	options: ReadonlyArray<{readonly value: string}>,
	value: string,
	step: 1 | -1,
): string {
	const index = options.findIndex(option => option.value === value);
	return options[(index + step + options.length) % options.length]?.value ?? value;
}

/** What was typed. An emoji is two halves to a text field: with one of them deleted, the other goes too. */
export function typedText(value: string): string {
	return value.replaceAll(/\p{Cs}/gu, '');
}

/** What is said of a token in a field that is kept in clear. */
export const misplacedToken = 'a token: delete it here, it would be kept in clear';

/** The field as it may be shown and saved: a token that was typed or pasted into the wrong one is masked, and is wrong. */
export function guarded(field: FormField): FormField {
	return field.kind === 'text' && holdsToken(field.value)
		? {...field, kind: 'secret', problem: misplacedToken}
		: field;
}
