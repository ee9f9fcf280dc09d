import {type Command, type CommandId, commandForKey, describe} from '../input/commands.ts';
import {type EscapeStep, escapeStep} from '../input/escape.ts';
import type {Key} from '../input/keys.ts';
import {tabs} from '../navigation.ts';
import type {Shell} from '../shell.ts';
import {numberText} from '../words.ts';
import {type HelpFilter, noFilter} from './help.tsx';
import type {Leaving, ScreenProps} from './screen-props.ts';

/** The screen's own commands, then those that are everywhere; help and quit come last. */
export function allCommands(
	props: ScreenProps,
	shell: Shell,
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
export function takeEscape(
	props: ScreenProps,
	shell: Shell,
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
	shell: Shell,
	act: () => void,
): () => void {
	return hasUnsavedChanges === true || inner?.hasUnsavedChanges === true
		? () => askToDrop(shell, act, leaving)
		: act;
}

function askToDrop({ask}: Shell, act: () => void, leaving: Leaving | undefined): void {
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

/** Characters that a field takes; no token, address or list of names is longer. */
const longestText = 4096;

/** Does what a key means now. @returns whether it was taken. */
export function handleKey(
	key: Key,
	commands: readonly Command[],
	isTyping: boolean,
	{say, keys}: Shell,
): boolean {
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
