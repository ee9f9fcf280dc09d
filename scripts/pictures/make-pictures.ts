import {mkdir, writeFile} from 'node:fs/promises';
import {drawScreens} from './draw-screens.ts';

/** Writes the pictures that README and documentation show, and the texts of screens that tests compare. */
const root = new URL('../../', import.meta.url);
for (const {path, contents} of await drawScreens()) {
	const file = new URL(path, root);
	await mkdir(new URL('.', file), {recursive: true});
	await writeFile(file, contents);
}
