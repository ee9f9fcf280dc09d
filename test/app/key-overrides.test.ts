import assert from 'node:assert/strict';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	type CommandId,
	commandForKey,
	commandTable,
	defaultKeyMap,
	describe,
} from '../../source/app/input/commands.ts';
import {loadKeys} from '../../source/app/input/key-map-file.ts';
import {parseKeyOverrides} from '../../source/app/input/key-overrides.ts';
import {commonCommands, screenCommands} from '../../source/app/input/screen-commands.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';

const parse = (value: unknown) => parseKeyOverrides(JSON.stringify(value));

const accepted: ReadonlyArray<readonly [Record<string, unknown>, CommandId, readonly string[]]> = [
	[{}, 'run', ['r']],
	[{run: 'R'}, 'run', ['R']],
	[{remove: ['D', 'delete']}, 'remove', ['D', 'delete']],
	[{save: 'ctrl-w'}, 'save', ['ctrl-w']],
	// What must always work stays beside the user's own.
	[{quit: 'Q'}, 'quit', ['Q', 'ctrl-c']],
	[{back: 'ctrl-g'}, 'back', ['ctrl-g', 'escape']],
	[{open: ['o', 'enter'], addOrganization: 'O', edit: 'E'}, 'open', ['o', 'enter']],
	// A key may pass from one command to another.
	[{run: 'x', remove: 'r'}, 'remove', ['r']],
];

for (const [given, id, keys] of accepted) {
	test(`own keys: ${JSON.stringify(given)} puts ${id} on ${keys.join(' ')}`, () => {
		assert.deepEqual(parse(given).keyMap[id], keys);
		assert.deepEqual(parse(given).changed, Object.keys(given));
	});
}

const refused: ReadonlyArray<readonly [unknown, RegExp]> = [
	[{runn: 'R'}, /^there is no command "runn"; .*keys\.md$/],
	[{run: 'F13'}, /^"F13" is no key; expected/],
	[{run: ''}, /^"" is no key/],
	[{run: 'ctrl-m'}, /^"ctrl-m" is no key/],
	[{run: '\u001b'}, /is no key/],
	[{run: 'escape'}, /^Esc always means the same/],
	[{run: 'enter'}, /^Enter always means the same/],
	[{run: 'ctrl-c'}, /^Ctrl-C always means the same/],
	[{run: 'a'}, /^"add" and "run" would both be on a in Plans$/],
	[{remove: '?'}, /^"remove" and "help" would both be on \? in /],
	[{save: 's'}, /^"save" works while text is typed/],
	[{back: 'space'}, /^"back" works while text is typed/],
	[{run: []}, /at "run"/],
	[{run: 7}, /at "run": expected commands with their keys/],
	[['r'], /expected commands with their keys/],
	[null, /expected commands with their keys/],
];

for (const [given, sentence] of refused) {
	test(`own keys: ${JSON.stringify(given)} is refused`, () => {
		assert.throws(() => parse(given), {message: sentence});
	});
}

test('own keys: whatever the file holds, Escape, Enter and Ctrl-C do what they always do, and no screen has a key twice', () => {
	const ids = Object.keys(commandTable) as CommandId[];
	const key = fc.constantFrom('escape', 'enter', 'ctrl-c', 'a', 'R', 'ctrl-w', 'space', 'delete', 'f', '7');
	fc.assert(
		fc.property(
			fc.dictionary(fc.constantFrom(...ids), fc.array(key, {minLength: 1, maxLength: 3})),
			given => {
				let keyMap = defaultKeyMap;
				try {
					keyMap = parse(given).keyMap;
				} catch {
					return;
				}

				assert.ok(keyMap.back.includes('escape') && keyMap.quit.includes('ctrl-c'));
				assert.ok(keyMap.open.includes('enter') && keyMap.enterField.includes('enter'));
				for (const {commands, isOverlay} of screenCommands) {
					const all = [...new Set([...commands, ...(isOverlay === true ? [] : commonCommands)])];
					for (const one of all) {
						for (const name of keyMap[one].filter(own => !defaultKeyMap[one].includes(own))) {
							assert.deepEqual(
								all.filter(other => keyMap[other].includes(name)),
								[one],
							);
						}
					}
				}

				for (const id of ids.filter(one => describe(one).whileTyping === true)) {
					assert.ok(keyMap[id].every(name => name !== 'space' && [...name].length > 1));
				}
			},
		),
		{numRuns: 1000},
	);
});

test('own keys: a command is called by the key that the user gave it, and by no other', () => {
	const {keyMap} = parse({run: 'R'});
	const commands = [{id: 'run' as const, run: () => undefined}];
	assert.equal(commandForKey(commands, 'R', false, keyMap)?.id, 'run');
	assert.equal(commandForKey(commands, 'r', false, keyMap), undefined);
});

test('own keys: a file that is missing is none, and one that cannot be used says so in one sentence', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'keys.json');
	assert.deepEqual(await loadKeys(path), {path, keyMap: defaultKeyMap, changed: []});
	await writeFile(path, '{"run": "R"}');
	assert.deepEqual((await loadKeys(path)).changed, ['run']);
	for (const wrong of ['{"run": ', '{"run": "escape"}', 'x'.repeat(1000)]) {
		await writeFile(path, wrong);
		const loaded = await loadKeys(path);
		assert.equal(loaded.keyMap, defaultKeyMap);
		assert.match(loaded.problem ?? '', /^The keys in .*keys\.json are not used, the usual ones hold: .*\.$/);
	}

	await mkdir(join(folder, 'folder.json'));
	assert.equal((await loadKeys(join(folder, 'folder.json'))).keyMap, defaultKeyMap);
});

test('own keys: footer, help and the keys themselves follow the file; what is wrong with it is said on start', async context => {
	const services = createFakeServices();
	const own = {path: '/home/keys.json', ...parse({run: 'R', quit: 'Q'})};
	const app = openApp(context, services, {startAt: {screen: 'plans'}, keys: own});
	await app.waitFor('nightly');
	assert.match(app.rows().at(-1) ?? '', /R Run now .*Q quit/);
	app.type('?');
	await app.waitFor(/R +Run the plan now/);
	app.type('?');
	await app.waitFor('nightly');
	app.type('r');
	await app.settled();
	assert.equal(services.calls.length, 0);
	app.type('R');
	await app.waitFor('used/limit');
	assert.equal(services.calls.at(-1)?.name, 'startRun');

	const problem = 'The keys in /home/keys.json are not used, the usual ones hold: it is not JSON.';
	const usual = {path: '/home/keys.json', keyMap: defaultKeyMap, changed: [], problem};
	const told = openApp(context, createFakeServices(), {startAt: {screen: 'plans'}, keys: usual});
	await told.waitFor('the usual ones hold: it is not JSON.');
	await told.waitFor(/r Run now .*q quit/);
});
