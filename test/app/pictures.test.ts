import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {drawScreens} from '../../scripts/pictures/draw-screens.ts';

const root = new URL('../../', import.meta.url);

test('pictures: those of the documentation and the golden screens are what the screens look like now', async () => {
	for (const {path, contents} of await drawScreens()) {
		const kept = await readFile(new URL(path, root), 'utf8').catch(() => '');
		assert.equal(
			contents,
			kept,
			`${path} is out of date: look at it, then make it anew with npm run pictures`,
		);
	}
});
