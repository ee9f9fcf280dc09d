import type {Random} from '../random.ts';
import type {Blueprint} from './blueprint.ts';
import {changeFiles} from './files.ts';
import type {HistoryBuilder} from './history-builder.ts';
import {dataFiles} from './lfs-data.ts';
import type {People} from './people.ts';
import {phrase} from './phrase.ts';
import {commitSubjects} from './vocabulary.ts';

/** What the steps of a growing history share. */
export type Growth = {
	readonly random: Random;
	readonly builder: HistoryBuilder;
	readonly blueprint: Blueprint;
	readonly people: People;
	/** By full name. */
	readonly refs: Map<string, number>;
	/** Commits that the trunk once ended with, oldest first. */
	readonly trunkMarks: number[];
	readonly lfsObjects: Map<string, Uint8Array>;
};

/** The trunk's newest commit. */
export function tip({trunkMarks}: Growth): number {
	return trunkMarks.at(-1) ?? 0;
}

export function commitToTrunk(growth: Growth): void {
	const {random, builder, blueprint, people, trunkMarks, lfsObjects} = growth;
	const parent = tip(growth);
	const changes = changeFiles(random, blueprint.language, builder.filesAt(parent));
	if (blueprint.lfs && trunkMarks.length % 9 === 5) {
		for (const [path, content] of dataFiles(random, lfsObjects, false)) {
			changes.set(path, content);
		}
	}

	// Somebody who left long ago wrote part of the beginning.
	const author = trunkMarks.length < 8 && random.chance(0.5) ? people.former : random.pick(people.developers);
	const more = random.chance(0.25)
		? `\n${phrase(random, commitSubjects)}.\nSigned-off-by: ${author.displayName}\n`
		: '';
	const message = `${phrase(random, commitSubjects)}\n${more}`;
	trunkMarks.push(builder.commit({parents: [parent], author, message, changes}));
}
