import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, cutLines, fit, widthOf} from '../cells.ts';
import {type Command, type CommandId, commandForKey, describe} from '../input/commands.ts';
import {type EscapeStep, escapeStep} from '../input/escape.ts';
import type {Key} from '../input/keys.ts';
import {breadcrumbs, tabNames, tabs} from '../navigation.ts';
import {type Question, useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {useKeys} from '../use-keys.ts';
import {numberText} from '../words.ts';
import {Confirmation} from './confirmation.tsx';
import {crumbLine} from './crumb-line.ts';
import {Footer, footerEntries} from './footer.tsx';
import {Help, type HelpFilter, noFilter} from './help.tsx';
import {Line} from './line.tsx';
import {SpokenScreen} from './spoken-screen.tsx';

/** A question before a place is left at which something is under way. */
export type Leaving = Omit<Question, 'onConfirm'> & {
	/** Done before it is left. */
	readonly prepare: () => Promise<void>;
};

export type ScreenProps = {
	/** At the right of the breadcrumbs: `12 repositories`. */
	readonly status?: string;
	/** Crumbs after those of the place. */
	readonly trail?: readonly string[];
	/** Its own commands, in the order of the footer. */
	readonly commands: readonly Command[];
	/** A text field is in focus: letters are text. */
	readonly isTyping?: boolean;
	/** What lies over the place itself, such as a filter, details or a part of its form: Escape closes it first. */
	readonly inner?:
		| {
				readonly close: () => void;
				/** What that is called in the footer, where it is not `back`. */
				readonly closing?: string;
				readonly hasUnsavedChanges?: boolean;
		  }
		| undefined;
	/** Asked about before the place is left in any way. */
	readonly hasUnsavedChanges?: boolean;
	/** What is asked then, where something else would be lost than what was entered. */
	readonly leaving?: Leaving | undefined;
	readonly children: ReactNode;
};

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

type ShellOf = ReturnType<typeof useShell>;

/** The screen's own commands, then those that are everywhere; help and quit come last. */
function allCommands(
	props: ScreenProps,
	shell: ShellOf,
	onEscape: () => void,
	openHelp: () => void,
): readonly Command[] {
	const {navigation, go, isReadOnly} = shell;
	const isRoot = navigation.stacks[navigation.tab].length === 1;
	const leave = (act: () => void): (() => void) => guarded(props, shell, act);
	const own = props.commands.filter(({id}) => !(isReadOnly && describe(id).changes === true));
	const tabCommands: ReadonlyArray<CommandId> = ['tabDevops', 'tabPlans', 'tabRuns', 'tabSettings'];
	return [
		...own,
		...(isRoot && props.inner === undefined
			? []
			: [{id: 'back' as const, label: props.inner?.closing, run: onEscape}]),
		...tabCommands.map((id, index) => ({
			id,
			run: leave(() => go({type: 'tab', tab: tabs[index] ?? 'devops'})),
		})),
		{id: 'redraw', run: shell.redraw},
		{id: 'suspend', run: shell.suspend},
		{id: 'help', run: openHelp},
		{id: 'quit', run: leave(shell.quit)},
	];
}

/** Does what Escape means now; what that is, is decided in one place. */
function takeEscape(
	props: ScreenProps,
	shell: ShellOf,
	help: HelpFilter | undefined,
	setHelp: (help: HelpFilter | undefined) => void,
): void {
	const {inner} = props;
	const back = (): void => shell.go({type: 'back'});
	const closeInner = (): void => inner?.close();
	const step = escapeStep({
		isAsking: shell.question !== undefined,
		help: help === undefined ? 'closed' : help.isTyped || help.text !== '' ? 'filtered' : 'open',
		inner: inner === undefined ? 'none' : inner.hasUnsavedChanges === true ? 'changed' : 'unchanged',
		hasUnsavedChanges: props.hasUnsavedChanges ?? false,
		isRoot: shell.navigation.stacks[shell.navigation.tab].length === 1,
	});
	const steps: Readonly<Record<EscapeStep, () => void>> = {
		'answer-cancel': () => shell.ask(undefined),
		'clear-help-filter': () => setHelp(noFilter),
		'close-help': () => setHelp(undefined),
		'ask-then-close-inner': () => askToDrop(shell, closeInner, props.leaving),
		'close-inner': closeInner,
		nothing: () => undefined,
		'ask-then-back': () => askToDrop(shell, back, props.leaving),
		back,
	};
	steps[step]();
}

/** Asks before what was entered is dropped, by whichever way the place is left. */
function guarded(
	{hasUnsavedChanges, inner, leaving}: ScreenProps,
	shell: ShellOf,
	act: () => void,
): () => void {
	return hasUnsavedChanges === true || inner?.hasUnsavedChanges === true
		? () => askToDrop(shell, act, leaving)
		: act;
}

function askToDrop({ask}: ShellOf, act: () => void, leaving: Leaving | undefined): void {
	if (leaving !== undefined) {
		const {prepare, ...question} = leaving;
		ask({
			...question,
			onConfirm: () => {
				prepare().then(act, act);
			},
		});
		return;
	}

	ask({
		title: 'Drop the changes?',
		text: 'What you entered here was not saved.',
		confirm: 'Drop',
		onConfirm: act,
	});
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

/** Characters that a field takes; no token, address or list of names is longer. */
const longestText = 4096;

function handleKey(key: Key, commands: readonly Command[], isTyping: boolean, {say, keys}: ShellOf): boolean {
	if (key.kind === 'paste') {
		const length = key.text.length + (key.lost ?? 0);
		if (isTyping && length > longestText) {
			// Never a part of it: nobody would see what is missing.
			say({
				tone: 'attention',
				text: `${numberText(length)} characters were pasted: a field takes ${numberText(longestText)}.`,
			});
			return true;
		}

		return !isTyping;
	}

	const command = commandForKey(commands, key.name, isTyping, keys.keyMap);
	if (command === undefined) {
		return !isTyping;
	}

	say(command.unavailable === undefined ? undefined : {tone: 'attention', text: command.unavailable});
	if (command.unavailable === undefined) {
		command.run();
	}

	return true;
}
