import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {runGitIn} from './upstream-repository.ts';

/**
Gives a bare repository so many commits without parents, each with a child, in one process.

@returns the ids of the commits, and of their children.
*/
export function importCommits(
	folder: string,
	count: number,
): {readonly roots: readonly string[]; readonly children: readonly string[]} {
	const commits = Array.from({length: count}, (_, index) => {
		const commit = (mark: number, from: string): string =>
			`commit refs/heads/import\nmark :${mark}\ncommitter Ada <ada@example.com> ${1_700_000_000 + mark} +0000\ndata <<.\n${mark}\n.\n${from}\n`;
		const mark = 2 * index + 1;
		return `reset refs/heads/import\n${commit(mark, '')}${commit(mark + 1, `from :${mark}\n`)}`;
	});
	const marks = join(folder, 'marks');
	runGitIn(folder, ['fast-import', '--quiet', '--force', `--export-marks=${marks}`], commits.join(''));
	runGitIn(folder, ['update-ref', '-d', 'refs/heads/import']);
	const ids = readFileSync(marks, 'utf8')
		.trimEnd()
		.split('\n')
		.map(line => /^:(\d+) ([0-9a-f]+)$/.exec(line) ?? [])
		.sort(([, left], [, right]) => Number(left) - Number(right))
		.map(([, , id = '']) => id);
	return {
		roots: ids.filter((_, index) => index % 2 === 0),
		children: ids.filter((_, index) => index % 2 === 1),
	};
}

/** Gives a bare repository these refs and no others, in any number. */
export function writeRefs(folder: string, refs: ReadonlyMap<string, string>): void {
	const lines = [...refs].sort(([left], [right]) => (left < right ? -1 : 1));
	writeFileSync(join(folder, 'packed-refs'), lines.map(([name, id]) => `${id} ${name}\n`).join(''));
}
