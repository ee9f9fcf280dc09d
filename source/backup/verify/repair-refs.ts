import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {writeDurably} from '../../system/durable-file.ts';
import {readFiles} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import {keptPrefix, mirrorPrefix, readMirrorRefs} from '../mirror-refs.ts';
import {parseRefList} from '../ref-list.ts';
import {snapshotPrefix} from '../snapshot-id.ts';
import type {RefsCheck} from './check-refs.ts';
import {checkTips, readTypes} from './check-tips.ts';
import type {MovedAside} from './move-aside.ts';
import {formatPackedRefs} from './packed-refs.ts';
import {runFsck} from './run-fsck.ts';
import {snapshotIn} from './snapshot-commit.ts';
import {findSnapshotFiles} from './snapshot-files.ts';

/** Makes a mirror's refs readable again: what cannot be read is kept aside, what can be stays. */
export async function makeRefsReadable(mirror: Mirror, check: RefsCheck, aside: MovedAside): Promise<void> {
	const {packed, badFiles, wrongNames} = check;
	if (packed !== undefined) {
		const path = join(mirror.folder, 'packed-refs');
		await aside.keep('packed-refs', await readFile(path).catch(() => Buffer.alloc(0)));
		const wrong = new Set(wrongNames);
		const good = [...packed.refs].filter(([name]) => !wrong.has(name));
		await writeDurably(path, formatPackedRefs(new Map(good)));
	}

	for (const file of new Set([...badFiles, ...wrongNames])) {
		await aside.move(file);
	}
}

/**
Puts back what follows from the objects themselves: snapshots that no ref leads to, and refs that the newest snapshot lists.
*/
export async function findRefsAgain(mirror: Mirror): Promise<void> {
	await findSnapshotsAgain(mirror);
	await restoreListedRefs(mirror);
	await mirror.write(['pack-refs', '--all']);
}

/** A commit of a snapshot says itself of what time it is; one that nothing leads to is found by looking at all such commits. */
async function findSnapshotsAgain(mirror: Mirror): Promise<void> {
	const {dangling} = await runFsck({...mirror, onlyConnections: true, withDangling: true});
	const {snapshots} = await readMirrorRefs(mirror);
	const commits = dangling.length === 0 ? [] : await readFiles(mirror, dangling);
	const found = new Map(
		dangling.flatMap((commit, index) => {
			const id = snapshotIn(commits[index]?.toString('utf8') ?? '');
			return id === undefined || snapshots.has(id) ? [] : [[id, commit] as const];
		}),
	);
	// One without its tree is of no use to anybody.
	for (const id of (await findSnapshotFiles(mirror, found, [])).withoutTree) {
		found.delete(id);
	}

	await update(
		mirror,
		[...found].map(([id, commit]) => `create ${snapshotPrefix}${id}\0${commit}\0`),
	);
}

/** Puts back what the newest snapshot lists and the mirror has no ref of. */
async function restoreListedRefs(mirror: Mirror): Promise<void> {
	const {snapshots, mirrored} = await readMirrorRefs(mirror);
	const newest = [...snapshots.values()].at(-1);
	const [file] = newest === undefined ? [] : await readFiles(mirror, [`${newest}:refs`]);
	const listed = file === undefined ? [] : [...parseRefList(file).refs];
	const lacking = listed.filter(([name]) => !mirrored.has(name));
	const types = await readTypes(
		mirror,
		lacking.map(([, id]) => id),
	);
	await update(
		mirror,
		lacking
			.filter(([, id]) => types.get(id) !== undefined)
			.map(([name, id]) => `create ${mirrorPrefix}${name.slice('refs/'.length)}\0${id}\0`),
	);
}

/** Pins what snapshots list and no ref leads to. */
export async function pinUnheld(mirror: Mirror, ids: readonly string[]): Promise<void> {
	const {mirrored, kept, snapshots} = await readMirrorRefs(mirror);
	const held = new Set([...mirrored.values(), ...kept, ...snapshots.values()]);
	const {unheld} = await checkTips(mirror, new Set(ids), held);
	await update(
		mirror,
		(unheld ?? []).map(id => `update ${keptPrefix}${id}\0${id}\0\0`),
	);
}

/** Takes refs away. */
export async function removeRefs(mirror: Mirror, names: readonly string[]): Promise<void> {
	await update(
		mirror,
		names.map(name => `delete ${name}\0\0`),
	);
}

async function update(mirror: Mirror, commands: readonly string[]): Promise<void> {
	if (commands.length > 0) {
		await mirror.write(['update-ref', '--no-deref', '--stdin', '-z'], {
			input: Buffer.from(commands.join(''), 'latin1'),
		});
	}
}
