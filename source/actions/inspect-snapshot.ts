import {readFiles} from '../backup/last-snapshot.ts';
import {listRecordedSnapshots} from '../backup/reading/list-snapshots.ts';
import {branchPrefix, tagPrefix} from '../backup/reading/snapshot-changes.ts';
import {parseRefList} from '../backup/ref-list.ts';
import {parseSnapshotRecord} from '../backup/snapshot-record.ts';
import {recordPath} from '../backup/snapshot-tree.ts';
import {type ChangesSection, changesSections, changesText, fileLabel, refText} from './changes-text.ts';
import {type BackupsOf, openBackup, tellDamage} from './open-backups.ts';
import {type ComparedPair, type ListedSnapshot, listedSnapshot, snapshotOf} from './repository-snapshots.ts';
import {compareSnapshots} from './snapshots.ts';
import type {Workplace} from './workplace.ts';

/** What a snapshot is, and what it lacks. Texts are as they were saved. */
export type InspectedSnapshot = ListedSnapshot & {
	readonly repository: string;
	/** The branch that HEAD names, or the id that it holds; undefined for an empty repository. */
	readonly head: string | undefined;
	readonly branches: number;
	readonly tags: number;
	readonly otherRefs: number;
	/** What is missing or from before, each with why. */
	readonly incomplete: ReadonlyArray<{readonly what: string; readonly problem: string}>;
};

/** @param of.snapshot Its id. @throws UserError */
export async function inspectSnapshot(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string; readonly snapshot: string},
): Promise<InspectedSnapshot> {
	const backup = await openBackup(workplace, of);
	const {plan, listed, mirror} = backup;
	const commit = snapshotOf(backup, of.snapshot);
	return tellDamage(plan.name, listed, async () => {
		const recorded = await listRecordedSnapshots(mirror, listed);
		const place = recorded.findIndex(({summary}) => summary.snapshot === of.snapshot);
		const [refsFile, recordFile] = await readFiles(mirror, [`${commit}:refs`, `${commit}:${recordPath}`]);
		const found = recorded[place];
		if (found === undefined) {
			throw new Error('Git listed a snapshot, and then did not.');
		}

		const refs = refsFile === undefined ? undefined : parseRefList(refsFile);
		const record = recordFile === undefined ? undefined : parseSnapshotRecord(recordFile);
		const names = [...(refs?.refs.keys() ?? [])];
		const branches = names.filter(name => name.startsWith(branchPrefix)).length;
		const tags = names.filter(name => name.startsWith(tagPrefix)).length;
		return {
			...listedSnapshot(found, recorded[place - 1]?.summary.snapshot),
			repository: listed.name,
			head: refs?.head === undefined ? undefined : refText(refs.head).replace(branchPrefix, ''),
			branches,
			tags,
			otherRefs: names.length - branches - tags,
			incomplete: (record?.incomplete ?? []).map(({path, problem}) => ({what: fileLabel(path), problem})),
		};
	});
}

/** What changed between two snapshots: in a line, and in full. */
export type ComparedInWords = ComparedPair & {
	readonly text: string;
	/** Cells are not sanitized. */
	readonly sections: readonly ChangesSection[];
};

/** @throws UserError */
export async function compareInWords(
	workplace: Workplace,
	of: BackupsOf & {readonly repository: string} & ComparedPair,
): Promise<ComparedInWords> {
	const {before, after, changes, details} = await compareSnapshots(workplace, {
		...of,
		range: `${of.before}..${of.after}`,
	});
	return {before, after, text: changesText(changes), sections: changesSections(changes, details)};
}
