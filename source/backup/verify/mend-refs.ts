import type {Mirror} from '../mirror.ts';
import {keptPrefix, mirrorPrefix, readMirrorRefs} from '../mirror-refs.ts';
import {snapshotPrefix} from '../snapshot-id.ts';
import type {RefsCheck} from './check-refs.ts';
import {checkSnapshots, snapshotsText} from './check-snapshots.ts';
import {readTypes} from './check-tips.ts';
import {isDamage, shown, someOf} from './finding.ts';
import type {MirrorDetails} from './mirror-check.ts';
import type {MovedAside} from './move-aside.ts';
import {findRefsAgain, makeRefsReadable, pinUnheld, removeRefs} from './repair-refs.ts';
import {findSnapshotFiles} from './snapshot-files.ts';

export type MendRefsOptions = {
	readonly mirror: Mirror;
	readonly aside: MovedAside;
	readonly check: RefsCheck;
	readonly details: MirrorDetails;
	/** Whether upstream was asked for what is missing; else refs that lead to nothing wait until it can be. */
	readonly isAsked: boolean;
};

/**
Sees to it that every ref of a mirror leads to something, and that refs lead to everything: one whose object is gone would keep
git from fetching anything. Which snapshots had to be given up is remembered.

@returns what was done, in sentences without their full stops.
*/
export async function mendRefs(options: MendRefsOptions): Promise<readonly string[]> {
	const {mirror, aside, check, details, isAsked} = options;
	const done: string[] = [];
	if (check.findings.some(each => isDamage(each) && each.kind === 'refs') || details.peeled.length > 0) {
		await makeRefsReadable(mirror, check, aside);
		done.push('what can be read of the refs was put back');
	}

	const before = await readMirrorRefs(mirror);
	const dead = await findDead(mirror, before.snapshots);
	await removeRefs(
		mirror,
		dead.map(id => snapshotPrefix + id),
	);
	const broken = isAsked ? await findBroken(mirror, before) : [];
	await removeRefs(mirror, broken);
	const isInDisorder = done.length + dead.length + broken.length + details.history.unheld.length > 0;
	if (isInDisorder || before.snapshots.size === 0) {
		await findRefsAgain(mirror);
	}

	const after = await readMirrorRefs(mirror);
	const {tips} = await checkSnapshots(mirror, after.snapshots, false);
	await pinUnheld(mirror, [...tips]);
	const lost = dead.filter(id => !after.snapshots.has(id));
	if (lost.length > 0) {
		await aside.rememberLost(lost);
		done.push(`${snapshotsText(lost)} had to be given up`);
	}

	return broken.length === 0
		? done
		: [...done, `refs that lead to nothing were removed: ${someOf(broken.map(shown))}`];
}

/** Snapshots whose commit or tree is not there. */
async function findDead(mirror: Mirror, snapshots: ReadonlyMap<string, string>): Promise<readonly string[]> {
	return (await findSnapshotFiles(mirror, snapshots, [])).withoutTree;
}

/** Names of refs of upstream, and of pins, whose object is not there. */
async function findBroken(
	mirror: Mirror,
	{mirrored, kept}: {readonly mirrored: ReadonlyMap<string, string>; readonly kept: ReadonlySet<string>},
): Promise<readonly string[]> {
	const named = new Map([
		...[...mirrored].map(([name, id]) => [mirrorPrefix + name.slice('refs/'.length), id] as const),
		...[...kept].map(id => [keptPrefix + id, id] as const),
	]);
	const types = await readTypes(mirror, [...new Set(named.values())]);
	return [...named].filter(([, id]) => types.get(id) === undefined).map(([name]) => name);
}
