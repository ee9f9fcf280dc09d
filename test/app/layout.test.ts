import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {frameLayout, listWindow, runLayout, tilesLayout} from '../../source/app/layout.ts';

const sizes: ReadonlyArray<{
	readonly columns: number;
	readonly rows: number;
	readonly tiles: readonly [across: number, down: number];
	readonly list: number;
}> = [
	{columns: 40, rows: 12, tiles: [1, 1], list: 0},
	{columns: 80, rows: 24, tiles: [2, 3], list: 19},
	{columns: 120, rows: 40, tiles: [3, 5], list: 28},
	{columns: 200, rows: 60, tiles: [5, 9], list: 28},
];

for (const {columns, rows, tiles, list} of sizes) {
	test(`layout: ${columns}x${rows} shows ${tiles[0]} by ${tiles[1]} tiles`, () => {
		const {body, isTooSmall} = frameLayout({columns, rows});
		assert.equal(isTooSmall, false);
		const layout = tilesLayout(body);
		assert.deepEqual([layout.tilesAcross, layout.tilesDown], tiles);
		assert.equal(layout.listWidth, list);
		assert.ok(layout.listWidth + layout.tilesAcross * (layout.tileWidth + 1) <= body.columns + 1);
		assert.ok(layout.tilesDown * layout.tileHeight <= Math.max(body.rows, layout.tileHeight));
	});
}

test('layout: below 40x12 nothing is drawn but that', () => {
	assert.equal(frameLayout({columns: 39, rows: 24}).isTooSmall, true);
	assert.equal(frameLayout({columns: 80, rows: 11}).isTooSmall, true);
});

test('layout: a run fits its body at any size, with at least one line for accounts and one for repositories', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 38, max: 300}),
			fc.integer({min: 8, max: 100}),
			fc.integer({min: 1, max: 60}),
			(columns, rows, lines) => {
				const layout = runLayout({columns, rows}, lines);
				assert.ok(layout.accountRows >= 1 && layout.listRows >= 1);
				assert.ok(layout.accountRows + layout.listRows + 3 <= rows);
				assert.ok(layout.accountRows <= lines);
				assert.ok(layout.barWidth >= 4);
			},
		),
	);
});

test('list window: the cursor is always in it, with a margin where there is room, and no row is wasted', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 0, max: 500}),
			fc.nat({max: 499}),
			fc.integer({min: 1, max: 60}),
			fc.nat({max: 499}),
			(length, wanted, height, first) => {
				const cursor = Math.min(wanted, Math.max(0, length - 1));
				const shown = listWindow({length, cursor, height, first});
				assert.equal(shown.count, Math.min(height, length));
				assert.ok(shown.first >= 0 && shown.first + shown.count <= length);
				if (length > 0) {
					assert.ok(cursor >= shown.first && cursor < shown.first + shown.count);
				}

				if (height >= 5 && cursor >= 2 && cursor < length - 2) {
					assert.ok(cursor - shown.first >= 2 && shown.first + shown.count - 1 - cursor >= 2);
				}
			},
		),
	);
});
