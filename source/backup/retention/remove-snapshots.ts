import type {Mirror} from '../mirror.ts';
import {keptPrefix} from '../mirror-refs.ts';
import {snapshotPrefix} from '../snapshot-id.ts';
import type {Removal} from './plan-removal.ts';
import {changeRefs, type RetentionRefs, removedPrefix} from './retention-refs.ts';
import {removeStoredFile} from './stored-files.ts';

/** What a pass of retention does, in this order. */
export type RetentionStep =
	| 'remember'
	| 'set aside'
	| 'file'
	| 'pin'
	| 'note'
	| 'release'
	| 'forget'
	| 'pack'
	| 'delete pack';

/** Told of each step before it is taken. Who throws stops everything there, as a kill would. */
export type BeforeStep = (step: RetentionStep) => Promise<void> | void;

/**
Removes snapshots and all that goes with them. After an interruption at any moment every snapshot that is left is whole, and
the next pass goes on: until the last step the removed ones stand aside, and say what they listed.
*/
export async function removeSnapshots(
	mirror: Mirror,
	refs: RetentionRefs,
	{snapshots, files, pins}: Removal,
	{before, noteUnreachable}: {readonly before: BeforeStep; readonly noteUnreachable: () => Promise<void>},
): Promise<void> {
	const visible = [...snapshots].filter(([id]) => refs.snapshots.has(id));
	await before('remember');
	await changeRefs(
		mirror,
		visible.map(([id, commit]) => ({name: removedPrefix + id, to: commit})),
	);
	await before('set aside');
	await changeRefs(
		mirror,
		visible.map(([id, commit]) => ({name: snapshotPrefix + id, from: commit})),
	);
	for (const file of files) {
		await before('file');
		await removeStoredFile(mirror.folder, file);
	}

	await before('pin');
	await changeRefs(
		mirror,
		pins.add.map(id => ({name: keptPrefix + id, to: id})),
	);
	await before('note');
	await noteUnreachable();
	await before('release');
	await changeRefs(
		mirror,
		pins.release.map(id => ({name: keptPrefix + id, from: id})),
	);
	await before('forget');
	await changeRefs(
		mirror,
		[...snapshots].map(([id, commit]) => ({name: removedPrefix + id, from: commit})),
	);
}
