import {type CommandId, describe} from './commands.ts';

/*
Which commands each screen has, over all the states that it may be in. The documentation is made of it, and it says which
commands must not share a key; a test opens every screen and compares.
*/

/** A screen, or a part of one, whose keys are looked at together. */
export type ScreenCommands = {
	readonly name: string;
	readonly commands: readonly CommandId[];
	/** What some of them do there, where the sentence of the table would not be true. */
	readonly says?: Readonly<Partial<Record<CommandId, string>>>;
	/** It lies over a screen and takes all keys. */
	readonly isOverlay?: true;
};

const moves = ['up', 'down', 'pageUp', 'pageDown', 'first', 'last'] as const;
const list = [...moves, 'filter', 'endFilter'] as const;
const text = [...moves, 'search', 'nextHit', 'previousHit', 'endFilter'] as const;
const form = ['save', 'nextField', 'previousField', 'enterField', 'left', 'right', 'toggle', 'open'] as const;

/** On every screen beside its own. */
export const commonCommands: readonly CommandId[] = [
	'back',
	'tabDevops',
	'tabPlans',
	'tabRuns',
	'tabSettings',
	'redraw',
	'suspend',
	'help',
	'quit',
];

/** What a question and the help take, over every screen. */
export const questionCommands = ['chooseAnswer', 'answer', 'back'] as const;
export const helpCommands = [...list, 'closeHelp', 'back'] as const;

export const screenCommands: readonly ScreenCommands[] = [
	{
		name: 'DevOps',
		commands: [
			...list,
			'left',
			'right',
			'edit',
			'open',
			'reload',
			'addOrganization',
			'workspace',
			'snapshots',
			'firstSteps',
			'begin',
		],
	},
	{name: 'First steps', commands: [...moves, 'begin', 'skip', 'add']},
	{name: 'Add organization', commands: [...form, 'scopes', ...moves]},
	{name: 'Edit repository', commands: [...moves, 'open', 'edit', 'reload', 'snapshots']},
	{name: 'Snapshots', commands: [...moves, 'open', 'restore', 'verify', 'forget', 'mark']},
	{name: 'Snapshot', commands: [...text, 'open', 'pullRequests', 'files', 'restore']},
	{name: 'Comparison', commands: text},
	{name: 'Pull requests', commands: [...list, 'open']},
	{name: 'Pull request', commands: text},
	{name: 'Workspace and snippets', commands: [...list, 'open', 'reload']},
	{name: 'Files', commands: [...list, 'open']},
	{name: 'File', commands: text},
	{
		name: 'Restore',
		commands: [...form, ...text, 'restore', 'cancel'],
		says: {save: 'Restore as it stands here (says what will happen, and asks).'},
	},
	{name: 'Verification', commands: [...text, 'start', 'cancel']},
	{name: 'Forget', commands: [...text, 'acceptChange', 'cancel', 'edit', 'remove', 'open']},
	{
		name: 'Additional credentials',
		commands: [...list, 'add', 'edit', 'check', 'remove'],
	},
	{name: 'Add new, Edit credential', commands: [...form, 'scopes', ...moves]},
	{
		name: 'Plans',
		commands: [...list, 'add', 'edit', 'open', 'run', 'remove'],
	},
	{name: 'Edit backup plan', commands: form},
	{name: 'Advanced settings', commands: [...form, 'all', 'none']},
	{
		name: 'Run',
		commands: [...list, 'pause', 'follow', 'cancel', 'detach', 'open', 'problems', 'snapshots'],
	},
	{name: 'Runs', commands: [...list, 'open', 'reload']},
	{name: 'Settings', commands: [...list, 'edit', 'test', 'switchOff', 'reload']},
	{name: 'Notifications', commands: form},
	{name: 'Passphrase', commands: ['unlock']},
	{name: 'A question', commands: questionCommands, isOverlay: true},
	{name: 'The help', commands: helpCommands, isOverlay: true},
];

/** What a command does on a screen, as a sentence. @param name The screen's, as above. */
export function sentenceOf(name: string, id: CommandId): string {
	return screenCommands.find(screen => screen.name === name)?.says?.[id] ?? describe(id).description;
}
