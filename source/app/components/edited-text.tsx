import {Box, Text} from 'ink';
import TextInput from 'ink-text-input';
import {type ReactNode, useEffect, useState} from 'react';
import {textForField} from '../input/key-source.ts';
import {useShell} from '../shell.ts';
import {textAtCursor} from '../text-cursor.ts';
import {useKeys} from '../use-keys.ts';

export type EditedTextProps = {
	readonly value: string;
	readonly onChange: (value: string) => void;
	/** Stands in the place of each character. */
	readonly mask?: string;
	/** Cells that it may take; 0 where nothing of it is drawn. */
	readonly width: number;
};

/**
A text while one types it, with the place where one types: an inverse cell, or without colours a mark before it. The place is always
in sight.

The library's field takes the keys and is not drawn. It is kept from what would lead it beyond the ends of the text, where it
would put what is typed next into the wrong place.
*/
export function EditedText({value, onChange, mask, width}: EditedTextProps): ReactNode {
	const {display} = useShell();
	const [offset, setOffset] = useState(value.length);

	useEffect(() => setOffset(before => Math.min(before, value.length)), [value]);

	useKeys('field', key => {
		const name = key.kind === 'key' ? key.name : '';
		if ((name === 'left' && offset <= 0) || (name === 'right' && offset >= value.length)) {
			return true;
		}

		setOffset(offsetAfter(name, offset, textForField(key)));
		return false;
	});

	const shown = mask === undefined ? value : mask.repeat(value.length);
	const {before, at, after} = textAtCursor(shown, offset, width - (display.hasColours ? 0 : 1));
	return (
		<>
			<Box display="none">
				<TextInput value={value} onChange={onChange} />
			</Box>
			{width > 0 ? (
				<Text wrap="truncate">
					{before}
					{display.hasColours ? <Text inverse>{at === '' ? ' ' : at}</Text> : `_${at}`}
					{after}
				</Text>
			) : null}
		</>
	);
}

function offsetAfter(name: string, offset: number, text: string): number {
	switch (name) {
		case 'left':
		case 'backspace':
		case 'delete':
			return Math.max(0, offset - 1);
		case 'right':
			return offset + 1;
		default:
			return offset + text.length;
	}
}
