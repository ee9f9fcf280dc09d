import {readFiles} from '../backup/last-snapshot.ts';
import {indentJson} from '../backup/reading/indent-json.ts';
import {snapshotPrefix} from '../backup/snapshot-id.ts';
import {UserError} from '../system/user-error.ts';
import {fileLabel} from './changes-text.ts';
import {findSnapshot, type OpenedBackup, openBackup, tellDamage} from './open-backups.ts';
import type {SnapshotOf} from './show-pull-request.ts';
import type {Workplace} from './workplace.ts';

/** A file of a snapshot. */
export type SnapshotFile = {
	readonly path: string;
	/** What people call it: `branch restrictions`. */
	readonly label: string;
	readonly bytes: number;
};

export type SnapshotFiles = {
	readonly repository: string;
	readonly snapshot: string;
	/** By their paths. */
	readonly files: readonly SnapshotFile[];
};

/** More than this is read with git. */
const mostBytes = 4_000_000;

/**
The files that a snapshot holds: what lies around Git, and its refs. Those of pull requests are read as pull requests.

@throws UserError
*/
export async function listSnapshotFiles(workplace: Workplace, of: SnapshotOf): Promise<SnapshotFiles> {
	const backup = await openBackup(workplace, of);
	const {id, commit} = findSnapshot(backup, of.snapshot);
	return {repository: backup.listed.name, snapshot: id, files: await filesOf(backup, commit)};
}

/**
One of them as text; JSON is laid out over lines, to the letter otherwise.

@throws UserError (wrong usage) where there is no such file, or it is too large to be shown.
*/
export async function readSnapshotFile(
	workplace: Workplace,
	of: SnapshotOf & {readonly path: string},
): Promise<string> {
	const backup = await openBackup(workplace, of);
	const {plan, listed, mirror} = backup;
	const {id, commit} = findSnapshot(backup, of.snapshot);
	const file = (await filesOf(backup, commit)).find(({path}) => path === of.path);
	if (file === undefined) {
		throw new UserError(
			`There is no file ${of.path} in the snapshot ${id} of ${listed.name}. List them with: bucket-brigade show ${plan.name} ${listed.name} file`,
			{exitCode: 2},
		);
	}

	if (file.bytes > mostBytes) {
		throw new UserError(
			`${of.path} is too large to be shown here. Read it with: git --git-dir=${mirror.folder} show ${snapshotPrefix}${id}:${of.path}`,
			{exitCode: 2},
		);
	}

	const [contents] = await tellDamage(plan.name, listed, async () =>
		readFiles(mirror, [`${commit}:${of.path}`]),
	);
	return indentJson(contents?.toString('utf8') ?? '');
}

async function filesOf(
	{plan, listed, mirror}: OpenedBackup,
	commit: string,
): Promise<readonly SnapshotFile[]> {
	const output = await tellDamage(plan.name, listed, async () =>
		mirror.read(['ls-tree', '-r', '-l', '-z', commit]),
	);
	return output
		.toString('utf8')
		.split('\0')
		.flatMap(line => {
			const [, bytes, path] = /^\d+ blob [0-9a-f]+ +(\d+)\t(.*)$/s.exec(line) ?? [];
			return bytes === undefined || path === undefined || path.startsWith('pull-requests/')
				? []
				: [{path, label: fileLabel(path), bytes: Number(bytes)}];
		});
}
