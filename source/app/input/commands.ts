/*
Every key that does something, in one table: the footer, the help and the documentation are made of it. A screen says
which of these commands it has and what they do there.
*/

export type CommandDescription = {
	/** Keys that call it, by name; the first one is shown. */
	readonly keys: readonly string[];
	/** In the footer. */
	readonly label: string;
	/** In the help, as a sentence. */
	readonly description: string;
	/** It changes or removes something: not there in read-only mode. */
	readonly changes?: true;
	/** Works as well while text is typed. */
	readonly whileTyping?: true;
	/** Not in the footer. */
	readonly quiet?: true;
};

export const commandTable = {
	up: {keys: ['up', 'k'], label: 'up', description: 'Move up.', quiet: true},
	down: {keys: ['down', 'j'], label: 'down', description: 'Move down.', quiet: true},
	left: {keys: ['left', 'h'], label: 'left', description: 'Move left.', quiet: true},
	right: {keys: ['right', 'l'], label: 'right', description: 'Move right.', quiet: true},
	pageUp: {keys: ['page-up'], label: 'page up', description: 'Move one page up.', quiet: true},
	pageDown: {keys: ['page-down'], label: 'page down', description: 'Move one page down.', quiet: true},
	first: {keys: ['g', 'home'], label: 'first', description: 'Go to the first entry.', quiet: true},
	last: {keys: ['G', 'end'], label: 'last', description: 'Go to the last entry.', quiet: true},
	save: {
		keys: ['ctrl-s'],
		label: 'Save',
		description: 'Save what was entered.',
		changes: true,
		whileTyping: true,
	},
	nextField: {keys: ['tab', 'down'], label: 'next', description: 'Go to the next field.', whileTyping: true},
	previousField: {
		keys: ['shift-tab', 'up'],
		label: 'previous',
		description: 'Go to the field before.',
		whileTyping: true,
		quiet: true,
	},
	enterField: {
		keys: ['enter'],
		label: 'enter',
		description: 'Open the field, or go to the next one.',
		whileTyping: true,
		quiet: true,
	},
	toggle: {keys: ['space'], label: 'switch', description: 'Switch it on or off.', changes: true},
	open: {keys: ['enter'], label: 'open', description: 'Open what is selected.'},
	edit: {keys: ['e'], label: 'Edit', description: 'Edit what is selected.'},
	add: {keys: ['a'], label: 'Add new', description: 'Add a new one.', changes: true},
	addOrganization: {
		keys: ['o'],
		label: 'organization',
		description: 'Connect a Bitbucket workspace.',
		changes: true,
	},
	check: {keys: ['c'], label: 'check', description: 'Ask Bitbucket about the credential.'},
	remove: {keys: ['d'], label: 'remove', description: 'Remove what is selected (asks first).', changes: true},
	run: {keys: ['r'], label: 'Run now', description: 'Run the plan now.', changes: true},
	reload: {keys: ['r'], label: 'reload', description: 'Read everything anew.'},
	all: {keys: ['a'], label: 'all', description: 'Switch all of them on.', changes: true},
	none: {keys: ['n'], label: 'none', description: 'Switch all of them off.', changes: true},
	pause: {
		keys: ['p'],
		label: 'pause',
		description: 'Pause the run, or let a paused one go on.',
		changes: true,
	},
	cancel: {
		keys: ['x'],
		label: 'cancel',
		description: 'Cancel what is under way (asks first).',
		changes: true,
	},
	detach: {keys: ['d'], label: 'detach', description: 'Leave the view; the run goes on.'},
	follow: {
		keys: ['f'],
		label: 'follow',
		description: 'The cursor goes with what is at work, until it is moved.',
	},
	problems: {keys: ['tab'], label: 'problems', description: 'Show the problems, or the repositories again.'},
	snapshots: {keys: ['s'], label: 'Snapshots', description: 'Show the snapshots of its backup.'},
	workspace: {
		keys: ['w'],
		label: 'workspace',
		description: "Show the backups of the workspace's own data and of its snippets.",
	},
	files: {
		keys: ['f'],
		label: 'files',
		description: 'Read the files of the snapshot: settings, members, projects …',
	},
	mark: {
		keys: ['m'],
		label: 'mark',
		description: 'Mark a snapshot, then another one: what changed between the two.',
	},
	pullRequests: {keys: ['p'], label: 'pull requests', description: 'Read the pull requests that were saved.'},
	restore: {keys: ['r'], label: 'Restore', description: 'Get a snapshot back.', changes: true},
	verify: {
		keys: ['v'],
		label: 'verify',
		description: 'Read the backup on disk and compare every byte.',
		changes: true,
	},
	forget: {
		keys: ['f'],
		label: 'forget',
		description: "Remove old snapshots by the plan's rules (shows and asks first).",
		changes: true,
	},
	acceptChange: {
		keys: ['c'],
		label: 'accept change',
		description: 'Let the rules hold again after a mass change upstream (asks first).',
		changes: true,
	},
	start: {keys: ['enter'], label: 'start', description: 'Begin.', changes: true},
	filter: {keys: ['/'], label: 'filter', description: 'Show only what contains a text.'},
	endFilter: {
		keys: ['enter'],
		label: 'keep',
		description: 'Keep what was typed, and go to what is left or was found.',
		whileTyping: true,
	},
	search: {keys: ['/'], label: 'search', description: 'Search the text from here on.'},
	nextHit: {keys: ['n'], label: 'next', description: 'Go to the next place where it was found.'},
	previousHit: {
		keys: ['N'],
		label: 'previous',
		description: 'Go to the place before where it was found.',
	},
	scopes: {
		keys: ['ctrl-o'],
		label: 'scopes',
		description: 'What to tick when a token is made, and what each scope is for.',
		whileTyping: true,
	},
	begin: {keys: ['enter'], label: 'do this step', description: 'Do the step that is next.', changes: true},
	skip: {keys: ['s'], label: 'skip', description: 'Leave this step out; it can be done at any time.'},
	firstSteps: {keys: ['n'], label: 'next step', description: 'What is still to do for the first backup.'},
	unlock: {
		keys: ['enter'],
		label: 'unlock',
		description: 'Open the vault with the passphrase.',
		whileTyping: true,
	},
	switchOff: {keys: ['d'], label: 'off', description: 'Switch it off (asks first).', changes: true},
	test: {
		keys: ['t'],
		label: 'test',
		description: 'Send a test notification, as a run would at its end.',
		changes: true,
	},
	tabDevops: {keys: ['1'], label: 'DevOps', description: 'Go to DevOps.', quiet: true},
	tabPlans: {keys: ['2'], label: 'Plans', description: 'Go to Plans.', quiet: true},
	tabRuns: {keys: ['3'], label: 'Runs', description: 'Go to Runs.', quiet: true},
	tabSettings: {keys: ['4'], label: 'Settings', description: 'Go to Settings.', quiet: true},
	back: {
		keys: ['escape'],
		label: 'back',
		description: 'Close what is open, or go one level back. Never quits.',
		whileTyping: true,
	},
	redraw: {
		keys: ['ctrl-l'],
		label: 'redraw',
		description: 'Draw the screen anew.',
		whileTyping: true,
		quiet: true,
	},
	suspend: {
		keys: ['ctrl-z'],
		label: 'suspend',
		description: 'Back to the shell; fg returns.',
		whileTyping: true,
		quiet: true,
	},
	chooseAnswer: {
		keys: ['left', 'right', 'tab', 'shift-tab', 'h', 'l'],
		label: 'choose',
		description: 'Go to the other answer of a question.',
	},
	answer: {keys: ['enter'], label: 'answer', description: 'Give the answer that is in focus.'},
	closeHelp: {keys: ['?', 'f1', 'q', 'enter'], label: 'close', description: 'Close the help.'},
	help: {keys: ['?', 'f1'], label: 'help', description: 'Show the keys of this screen.'},
	quit: {keys: ['q', 'ctrl-c'], label: 'quit', description: 'Quit. Runs go on by themselves.'},
} as const satisfies Readonly<Record<string, CommandDescription>>;

export type CommandId = keyof typeof commandTable;

/** A command as a screen has it. */
export type Command = {
	readonly id: CommandId;
	readonly run: () => void;
	/** Says what it is called here, where that differs: `Add plan`. */
	readonly label?: string | undefined;
	/** What it does here, where the table's sentence would not be true. */
	readonly description?: string | undefined;
	/** Why it can't be used now; it is shown then, and does nothing but say so. */
	readonly unavailable?: string | undefined;
};

/** How a key is written for people. */
export function keyLabel(name: string): string {
	const special: Readonly<Record<string, string>> = {
		enter: 'Enter',
		escape: 'Esc',
		tab: 'Tab',
		'shift-tab': 'Shift-Tab',
		space: 'Space',
		up: '↑',
		down: '↓',
		left: '←',
		right: '→',
		'page-up': 'PgUp',
		'page-down': 'PgDn',
		f1: 'F1',
		delete: 'Del',
		backspace: 'Backspace',
		home: 'Home',
		end: 'End',
	};
	const control = /^ctrl-(.)$/.exec(name)?.[1];
	return special[name] ?? (control === undefined ? name : `Ctrl-${control.toUpperCase()}`);
}

/** The key to name in a text for a command. */
export function keyOf(keyMap: KeyMap, id: CommandId): string {
	return keyLabel(keyMap[id][0] ?? '');
}

export function describe(id: CommandId): CommandDescription {
	return commandTable[id];
}

/** The keys of every command, by name; the first one is shown. */
export type KeyMap = Readonly<Record<CommandId, readonly string[]>>;

/** The keys as the table has them, before a user's own are laid over them. */
export const defaultKeyMap = Object.fromEntries(
	Object.entries(commandTable).map(([id, {keys}]) => [id, keys]),
) as unknown as KeyMap;

/** The first of some commands that a key calls. While text is typed, only those count that are made for it. */
export function commandForKey(
	commands: readonly Command[],
	key: string,
	isTyping: boolean,
	keyMap: KeyMap = defaultKeyMap,
): Command | undefined {
	return commands.find(({id}) => keysNow(id, isTyping, keyMap).includes(key));
}

/** The keys that call a command now: while text is typed, what types nothing quits and helps all the same. */
export function keysNow(id: CommandId, isTyping: boolean, keyMap: KeyMap = defaultKeyMap): readonly string[] {
	return !isTyping || describe(id).whileTyping === true
		? keyMap[id]
		: keyMap[id].filter(key => /^(?:ctrl-|f\d)/.test(key));
}
