import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, cutLines, fit, widthOf} from '../cells.ts';
import type {Command} from '../input/commands.ts';
import {breadcrumbs, tabNames, tabs} from '../navigation.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {useKeys} from '../use-keys.ts';
import {Confirmation} from './confirmation.tsx';
import {crumbLine} from './crumb-line.ts';
import {Footer, footerEntries} from './footer.tsx';
import {Help, type HelpFilter, noFilter} from './help.tsx';
import {Line} from './line.tsx';
import {allCommands, handleKey, takeEscape} from './screen-keys.ts';
import type {ScreenProps} from './screen-props.ts';
import {SpokenScreen} from './spoken-screen.tsx';

/** The frame of every screen: title, breadcrumbs, body, flash, footer; and the one place where keys become commands. */
export function Screen(props: ScreenProps): ReactNode {
	const shell = useShell();
	const {size, frame, navigation, signs, question, display, keys} = shell;
	const [help, setHelp] = useState<HelpFilter | undefined>();
	const isTyping = props.isTyping ?? false;
	const onEscape = (): void => takeEscape(props, shell, help, setHelp);
	const commands = allCommands(props, shell, onEscape, () => setHelp(noFilter));

	useKeys('screen', key => handleKey(key, commands, isTyping, shell));

	if (frame.isTooSmall && !display.isScreenReader) {
		return (
			<Box width={size.columns} height={size.rows} overflow="hidden" flexDirection="column">
				<Line>{cut(`terminal too small: ${size.columns}x${size.rows}`, size.columns)}</Line>
				<Line>{cut('40x12 is the least', size.columns)}</Line>
			</Box>
		);
	}

	const crumbs = [...breadcrumbs(navigation), ...(props.trail ?? [])];
	const body =
		question !== undefined ? (
			<Confirmation question={question} onEscape={onEscape} />
		) : help !== undefined ? (
			<Help
				commands={commands}
				filter={help}
				onFilter={setHelp}
				onClose={() => setHelp(undefined)}
				onEscape={onEscape}
			/>
		) : (
			props.children
		);
	const hasOverlay = question !== undefined || help !== undefined;
	const shownCommands = question !== undefined ? questionFooter : help !== undefined ? helpFooter : commands;
	if (display.isScreenReader) {
		const shown = footerEntries(
			shownCommands,
			Number.POSITIVE_INFINITY,
			keys.keyMap,
			isTyping && !hasOverlay,
		);
		return (
			<SpokenScreen
				crumbs={crumbs}
				status={props.status ?? ''}
				keys={shown.map(({key, label, isAvailable}) => `${key} ${label}${isAvailable ? '' : ' (not now)'}`)}
			>
				{body}
			</SpokenScreen>
		);
	}

	const {way, status} = crumbLine({crumbs, status: props.status ?? '', width: size.columns - 2, signs});
	return (
		<Box width={size.columns} height={size.rows} overflow="hidden" flexDirection="column">
			<TitleLine />
			<Line>
				{' '}
				{way} <Text {...lookOf('muted')}>{status}</Text>
			</Line>
			{frame.hasGap ? <Line /> : null}
			<Box
				height={frame.areas.body.rows}
				flexShrink={0}
				flexDirection="column"
				overflow="hidden"
				paddingLeft={1}
				paddingRight={1}
			>
				{body}
			</Box>
			<FlashLines />
			<Footer commands={shownCommands} width={size.columns - 1} isTyping={isTyping && !hasOverlay} />
		</Box>
	);
}

/** What was just said, to its end where there is room for it. */
function FlashLines(): ReactNode {
	const {size, frame, flash} = useShell();
	const lines = flash === undefined ? [] : cutLines(flash.text, size.columns - 2, frame.flashRows);
	return (
		<Box height={frame.flashRows} flexShrink={0} flexDirection="column">
			{lines.map(line => (
				<Line key={line} tone={flash?.tone ?? 'plain'}>
					{' '}
					{line}
				</Line>
			))}
		</Box>
	);
}

function TitleLine(): ReactNode {
	const {size, navigation, banner, isReadOnly} = useShell();
	const name = size.columns >= 60 ? ' Bucket Brigade   ' : ' ';
	const marks = [banner, isReadOnly ? 'read-only' : undefined].filter(mark => mark !== undefined).join(' ');
	const names = tabs.map((tab, index) => `${index + 1} ${tabNames[tab]}`);
	const used = widthOf(name) + names.reduce((sum, text) => sum + widthOf(text) + 2, 0);
	return (
		<Line>
			<Text {...lookOf('title')}>{name}</Text>
			{tabs.map((tab, index) => (
				<Text key={tab}>
					<Text {...(tab === navigation.tab ? {bold: true, underline: true} : lookOf('muted'))}>
						{names[index]}
					</Text>
					{'  '}
				</Text>
			))}
			<Text {...lookOf('attention')}>{fit(marks, Math.max(0, size.columns - used - 1), 'right')}</Text>
		</Line>
	);
}

const nothing = (): void => undefined;

/** A question and the help take their keys themselves; the footer tells them. */
const questionFooter: readonly Command[] = [
	{id: 'chooseAnswer', run: nothing},
	{id: 'answer', run: nothing},
	{id: 'back', label: 'cancel', run: nothing},
];
const helpFooter: readonly Command[] = [
	{id: 'filter', run: nothing},
	{id: 'closeHelp', run: nothing},
	{id: 'back', run: nothing},
];
