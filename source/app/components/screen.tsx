import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, fit, widthOf} from '../cells.ts';
import {type Command, type CommandId, commandForKey, describe} from '../input/commands.ts';
import type {Key} from '../input/keys.ts';
import {breadcrumbs, tabNames, tabs} from '../navigation.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {useKeys} from '../use-keys.ts';
import {Confirmation} from './confirmation.tsx';
import {Footer} from './footer.tsx';
import {Help} from './help.tsx';
import {Line} from './line.tsx';

export type ScreenProps = {
	/** At the right of the breadcrumbs: `12 repositories`. */
	readonly status?: string;
	/** Crumbs after those of the place. */
	readonly trail?: readonly string[];
	/** Its own commands, in the order of the footer. */
	readonly commands: readonly Command[];
	/** A text field is in focus: letters are text. */
	readonly isTyping?: boolean;
	/** What Escape does here before it leaves the place; undefined leaves it. */
	readonly onBack?: (() => void) | undefined;
	/** Asked about before the place is left in any way. */
	readonly hasUnsavedChanges?: boolean;
	readonly children: ReactNode;
};

/** The frame of every screen: title, breadcrumbs, body, flash, footer; and the one place where keys become commands. */
export function Screen(props: ScreenProps): ReactNode {
	const shell = useShell();
	const {size, frame, navigation, signs, question, flash} = shell;
	const [isHelpOpen, setHelpOpen] = useState(false);
	const isTyping = props.isTyping ?? false;
	const commands = allCommands(props, shell, () => setHelpOpen(true));

	useKeys('screen', key => handleKey(key, commands, isTyping, shell));

	if (frame.isTooSmall) {
		return (
			<Box width={size.columns} height={size.rows} overflow="hidden" flexDirection="column">
				<Line>{cut(`terminal too small: ${size.columns}x${size.rows}`, size.columns)}</Line>
				<Line>{cut('40x12 is the least', size.columns)}</Line>
			</Box>
		);
	}

	const crumbs = [...breadcrumbs(navigation), ...(props.trail ?? [])].join(` ${signs.separator} `);
	const status = props.status ?? '';
	const crumbWidth = Math.max(0, size.columns - 3 - widthOf(status));
	return (
		<Box width={size.columns} height={size.rows} overflow="hidden" flexDirection="column">
			<TitleLine />
			<Line>
				{' '}
				{fit(crumbs, crumbWidth)} <Text {...lookOf('muted')}>{cut(status, size.columns - 3)}</Text>
			</Line>
			{frame.hasGap ? <Line /> : null}
			<Box
				height={frame.body.rows}
				flexShrink={0}
				flexDirection="column"
				overflow="hidden"
				paddingLeft={1}
				paddingRight={1}
			>
				{question !== undefined ? (
					<Confirmation question={question} />
				) : isHelpOpen ? (
					<Help commands={commands} onClose={() => setHelpOpen(false)} />
				) : (
					props.children
				)}
			</Box>
			<Line tone={flash?.tone ?? 'plain'}>
				{flash === undefined ? ' ' : ` ${cut(flash.text, size.columns - 2)}`}
			</Line>
			<Footer commands={commands} width={size.columns - 1} />
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
function allCommands(props: ScreenProps, shell: ShellOf, openHelp: () => void): readonly Command[] {
	const {navigation, go, isReadOnly} = shell;
	const isRoot = navigation.stacks[navigation.tab].length === 1;
	const leave = (act: () => void): (() => void) => guarded(props, shell, act);
	const own = props.commands.filter(({id}) => !(isReadOnly && describe(id).changes === true));
	const tabCommands: ReadonlyArray<CommandId> = ['tabDevops', 'tabPlans', 'tabRuns', 'tabSettings'];
	return [
		...own,
		...(props.onBack !== undefined
			? [{id: 'back' as const, run: props.onBack}]
			: isRoot
				? []
				: [{id: 'back' as const, run: leave(() => go({type: 'back'}))}]),
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

/** Asks before what was typed is dropped. */
function guarded({hasUnsavedChanges}: ScreenProps, {ask}: ShellOf, act: () => void): () => void {
	if (hasUnsavedChanges !== true) {
		return act;
	}

	return () => {
		ask({
			title: 'Drop the changes?',
			text: 'What you entered here was not saved.',
			confirm: 'Drop',
			onConfirm: act,
		});
	};
}

function handleKey(key: Key, commands: readonly Command[], isTyping: boolean, {say}: ShellOf): boolean {
	if (key.kind === 'paste') {
		return !isTyping;
	}

	const command = commandForKey(commands, key.name, isTyping);
	if (command === undefined) {
		return !isTyping;
	}

	say(command.unavailable === undefined ? undefined : {tone: 'attention', text: command.unavailable});
	if (command.unavailable === undefined) {
		command.run();
	}

	return true;
}
