import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {parseBatch} from '../../source/backup/git-objects.ts';
import {readGitIn, refsIn, runGitIn} from './upstream-repository.ts';

/** Looks into a mirror with nothing but git. What the newest snapshot holds is read once, when it is first asked for. */
export type MirrorReader = {
	readonly folder: string;
	/** What upstream had, by upstream's own names. */
	readonly mirrored: () => Map<string, string>;
	readonly kept: () => string[];
	/** Oldest first. */
	readonly snapshots: () => string[];
	/** Paths of the files in the newest snapshot. */
	readonly paths: () => string[];
	/** A file of the newest snapshot. */
	readonly text: (path: string) => string;
	readonly json: (path: string) => unknown;
	readonly git: (...arguments_: string[]) => string;
	/** What git's own check finds wrong; empty when all is well. */
	readonly fsck: () => string;
};

/** @param slug Start of the mirror's folder, up to the part of the uuid. */
export function readMirror(workspaceFolder: string, slug: string): MirrorReader {
	const name = readdirSync(workspaceFolder).find(
		other => other === `${slug}.git` || new RegExp(`^${slug}-[0-9a-f]{8}\\.git$`).test(other),
	);
	if (name === undefined) {
		throw new Error(`There is no mirror of ${slug}.`);
	}

	const folder = join(workspaceFolder, name);
	const git = (...arguments_: string[]): string => runGitIn(folder, arguments_);
	let read: ReadonlyMap<string, string> | undefined;
	const files = (): ReadonlyMap<string, string> => {
		read ??= readSnapshot(folder, [...refsIn(folder, 'refs/brigade/snapshots').keys()].at(-1) ?? 'none');
		return read;
	};

	const text = (path: string): string => {
		const found = files().get(path);
		if (found === undefined) {
			throw new Error(`${path} is not in the snapshot.`);
		}

		return found;
	};

	return {
		folder,
		git,
		mirrored: () =>
			new Map(
				[...refsIn(folder, 'refs/mirror')].map(([ref, id]) => [ref.replace('refs/mirror/', 'refs/'), id]),
			),
		kept: () => [...refsIn(folder, 'refs/brigade/kept').values()],
		snapshots: () => [...refsIn(folder, 'refs/brigade/snapshots').keys()],
		paths: () => [...files().keys()],
		text,
		json: path => JSON.parse(text(path)),
		fsck: () => git('fsck', '--full', '--strict', '--no-dangling', '--no-progress'),
	};
}

/** All files of a snapshot, in two processes. */
function readSnapshot(folder: string, snapshot: string): ReadonlyMap<string, string> {
	const entries = runGitIn(folder, ['ls-tree', '-r', '--format=%(objectname) %(path)', snapshot])
		.split('\n')
		.map(line => line.split(' ') as [string, string]);
	const names = entries.map(([id]) => `${id}\n`).join('');
	const output = readGitIn(folder, ['cat-file', '--batch'], names);
	return new Map(
		parseBatch(output).map((object, index) => [entries[index]?.[1] ?? '', object?.contents.toString() ?? '']),
	);
}
