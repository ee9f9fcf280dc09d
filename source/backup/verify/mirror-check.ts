import type {MirrorRefs} from '../mirror-refs.ts';
import type {BesideCheck} from './check-beside.ts';
import type {HistoryCheck} from './check-history.ts';
import type {ObjectsCheck} from './check-objects.ts';
import type {RefsCheck} from './check-refs.ts';
import type {SnapshotsCheck} from './check-snapshots.ts';
import type {Finding} from './finding.ts';
import type {LostFile} from './lost-files.ts';

/** What was found of a mirror. */
export type MirrorCheck = {
	readonly findings: readonly Finding[];
	readonly snapshots: number;
	/** Objects that git read. */
	readonly objects: number;
	/** Bytes that were read. */
	readonly bytes: number;
	/** Undefined where links stand in it. */
	readonly refs: RefsCheck | undefined;
	/** Whether links stand in it, so that nothing further was looked at, and nothing may be written. */
	readonly isPlanted: boolean;
	/** What is known further; undefined where nothing is, because links stand in it or git can read no ref. */
	readonly details: MirrorDetails | undefined;
};

export type MirrorDetails = {
	readonly refs: MirrorRefs;
	/** What is wrong with what stands beside annotated tags. */
	readonly peeled: readonly Finding[];
	readonly objects: ObjectsCheck;
	readonly snapshots: SnapshotsCheck;
	readonly history: HistoryCheck;
	/** What each snapshot lost; empty where it was not looked for. */
	readonly lostFiles: ReadonlyMap<string, readonly LostFile[]>;
	readonly lfs: BesideCheck;
	readonly downloads: BesideCheck;
};
