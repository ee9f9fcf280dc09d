import type {RefList} from '../ref-list.ts';

/** What of a snapshot is restored on trial. */
export type Sample = {
	/** Object ids by full name. */
	readonly refs: RefList['refs'];
	/** Whether it is every ref with all its history; else it is some refs with the files of their newest commit. */
	readonly isWhole: boolean;
};

/** Up to so many bytes of Git data, a trial takes about as long as the rest of a verification. */
const wholeBytes = 64 * 1024 * 1024;
const wholeRefs = 2000;
/** Refs of a sample that is not whole, besides the one that HEAD names. */
const sampledRefs = 4;

/**
Chooses what to restore on trial: a small repository whole, of a large one the branch that HEAD names and a few others. That
every object is there and is what its name says, and that every ref leads to its end, was found by reading all of them; a trial
proves that git also hands them out, and takes as long as a clone.

@param bytes Of Git data in the mirror.
@param pick A number that makes the choice: another one, another choice.
*/
export function chooseSample({head, refs}: RefList, bytes: number, pick: number): Sample {
	if (bytes <= wholeBytes && refs.size <= wholeRefs) {
		return {refs, isWhole: true};
	}

	const all = [...refs];
	const chosen = new Map<string, string>(all.filter(([name]) => name === head));
	const step = Math.max(1, Math.floor(all.length / sampledRefs));
	for (let index = 0; index < Math.min(sampledRefs, all.length); index += 1) {
		const [name, id] = all[(Math.abs(pick) + index * step) % all.length] ?? [];
		if (name !== undefined && id !== undefined) {
			chosen.set(name, id);
		}
	}

	return {refs: chosen, isWhole: false};
}
