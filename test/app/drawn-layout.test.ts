import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {frameLayout, type Rectangle, tileRectangles, tilesLayout} from '../../source/app/layout.ts';
import {createFakeServices, repositories} from './fake-services.ts';
import {openApp} from './open-app.ts';

/** The parts of DevOps at a size: Title, Way, what was just said, keys; in the body organizations and tiles. */
function draw(columns: number, rows: number, count: number): string {
	const {areas, body} = frameLayout({columns, rows});
	const layout = tilesLayout(body);
	const grid = Array.from({length: rows}, () => Array.from({length: columns}, () => ' '));
	const fill = ({x, y, ...size}: Rectangle, sign: string): void => {
		for (let row = y; row < y + size.rows; row += 1) {
			for (let column = x; column < x + size.columns; column += 1) {
				const line = grid[row];
				assert.equal(
					line?.[column],
					sign === '.' ? ' ' : line?.[column] === '.' ? '.' : ' ',
					`${sign} at ${column}, ${row}`,
				);
				if (line !== undefined) {
					line[column] = sign;
				}
			}
		}
	};
	fill(areas.title, 'T');
	fill(areas.crumbs, 'W');
	fill(areas.body, '.');
	fill(areas.flash, 'S');
	fill(areas.footer, 'K');
	if (layout.listWidth > 0) {
		fill({x: areas.body.x, y: areas.body.y, columns: layout.listWidth, rows: body.rows}, 'o');
	}

	for (const [index, tile] of tileRectangles(layout, areas.body, count).entries()) {
		fill(tile, String.fromCharCode(97 + index));
	}

	return grid.map(line => line.join('')).join('\n');
}

test('drawn layout: DevOps at 40x12', () => {
	assert.equal(
		draw(40, 12, 9),
		`
TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT
WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW
 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 
 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 
 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 
 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 
 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 
 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 
 ...................................... 
 ...................................... 
SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS
KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK`.slice(1),
	);
});

test('drawn layout: DevOps at 80x24', () => {
	const list = 'ooooooooooooooooooo';
	const tiles = (left: string, right: string): string =>
		` ${list}${left.repeat(28)}.${right.repeat(28)}.. `.slice(0, 80);
	const pair = (left: string, right: string): readonly string[] =>
		Array.from({length: 6}, () => tiles(left, right));
	assert.deepEqual(draw(80, 24, 9).split('\n'), [
		'T'.repeat(80),
		'W'.repeat(80),
		' '.repeat(80),
		...pair('a', 'b'),
		...pair('c', 'd'),
		...pair('e', 'f'),
		` ${list}${'.'.repeat(59)} `,
		'S'.repeat(80),
		'K'.repeat(80),
	]);
});

test('drawn layout: at any size no part lies over another or leaves the screen', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 40, max: 300}),
			fc.integer({min: 12, max: 100}),
			fc.nat({max: 200}),
			(columns, rows, count) => {
				const drawn = draw(columns, rows, count).split('\n');
				assert.equal(drawn.length, rows);
				assert.ok(drawn.every(line => line.length === columns));
			},
		),
		{numRuns: 300},
	);
});

for (const [columns, rows] of [
	[40, 12],
	[80, 24],
	[120, 40],
	[200, 60],
] as const) {
	test(`drawn layout: the real screen at ${columns}x${rows} has its parts where they were reckoned`, async context => {
		const app = openApp(context, createFakeServices(), {columns, rows});
		await app.waitFor('web-frontend');
		await app.settled();
		const cell = (x: number, y: number): string =>
			app.model.buffer.active.getLine(y)?.getCell(x)?.getChars() ?? '';
		const {areas, body} = frameLayout({columns, rows});
		const tiles = tileRectangles(tilesLayout(body), areas.body, repositories.length);
		for (const {x, y, ...size} of tiles) {
			const [right, bottom] = [x + size.columns - 1, y + size.rows - 1];
			const corners = [cell(x, y), cell(right, y), cell(x, bottom), cell(right, bottom)].join('');
			assert.ok(['┌┐└┘', '┏┓┗┛'].includes(corners), `${corners} at ${x}, ${y}`);
		}

		assert.match(app.rows()[areas.title.y] ?? '', /1 DevOps/);
		assert.match(app.rows()[areas.crumbs.y] ?? '', /DevOps › acme/);
		assert.match(app.rows()[areas.footer.y] ?? '', /\? help( {2}q quit)?$/);
	});
}
