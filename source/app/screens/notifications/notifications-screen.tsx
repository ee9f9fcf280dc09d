import {type ReactNode, useEffect} from 'react';
import {type NotifyWhen, notifyWhens} from '../../../model/notifications.ts';
import {joinWords, splitWords} from '../../../system/command-words.ts';
import type {FormField} from '../../components/form-field.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {shownProblems} from '../../components/shown-problems.ts';
import {keyOf} from '../../input/commands.ts';
import {useShell} from '../../shell.ts';
import {useForm} from '../../use-form.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';

type Entry = {readonly when: NotifyWhen; readonly command: string};

const emptyEntry: Entry = {when: 'problems', command: ''};

const whenLabels: Readonly<Record<NotifyWhen, string>> = {
	problems: 'runs that ask for a look',
	always: 'every run',
};

const whenHints: Readonly<Record<NotifyWhen, string>> = {
	problems: 'partial, failed, cancelled or throttled, or a credential expires soon',
	always: 'also those in which all went well',
};

/** From so many lines on there is room for more than the form. */
const comfortableRows = 14;

const explanation =
	'The command is given a few plain lines on its standard input, the first one as a subject, and BUCKET_BRIGADE_RUN, _PLAN and _STATUS in its environment. After 60 seconds it is ended. It stands in store.json: put no secret into it.';

/** Which command is run at the end of runs, and of which. */
export function NotificationsScreen(): ReactNode {
	const {services, size, frame, signs, go, say, question, cache, keys} = useShell();
	const known = useLoaded('notifications', async () => services.notifications());
	const [entry, setEntry] = useRemembered<Entry | undefined>('entry', undefined);
	const saving = useSaving();
	const start = known.value === undefined ? undefined : entryOf(known.value);

	useEffect(() => {
		if (entry === undefined && start !== undefined && !known.isLoading) {
			setEntry(before => before ?? start);
		}
	});

	const shown = entry ?? start ?? emptyEntry;
	const problems = commandProblems(shown.command);
	const fields: readonly FormField[] = [
		{
			kind: 'choice',
			name: 'when',
			label: 'Told of',
			value: shown.when,
			options: notifyWhens.map(value => ({value, label: whenLabels[value]})),
			onChange: value => setEntry(before => ({...(before ?? shown), when: value as NotifyWhen})),
			hint: whenHints[shown.when],
		},
		{
			kind: 'text',
			name: 'command',
			label: 'Command',
			value: shown.command,
			onChange: command => setEntry(before => ({...(before ?? shown), command})),
			hint: "for example mail -s 'Backup of Bitbucket' admin@acme.example; for pipes and variables sh -c 'LINE'",
			problem: shownProblems(problems, shown, saving.hasTried)['command'],
		},
	];
	const form = useForm('notifications', fields);

	const save = async (): Promise<void> => {
		await services.setNotifications({when: shown.when, command: splitWords(shown.command) ?? []});
		cache.delete('notifications');
		cache.delete('settings');
		say({
			tone: 'good',
			text: `${signs.good} The notifications are saved; ${keyOf(keys.keyMap, 'test')} tries them.`,
		});
		go({type: 'back'});
	};

	const {rows} = frame.body;
	const width = size.columns - 2;
	const isComfortable = rows >= comfortableRows;
	return (
		<Screen
			isTyping={form.isTyping && !saving.isSaving}
			hasUnsavedChanges={start !== undefined && !isSame(shown, start) && !saving.isSaving}
			commands={[saving.command({form, fields, problems, work: save}), ...form.commands]}
		>
			<FormView
				fields={fields}
				focus={form.focus}
				width={width}
				height={rows - (isComfortable ? 6 : saving.problem === undefined ? 0 : 3)}
				isFrozen={saving.isSaving || question !== undefined}
			/>
			{isComfortable ? (
				<>
					<Line />
					<Paragraph text={explanation} width={Math.min(100, width)} indent={2} tone="muted" />
				</>
			) : null}
			{saving.problem === undefined ? null : (
				<Paragraph text={`${signs.bad} ${saving.problem}`} width={width} tone="bad" />
			)}
		</Screen>
	);
}

function entryOf(
	notifications: 'off' | {readonly when: NotifyWhen; readonly command: readonly string[]},
): Entry {
	return notifications === 'off'
		? emptyEntry
		: {when: notifications.when, command: joinWords(notifications.command)};
}

function isSame(left: Entry, right: Entry): boolean {
	return left.when === right.when && left.command === right.command;
}

function commandProblems(command: string): Readonly<Partial<Record<string, string>>> {
	const words = splitWords(command);
	return words === undefined
		? {command: 'a quote is not closed'}
		: words.length === 0
			? {command: 'a command is needed'}
			: {};
}
