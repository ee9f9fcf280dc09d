import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {refsIn, runGitIn} from './upstream-repository.ts';

/** Looks into a mirror with nothing but git. */
export type MirrorReader = {
	readonly folder: string;
	/** What upstream had, by upstream's own names. */
	readonly mirrored: () => Map<string, string>;
	readonly kept: () => string[];
	/** Oldest first. */
	readonly snapshots: () => string[];
	/** Paths in the newest snapshot. */
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
	const newest = (): string => [...refsIn(folder, 'refs/brigade/snapshots').keys()].at(-1) ?? 'none';
	const text = (path: string): string => git('cat-file', 'blob', `${newest()}:${path}`);
	return {
		folder,
		git,
		mirrored: () =>
			new Map(
				[...refsIn(folder, 'refs/mirror')].map(([ref, id]) => [ref.replace('refs/mirror/', 'refs/'), id]),
			),
		kept: () => [...refsIn(folder, 'refs/brigade/kept').values()],
		snapshots: () => [...refsIn(folder, 'refs/brigade/snapshots').keys()],
		paths: () => git('ls-tree', '-r', '--name-only', newest()).split('\n'),
		text,
		json: path => JSON.parse(text(path)),
		fsck: () => git('fsck', '--full', '--strict', '--no-dangling', '--no-progress'),
	};
}
