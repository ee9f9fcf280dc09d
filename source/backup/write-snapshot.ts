import type {Mirror} from './mirror.ts';
import {snapshotPrefix, snapshotTime} from './snapshot-id.ts';
import type {SnapshotPart} from './snapshot-tree.ts';
import {foldRefs} from './write-refs.ts';

/** Who makes the commits of snapshots and drafts. */
const identity = 'Bucket Brigade <bucket-brigade@localhost>';

/** A commit without parents that is made of parts. */
export type PartsCommit = {
	/** Where it stands. */
	readonly ref: string;
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** First line of its message. */
	readonly title: string;
	readonly parts: ReadonlyMap<string, SnapshotPart>;
};

/**
Stores a snapshot: a commit without parents under `refs/brigade/snapshots/<id>`, on disk when this returns.

@param title First line of the commit's message.
@throws GitFailed when it could not be written.
*/
export async function writeSnapshot(
	mirror: Mirror,
	id: string,
	title: string,
	parts: ReadonlyMap<string, SnapshotPart>,
): Promise<void> {
	await importCommit(mirror, {ref: snapshotPrefix + id, at: snapshotTime(id), title, parts}, []);
	await foldRefs(mirror.folder);
}

/** Stores a commit in place of the one at its ref, on disk when this returns. @throws GitFailed */
export async function replaceCommit(mirror: Mirror, commit: PartsCommit): Promise<void> {
	await importCommit(mirror, commit, ['--force']);
}

/**
One `git fast-import` takes all files as a stream. The stream says itself when it is complete, so one that breaks off
changes no ref.
*/
async function importCommit(mirror: Mirror, commit: PartsCommit, options: readonly string[]): Promise<void> {
	await mirror.write(['fast-import', '--quiet', '--done', '--date-format=raw', ...options], {
		input: {
			// Anew each time that it is asked for: a git that has to wait for another one is started again.
			async *[Symbol.asyncIterator]() {
				yield* fastImportStream(commit);
			},
		},
	});
}

/** The commands of `git fast-import` that make one commit. Paths are of our own making and need no quotes. */
export function* fastImportStream({ref, at, title, parts}: PartsCommit): Generator<Buffer | string> {
	const message = Buffer.from(`${title}\n`);
	yield `commit ${ref}\ncommitter ${identity} ${Math.floor(at / 1000)} +0000\ndata ${message.length}\n`;
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
