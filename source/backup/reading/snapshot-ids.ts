import type {MirrorReader} from '../mirror.ts';
import {snapshotId, snapshotPrefix, snapshotTime} from '../snapshot-id.ts';

/**
The snapshots of a mirror: their commits by their ids, oldest first. What else stands below their place is none.

@throws GitFailed
*/
export async function readSnapshotIds(mirror: MirrorReader): Promise<ReadonlyMap<string, string>> {
	const output = await mirror.read(['for-each-ref', '--format=%(objectname) %(refname)', snapshotPrefix]);
	const snapshots = new Map<string, string>();
	for (const line of output.toString('latin1').split('\n')) {
		const [commit = '', name = ''] = line.split(' ');
		const id = name.slice(snapshotPrefix.length);
		if (name.startsWith(snapshotPrefix) && isSnapshotId(id)) {
			snapshots.set(id, commit);
		}
	}

	return snapshots;
}

function isSnapshotId(text: string): boolean {
	const time = snapshotTime(text);
	return !Number.isNaN(time) && snapshotId(time) === text;
}
