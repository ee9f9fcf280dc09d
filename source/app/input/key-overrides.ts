import * as z from 'zod';
import {type CommandId, commandTable, defaultKeyMap, describe, type KeyMap, keyLabel} from './commands.ts';
import {commonCommands, screenCommands} from './screen-commands.ts';

/** A user's own keys by command: `{"run": "R", "remove": ["D", "delete"]}`. They take the place of the usual ones. */
const KeyOverridesSchema = z.record(
	z.string(),
	z.union([z.string(), z.array(z.string()).min(1, 'expected at least one key')]),
	{error: 'expected commands with their keys, for example {"run": "R"}'},
);

/** Keys that mean the same wherever one is: nobody can be locked into a screen, or out of a form. */
const fixedKeys: readonly string[] = ['escape', 'enter', 'ctrl-c', 'up', 'down', 'left', 'right'];

const namedKeys: readonly string[] = [
	...fixedKeys,
	'tab',
	'shift-tab',
	'space',
	'page-up',
	'page-down',
	'home',
	'end',
	'delete',
	'f1',
];

/** Terminals send these four as Tab, Enter and Backspace. */
const ambiguousControls: readonly string[] = ['ctrl-h', 'ctrl-i', 'ctrl-j', 'ctrl-m'];

export type KeyOverrides = {
	readonly keyMap: KeyMap;
	/** Commands whose keys are not the usual ones. */
	readonly changed: readonly CommandId[];
};

export const noOverrides: KeyOverrides = {keyMap: defaultKeyMap, changed: []};

/**
The keys with a user's own laid over the usual ones.

@param text What the file holds, as JSON.
@throws Error that says in a sentence's rest what is wrong, so that the usual keys hold: an unknown command or key, a key that
always means something else, two commands of one screen on one key.
*/
export function parseKeyOverrides(text: string): KeyOverrides {
	const given = parsed(text);
	const own = Object.entries(given).map(([id, keys]): readonly [CommandId, readonly string[]] => {
		if (!Object.hasOwn(commandTable, id)) {
			throw new Error(`there is no command "${id}"; those that there are stand in documentation/keys.md`);
		}

		return [id as CommandId, ownKeys(id as CommandId, typeof keys === 'string' ? [keys] : keys)];
	});
	const keyMap: KeyMap = {...defaultKeyMap, ...Object.fromEntries(own)};
	refuseRivals(keyMap);
	return {keyMap, changed: own.map(([id]) => id)};
}

function parsed(text: string): Readonly<Record<string, string | readonly string[]>> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Error('it is not JSON; expected for example {"run": "R"}');
	}

	const result = KeyOverridesSchema.safeParse(value);
	if (result.success) {
		return result.data;
	}

	const [issue] = result.error.issues;
	const where = issue?.path.length ? ` at "${issue.path.join('.')}"` : '';
	throw new Error(`it is not valid${where}: expected commands with their keys, for example {"run": "R"}`);
}

/** What a command has from now on: the user's keys, and those that cannot be taken away from it. */
function ownKeys(id: CommandId, keys: readonly string[]): readonly string[] {
	const usual = defaultKeyMap[id];
	for (const key of keys) {
		if (!isKey(key)) {
			throw new Error(
				`"${key}" is no key; expected a character, ctrl-a to ctrl-z, or one of ${namedKeys.join(', ')}`,
			);
		}

		if (fixedKeys.includes(key) && !usual.includes(key)) {
			throw new Error(`${keyLabel(key)} always means the same and cannot be given to "${id}"`);
		}

		if (describe(id).whileTyping === true && isText(key)) {
			throw new Error(
				`"${id}" works while text is typed, so that it cannot be on ${keyLabel(key)}; expected ctrl- and a letter`,
			);
		}
	}

	return [...new Set([...keys, ...usual.filter(key => fixedKeys.includes(key))])];
}

function isKey(key: string): boolean {
	return (
		namedKeys.includes(key) ||
		(/^ctrl-[a-z]$/.test(key) && !ambiguousControls.includes(key)) ||
		(/^[^\p{C}\p{Z}]$/u.test(key) && [...key].length === 1)
	);
}

function isText(key: string): boolean {
	return key === 'space' || [...key].length === 1;
}

/** @throws Error where two commands of one screen have come onto one key. */
function refuseRivals(keyMap: KeyMap): void {
	for (const {name, commands, isOverlay} of screenCommands) {
		const all = [...new Set([...commands, ...(isOverlay === true ? [] : commonCommands)])];
		for (const [index, one] of all.entries()) {
			for (const other of all.slice(index + 1)) {
				// Those that share a key by default are never there at the same time.
				const shared = keyMap[one].find(
					key =>
						keyMap[other].includes(key) &&
						!(defaultKeyMap[one].includes(key) && defaultKeyMap[other].includes(key)),
				);
				if (shared !== undefined) {
					throw new Error(`"${one}" and "${other}" would both be on ${keyLabel(shared)} in ${name}`);
				}
			}
		}
	}
}
