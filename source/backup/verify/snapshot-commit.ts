import {snapshotId} from '../snapshot-id.ts';

/** Id of the snapshot that a commit is of; undefined where it is of none. */
export function snapshotIn(commit: string): string | undefined {
	const [, time] =
		/^tree [0-9a-f]{40}\n(?!parent )[\s\S]*committer Bucket Brigade <bucket-brigade@localhost> [^\n]*\n\nSnapshot of [^\n]* at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/.exec(
			commit,
		) ?? [];
	return time === undefined ? undefined : snapshotId(Date.parse(time));
}
