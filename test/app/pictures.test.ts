import assert from 'node:assert/strict';
import {readdir, readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {test} from 'node:test';
import {drawScreens, screens} from '../../scripts/pictures/draw-screens.ts';

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

test('pictures: the documentation shows each of them, and none that is not there', async () => {
	const pages = await Promise.all(
		['README.md', 'documentation/app.md'].map(
			async path => [path, await readFile(new URL(path, root), 'utf8')] as const,
		),
	);
	const kept = new Set(await readdir(new URL('documentation/screens/', root)));
	const shown = new Set<string>();
	for (const [path, text] of pages) {
		for (const [, address = ''] of text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)) {
			const picture = new URL(address, new URL(path, root));
			assert.match(picture.pathname, /\/documentation\/screens\/[^/]+\.svg$/, `${path} shows ${address}`);
			shown.add(basename(picture.pathname));
		}
	}

	assert.deepEqual([...shown].sort(), [...kept].sort());
	assert.deepEqual([...kept].sort(), screens.map(({name}) => `${name}.svg`).sort());
});
