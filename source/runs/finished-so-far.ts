import {createReadStream} from 'node:fs';
import {createLineSplitter, parseJournalLine} from './journal-lines.ts';

/** Repositories that a run has finished, by what came of them. */
export type FinishedCounts = {
	readonly backedUp: number;
	readonly unchanged: number;
	readonly partial: number;
	readonly failed: number;
};

const countOf = {
	'backed-up': 'backedUp',
	unchanged: 'unchanged',
	partial: 'partial',
	failed: 'failed',
} as const;

/**
Counts the repositories that a journal says are finished, of a run that has not ended. The journal is read whole, but only the lines that matter
are understood: most tell of quotas.

@throws the file system's error where it cannot be read.
*/
export async function countFinishedSoFar(journal: string): Promise<FinishedCounts> {
	const counts = {backedUp: 0, unchanged: 0, partial: 0, failed: 0};
	const splitter = createLineSplitter();
	for await (const bytes of createReadStream(journal)) {
		for (const line of splitter.add(bytes as Buffer)) {
			const event = line.includes('"repository-finished"') ? parseJournalLine(line) : undefined;
			if (event?.type === 'repository-finished') {
				counts[countOf[event.status]] += 1;
			}
		}
	}

	return counts;
}
