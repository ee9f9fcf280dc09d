import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {CommandId} from '../../source/app/input/commands.ts';
import {tileMoves} from '../../source/app/screens/devops/moves.ts';

/** Seven tiles, three across, two rows in sight: 0 1 2 / 3 4 5 / 6. */
function moved(position: number, command: CommandId): number | 'left the tiles' {
	let result: number | 'left the tiles' = position;
	const commands = tileMoves({
		position,
		count: 7,
		layout: {tilesAcross: 3, tilesDown: 2},
		select: index => {
			result = index;
		},
		leave: () => {
			result = 'left the tiles';
		},
	});
	commands.find(({id}) => id === command)?.run();
	return result;
}

const table: ReadonlyArray<readonly [number, CommandId, number | 'left the tiles']> = [
	[0, 'right', 1],
	[2, 'right', 3],
	[6, 'right', 6],
	[1, 'left', 0],
	[0, 'left', 'left the tiles'],
	[3, 'left', 'left the tiles'],
	[0, 'down', 3],
	[5, 'down', 6],
	[6, 'down', 6],
	[4, 'up', 1],
	[1, 'up', 1],
	[0, 'pageDown', 6],
	[6, 'pageUp', 0],
	[3, 'first', 0],
	[3, 'last', 6],
];

for (const [position, command, expected] of table) {
	test(`tiles: ${command} from ${position} of seven leads to ${expected}`, () => {
		assert.equal(moved(position, command), expected);
	});
}
