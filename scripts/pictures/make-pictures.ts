import {mkdir, writeFile} from 'node:fs/promises';
import {drawPictures} from './draw-pictures.ts';

/** Writes the pictures that README and documentation show. */
const folder = new URL('../../documentation/screens/', import.meta.url);
await mkdir(folder, {recursive: true});
for (const {name, svg} of await drawPictures()) {
	await writeFile(new URL(`${name}.svg`, folder), svg);
}
