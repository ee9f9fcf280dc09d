import type {Restored} from '../actions/restore.ts';
import {restoredCounts, restoredHeadline, restoreStageNames} from '../actions/restored-text.ts';
import type {RestoreProgress, RestoreStage} from '../backup/restore/restore-progress.ts';
import {countOf, formatNumber} from '../runs/amounts.ts';
import type {Clock} from '../system/clock.ts';
import {sanitize} from '../system/sanitize.ts';

/** Between two lines about the same stage. */
const millisecondsBetween = 2000;

/** Tells in lines how far a restore is: when a stage begins, and every other second while it goes on. */
export function createRestoreProgress(
	line: (text: string) => void,
	clock: Pick<Clock, 'elapsed'>,
): RestoreProgress {
	let last: RestoreStage | undefined;
	let toldAt = 0;
	return (stage, done, total, unit) => {
		const now = clock.elapsed();
		if (stage === last && now - toldAt < millisecondsBetween) {
			return;
		}

		const amount = `${formatNumber(total)} ${unit}`;
		line(`${restoreStageNames[stage]}: ${stage === last ? `${formatNumber(done)} of ` : ''}${amount}`);
		last = stage;
		toldAt = now;
	};
}

/** So many names are listed before the rest is only counted. */
const shownNames = 20;

/** Said before anything is written over. */
export function overwriteLines(names: readonly string[]): readonly string[] {
	return [
		`${countOf(names.length, 'ref')} of the repository ${names.length === 1 ? 'is' : 'are'} written over:`,
		...shorten(names.map(name => `  ${sanitize(name)}`)),
	];
}

/** What a restore came to, in lines. */
export function restoreLines(restored: Restored): readonly string[] {
	const {to, metadata, problems, notes} = restored;
	const counts = restoredCounts(restored);
	return [
		restoredHeadline(restored),
		...(counts === '' ? [] : [counts]),
		...(metadata === null || metadata === to ? [] : [`Metadata: ${sanitize(metadata)}`]),
		...shorten(problems.map(problem => `Missing: ${sanitize(problem)}`)),
		...shorten(notes.map(note => `Note: ${sanitize(note)}`)),
	];
}

function shorten(lines: readonly string[]): readonly string[] {
	const more = lines.length - shownNames;
	return more > 0 ? [...lines.slice(0, shownNames), `  … and ${more} more (--json lists all)`] : lines;
}
