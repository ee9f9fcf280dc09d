import type {Mirror} from './mirror.ts';
import {snapshotPrefix} from './snapshot-id.ts';

export const mirrorPrefix = 'refs/mirror/';
export const keptPrefix = 'refs/brigade/kept/';

/** All refs of a mirror, by what they are for. Names are byte strings. */
export type MirrorRefs = {
	/** What upstream had at the last fetch, under upstream's own names (`refs/heads/main`). */
	readonly mirrored: ReadonlyMap<string, string>;
	/** Commits of the snapshots by their ids, oldest first. */
	readonly snapshots: ReadonlyMap<string, string>;
	/** Tips that upstream lost and that are kept. */
	readonly kept: ReadonlySet<string>;
};

export async function readMirrorRefs(mirror: Mirror): Promise<MirrorRefs> {
	const output = await mirror.read(['for-each-ref', '--format=%(objectname) %(refname)']);
	const mirrored = new Map<string, string>();
	const snapshots = new Map<string, string>();
	const kept = new Set<string>();
	for (const line of output.toString('latin1').split('\n')) {
		const end = line.indexOf(' ');
		const id = line.slice(0, end);
		const name = line.slice(end + 1);
		if (name.startsWith(mirrorPrefix)) {
			mirrored.set(`refs/${name.slice(mirrorPrefix.length)}`, id);
		} else if (name.startsWith(snapshotPrefix)) {
			snapshots.set(name.slice(snapshotPrefix.length), id);
		} else if (name.startsWith(keptPrefix)) {
			kept.add(id);
		}
	}

	return {mirrored, snapshots, kept};
}
