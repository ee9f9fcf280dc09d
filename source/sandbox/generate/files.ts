import type {Random} from '../random.ts';
import type {FileContent} from './history-plan.ts';
import {editSource, newSource, newSourcePath} from './source-text.ts';
import {nouns} from './vocabulary.ts';

/** What the first commit of a repository holds. */
export function firstFiles(
	random: Random,
	name: string,
	language: string,
	count: number,
): Map<string, FileContent> {
	const files = new Map<string, FileContent>([
		[
			'README.md',
			`# ${name}\n\nWork of Acme. Ask in \`#${name}\` before changing the ${random.pick(nouns)} part.\n`,
		],
		['.gitignore', 'node_modules/\nbuild/\n*.log\n'],
		['bin/release.sh', `#!/bin/sh\nset -eu\necho "releasing ${name}"\n`],
		['docs/Übersicht 日本語.md', '# Übersicht\n\nSiehe README. 詳細は後日。\n'],
	]);
	for (let index = 0; index < count; index++) {
		files.set(newSourcePath(random, language, files), newSource(random, language));
	}

	return files;
}

/** One to three files edited, sometimes one added or removed; never nothing. */
export function changeFiles(
	random: Random,
	language: string,
	files: ReadonlyMap<string, FileContent>,
): Map<string, FileContent | null> {
	const changes = new Map<string, FileContent | null>();
	const sources = [...files].filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string' && isSource(entry[0]),
	);
	for (const [path, text] of random.sample(sources, random.integer(1, 3))) {
		changes.set(path, editSource(random, language, text));
	}

	if (changes.size === 0 || random.chance(0.2)) {
		changes.set(newSourcePath(random, language, files), newSource(random, language));
	} else if (sources.length > 12 && random.chance(0.08)) {
		changes.set(random.pick(sources)[0], null);
	}

	return changes;
}

/** Only these are edited: a pointer file or a script must stay what it is. */
function isSource(path: string): boolean {
	return /\.(?:ts|js|java|kt|py|go|rs|tf|sql)$/.test(path);
}
