import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {drawPictures} from '../../scripts/pictures/draw-pictures.ts';

test('pictures: those of the documentation are what the screens look like now', async () => {
	for (const {name, svg} of await drawPictures()) {
		const path = new URL(`../../documentation/screens/${name}.svg`, import.meta.url);
		const kept = await readFile(path, 'utf8').catch(() => '');
		assert.equal(
			svg,
			kept,
			`documentation/screens/${name}.svg is out of date: npm run pictures makes it anew`,
		);
	}
});
