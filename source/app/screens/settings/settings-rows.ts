import type {SettingsFact} from '../../../actions/settings.ts';
import type {DisplayFacts} from '../../display.ts';
import {type CommandId, commandTable, defaultKeyMap, describe, keyLabel} from '../../input/commands.ts';
import type {LoadedKeys} from '../../input/key-map-file.ts';

/** Everything that the settings show, as lines in their sections. */
export function settingsRows({
	facts,
	keys,
	display,
	isReadOnly,
}: {
	readonly facts: readonly SettingsFact[];
	readonly keys: LoadedKeys;
	readonly display: DisplayFacts;
	readonly isReadOnly: boolean;
}): readonly SettingsFact[] {
	const shown = 'Display';
	return [
		...facts,
		...display.facts.map(({name, value, because}) => ({
			section: shown,
			name,
			value: `${value} (${because})`,
		})),
		{
			section: shown,
			name: 'Changes',
			value: isReadOnly ? 'hidden (--read-only)' : 'allowed (--read-only hides what changes something)',
		},
		...keyFacts(keys),
	];
}

/** The key map: where one's own keys are written, whether they hold, and every command with its keys. */
function keyFacts({path, keyMap, changed, problem}: LoadedKeys): readonly SettingsFact[] {
	const section = 'Keys';
	const ids = Object.keys(commandTable) as CommandId[];
	return [
		{
			section,
			name: 'Your own',
			value:
				changed.length === 0 ? `none; written as {"run": "R"} into ${path}, read on start` : `from ${path}`,
		},
		...(problem === undefined ? [] : [{section, name: 'Not used', value: problem, isProblem: true as const}]),
		...ids.map(id => {
			const labels = keyMap[id].map(keyLabel).join(' ');
			const usual = changed.includes(id) ? `, usually ${defaultKeyMap[id].map(keyLabel).join(' ')}` : '';
			return {section, name: id, value: `${labels}${usual}: ${describe(id).description}`};
		}),
	];
}
