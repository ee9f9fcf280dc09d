import {writeFile} from 'node:fs/promises';
import {describeKeys} from './describe-keys.ts';

/** Writes the tables of keys alone. */
for (const {path, contents} of await describeKeys()) {
	await writeFile(new URL(`../../${path}`, import.meta.url), contents);
}
