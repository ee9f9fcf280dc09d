import {readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import type {GitProcess} from '../git-process.ts';
import {fastImportStream} from './fast-import-stream.ts';
import type {HistoryPlan} from './history-plan.ts';

/** Writes the history into a bare repository with one `git fast-import`. Returns what finds the hash of a mark. */
export async function importHistory(
	git: GitProcess,
	gitDirectory: string,
	plan: HistoryPlan,
): Promise<(mark: number) => string> {
	const marksFile = path.join(gitDirectory, 'sandbox-marks');
	await git.run(
		gitDirectory,
		['fast-import', '--quiet', '--done', '--force', `--export-marks=${marksFile}`],
		{
			input: fastImportStream(plan),
		},
	);
	const marks = new Map<number, string>();
	for (const line of (await readFile(marksFile, 'utf8')).split('\n')) {
		const [mark = '', hash] = line.split(' ');
		if (hash) {
			marks.set(Number(mark.slice(1)), hash);
		}
	}

	await rm(marksFile);
	return mark => {
		const hash = marks.get(mark);
		if (hash === undefined) {
			throw new Error(`git fast-import knows no mark ${mark}.`);
		}

		return hash;
	};
}
