import {Readable} from 'node:stream';
import type {Mirror} from './mirror.ts';
import {snapshotPrefix, snapshotTime} from './snapshot-id.ts';
import type {SnapshotPart} from './snapshot-tree.ts';

/** Who makes the commits of snapshots. */
const identity = 'Bucket Brigade <bucket-brigade@localhost>';

/**
Stores a snapshot: a commit without parents under `refs/brigade/snapshots/<id>`, on disk when this returns.

One `git fast-import` takes all files as a stream. The stream says itself when it is complete, so one that breaks off
leaves no ref behind.

@param title First line of the commit's message.
@throws GitFailed when it could not be written.
*/
export async function writeSnapshot(
	mirror: Mirror,
	id: string,
	title: string,
	parts: ReadonlyMap<string, SnapshotPart>,
): Promise<void> {
	await mirror.write(['fast-import', '--quiet', '--done', '--date-format=raw'], {
		input: Readable.from(fastImportStream(id, title, parts)),
	});
}

/** The commands of `git fast-import` that make one snapshot. Paths are of our own making and need no quotes. */
export function* fastImportStream(
	id: string,
	title: string,
	parts: ReadonlyMap<string, SnapshotPart>,
): Generator<Buffer | string> {
	const seconds = Math.floor(snapshotTime(id) / 1000);
	const message = Buffer.from(`${title}\n`);
	yield `commit ${snapshotPrefix}${id}\ncommitter ${identity} ${seconds} +0000\ndata ${message.length}\n`;
	yield message;
	yield '\n';
	for (const [path, part] of parts) {
		if (part.kind === 'new') {
			yield `M 100644 inline ${path}\ndata ${part.contents.length}\n`;
			yield part.contents;
			yield '\n';
		} else {
			yield `M ${part.type === 'tree' ? '040000' : '100644'} ${part.id} ${path}\n`;
		}
	}

	yield 'done\n';
}
