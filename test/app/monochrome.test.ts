import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {drawScreen, textOf} from '../../scripts/pictures/draw-screen.ts';
import {screens} from '../../scripts/pictures/draw-screens.ts';

/* The same screens where there are no colours, and where there is nothing but ASCII. */

// What colours the output looks at this once, when it is loaded: not before here.
process.env['FORCE_COLOR'] = '0';
process.env['TZ'] = 'UTC';

/** Screens on which nothing is selected. */
const withoutCursor = ['first-use', 'settings', 'help'];

const size = {columns: 80, rows: 24} as const;

for (const screen of screens) {
	test(`monochrome: ${screen.title} says the same without colours, which are not written at all`, async () => {
		const text = await drawScreen(screen, size, terminal => {
			for (let row = 0; row < size.rows; row += 1) {
				const line = terminal.model.buffer.active.getLine(row);
				for (let column = 0; column < size.columns; column += 1) {
					const cell = line?.getCell(column);
					assert.ok(cell?.isAttributeDefault(), `a look at ${column}, ${row}`);
				}
			}

			return textOf(terminal);
		});
		const golden = new URL(`../../fixtures/screens/${screen.name}-80x24.txt`, import.meta.url);
		assert.equal(text, await readFile(golden, 'utf8'));
		if (!withoutCursor.includes(screen.name)) {
			assert.match(text, /^.> |[┃│] > /m, 'what is selected has a sign of its own');
		}
	});

	test(`ascii: ${screen.title} is drawn with ASCII alone`, async () => {
		const text = await drawScreen(screen, {...size, isAscii: true}, textOf);
		assert.match(text, /^[\u0000-\u007f]*$/);
	});
}
