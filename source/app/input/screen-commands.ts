import type {CommandId} from './commands.ts';

/*
Which commands each screen has, over all the states that it may be in. The documentation is made of it, and it says which
commands must not share a key; a test opens every screen and compares.
*/

/** A screen, or a part of one, whose keys are looked at together. */
export type ScreenCommands = {
	readonly name: string;
	readonly commands: readonly CommandId[];
	/** It lies over a screen and takes all keys. */
	readonly isOverlay?: true;
};

const moves = ['up', 'down', 'pageUp', 'pageDown', 'first', 'last'] as const;
const list = [...moves, 'filter'] as const;
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
			'enterField',
			'edit',
			'open',
			'reload',
			'addOrganization',
			'snapshots',
			'firstSteps',
			'begin',
		],
	},
	{name: 'First steps', commands: [...moves, 'begin', 'skip', 'add']},
	{name: 'Add organization', commands: [...form, 'scopes', ...moves]},
	{name: 'Edit repository', commands: [...moves, 'open', 'edit', 'reload', 'snapshots']},
	{name: 'Snapshots', commands: [...moves, 'open', 'restore', 'verify', 'forget', 'mark']},
	{name: 'Snapshot', commands: [...moves, 'open', 'pullRequests', 'restore']},
	{name: 'Comparison', commands: moves},
	{name: 'Pull requests', commands: [...list, 'enterField', 'open']},
	{name: 'Pull request', commands: moves},
	{name: 'Restore', commands: [...form, ...moves, 'restore', 'cancel']},
	{name: 'Verification', commands: [...moves, 'start', 'cancel']},
	{name: 'Forget', commands: [...moves, 'acceptChange', 'cancel', 'edit', 'remove', 'open']},
	{
		name: 'Additional credentials',
		commands: [...list, 'enterField', 'add', 'edit', 'check', 'remove'],
	},
	{name: 'Add new, Edit credential', commands: [...form, 'scopes', ...moves]},
	{
		name: 'Plans',
		commands: [...list, 'enterField', 'add', 'edit', 'open', 'run', 'remove'],
	},
	{name: 'Edit backup plan', commands: form},
	{name: 'Advanced settings', commands: [...form, 'all', 'none']},
	{
		name: 'Run',
		commands: [...list, 'enterField', 'pause', 'follow', 'cancel', 'detach', 'open', 'problems'],
	},
	{name: 'Runs', commands: [...list, 'enterField', 'open', 'reload']},
	{name: 'Settings', commands: [...list, 'enterField', 'reload']},
	{name: 'A question', commands: questionCommands, isOverlay: true},
	{name: 'The help', commands: helpCommands, isOverlay: true},
];
