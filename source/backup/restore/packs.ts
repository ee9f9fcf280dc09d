import {readdir} from 'node:fs/promises';
import {join} from 'node:path';

/** The packs that a repository has now, as one text to compare. */
export async function packsOf(gitDirectory: string): Promise<string> {
	const names = await readdir(join(gitDirectory, 'objects', 'pack'));
	return names
		.filter(name => name.endsWith('.pack'))
		.sort()
		.join('\n');
}
