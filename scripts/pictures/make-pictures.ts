import {mkdir, writeFile} from 'node:fs/promises';
import {describeKeys} from '../keys/describe-keys.ts';
import {drawScreens} from './draw-screens.ts';

/** Writes the pictures that README and documentation show, the texts of screens that tests compare, and the tables of keys. */
const root = new URL('../../', import.meta.url);
for (const {path, contents} of [...(await drawScreens()), ...(await describeKeys())]) {
	const file = new URL(path, root);
	await mkdir(new URL('.', file), {recursive: true});
	await writeFile(file, contents);
}
