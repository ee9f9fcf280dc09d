import {Box, Text} from 'ink';
import {Fragment, type ReactNode} from 'react';
import {cut, fit, widthOf} from '../cells.ts';
import {listWindow} from '../layout.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {plural} from '../words.ts';
import {EditedText} from './edited-text.tsx';
import {type FormField, guarded, typedText} from './form-field.ts';
import {Line} from './line.tsx';
import {Paragraph} from './paragraph.tsx';
import {SpokenField} from './spoken-field.tsx';

/** Lines kept for what is said of the field in focus. */
const noteLines = 3;

const leastNoteWidth = 24;

export type FormViewProps = {
	readonly fields: readonly FormField[];
	readonly focus: number;
	readonly width: number;
	/** Lines that the form may take. */
	readonly height: number;
	/** A question lies over the form: no field takes keys. */
	readonly isFrozen?: boolean;
};

/** Draws the fields of a form, a line each, with what is to be known of the one in focus below it. */
export function FormView({fields: entered, focus, width, height, isFrozen}: FormViewProps): ReactNode {
	const fields = entered.map(guarded);
	const labelWidth = Math.min(
		30,
		Math.max(...fields.map(field => field.label.length + (isIndented(field) ? 2 : 0))) + 2,
	);
	const isComfortable = height > 2 * noteLines && width >= 70;
	const shown = listWindow({
		length: fields.length,
		cursor: focus,
		height: Math.max(1, height - (isComfortable ? noteLines : 1)),
		first: 0,
	});
	return (
		<Box flexDirection="column" flexShrink={0}>
			{fields.slice(shown.first, shown.first + shown.count).map((field, offset) => {
				const isFocused = shown.first + offset === focus;
				return (
					<Fragment key={field.name}>
						<FieldLine
							field={field}
							isFocused={isFocused}
							isFrozen={isFrozen ?? false}
							labelWidth={labelWidth}
							width={width}
						/>
						<FieldNote
							field={field}
							isFocused={isFocused}
							labelWidth={labelWidth}
							width={width}
							isComfortable={isComfortable}
						/>
					</Fragment>
				);
			})}
		</Box>
	);
}

function isIndented(field: FormField): boolean {
	return field.kind === 'switch' && field.isIndented === true;
}

function FieldLine({
	field,
	isFocused,
	isFrozen,
	labelWidth,
	width,
}: {
	readonly field: FormField;
	readonly isFocused: boolean;
	readonly isFrozen: boolean;
	readonly labelWidth: number;
	readonly width: number;
}): ReactNode {
	const {signs, display} = useShell();
	if (display.isScreenReader) {
		return <SpokenField field={field} isFocused={isFocused} isFrozen={isFrozen} />;
	}

	const label = fit(`${isIndented(field) ? '  ' : ''}${field.label}`, labelWidth);
	return (
		<Box height={1} flexShrink={0}>
			<Box width={labelWidth + 2} flexShrink={0}>
				<Text wrap="truncate" {...lookOf(isFocused ? 'selected' : 'plain')}>
					{isFocused ? signs.cursor : ' '} {label}
				</Text>
			</Box>
			<Control field={field} isFocused={isFocused && !isFrozen} room={Math.max(4, width - labelWidth - 3)} />
		</Box>
	);
}

function Control({
	field,
	isFocused,
	room,
}: {
	readonly field: FormField;
	readonly isFocused: boolean;
	readonly room: number;
}): ReactNode {
	const {signs} = useShell();
	switch (field.kind) {
		case 'text':
		case 'secret': {
			const isSecret = field.kind === 'secret';
			const count = isSecret && field.value !== '' ? plural(field.value.length, 'character') : '';
			const fieldWidth = Math.max(4, room - (count === '' ? 0 : count.length + 1));
			const onChange = (value: string): void => field.onChange(typedText(value));
			return (
				<>
					<Box width={fieldWidth} height={1} overflow="hidden" flexShrink={0}>
						{isFocused ? (
							<EditedText
								key={field.name}
								value={field.value}
								onChange={onChange}
								width={fieldWidth}
								{...(isSecret ? {mask: signs.mask} : {})}
							/>
						) : (
							<Text wrap="truncate">
								{cut(isSecret ? signs.mask.repeat(field.value.length) : field.value, fieldWidth)}
							</Text>
						)}
					</Box>
					<Text {...lookOf('muted')}> {count}</Text>
				</>
			);
		}

		case 'choice':
			return <Choice field={field} room={room} />;
		case 'switch':
			return (
				<Text wrap="truncate">
					<Text {...lookOf(field.value ? 'accent' : 'plain')}>{field.value ? '[ on ]' : '[ off]'}</Text>
					{'  '}
					<Text {...lookOf('muted')}>{cut(field.note ?? '', room - 8)}</Text>
				</Text>
			);
		case 'section':
			return (
				<Text wrap="truncate">
					{cut(field.text, room - 8)} <Text {...lookOf('accent')}>[Edit]</Text>
				</Text>
			);
	}
}

/** All values beside one another where they fit, else the chosen one with its place among them. */
function Choice({
	field,
	room,
}: {
	readonly field: Extract<FormField, {kind: 'choice'}>;
	readonly room: number;
}): ReactNode {
	const {options} = field;
	const place = options.findIndex(({value}) => value === field.value);
	const needed = options.reduce((sum, {label}) => sum + widthOf(label) + 4, 0);
	if (needed > room) {
		return (
			<Text wrap="truncate">
				<Text bold>( {cut(options[place]?.label ?? '', room - 14)} )</Text>
				<Text {...lookOf('muted')}>
					{'  '}
					{place + 1} of {options.length}
				</Text>
			</Text>
		);
	}

	return (
		<Text wrap="truncate">
			{options.map(({value, label}) => (
				<Text key={value} {...(value === field.value ? {bold: true} : lookOf('muted'))}>
					{value === field.value ? `( ${label} )` : `  ${label}  `}
				</Text>
			))}
		</Text>
	);
}

function FieldNote({
	field,
	isFocused,
	labelWidth,
	width,
	isComfortable,
}: {
	readonly field: FormField;
	readonly isFocused: boolean;
	readonly labelWidth: number;
	readonly width: number;
	readonly isComfortable: boolean;
}): ReactNode {
	const text = isFocused ? (field.problem ?? field.hint) : field.problem;
	if (text === undefined) {
		return null;
	}

	const tone = field.problem === undefined ? 'muted' : 'attention';
	// Below its field, where enough of it can be read there.
	const indent = width - labelWidth - 2 < leastNoteWidth ? 4 : labelWidth + 2;
	return isComfortable && isFocused ? (
		<Paragraph text={text} width={width} indent={labelWidth + 2} tone={tone} />
	) : (
		<Line tone={tone}>
			{' '.repeat(indent)}
			{cut(text, width - indent - 1)}
		</Line>
	);
}
