import {join} from 'node:path';
import {readSnapshot, type Snapshot} from '../backup/last-snapshot.ts';
import {type PushAddress, parsePushAddress} from '../backup/restore/push-address.ts';
import {
	BackupDamaged,
	type RestoredFolder,
	restoreFilesToFolder,
	restoreToFolder,
} from '../backup/restore/restore-to-folder.ts';
import {snapshotTime} from '../backup/snapshot-id.ts';
import {gitVersion} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';
import {refText} from './changes-text.ts';
import {damage, findSnapshot, type OpenedBackup, openBackup, tellDamage} from './open-backups.ts';
import {pushSnapshot} from './push-snapshot.ts';
import type {Restored, RestoredParts, RestoreOptions} from './restored.ts';
import type {Workplace} from './workplace.ts';

export type {Restored, RestoreOptions} from './restored.ts';

/** How metadata are called beside what was restored to `web.git`: `web.git-metadata`. */
const metadataSuffix = '-metadata';

/**
Restores one repository as it was at one snapshot: to a folder, or by a push. Needs neither the catalog nor Bitbucket, but for a
push to the organization's own Git server.

@throws UserError; of a folder nothing is left then.
*/
export async function restore(workplace: Workplace, options: RestoreOptions): Promise<Restored> {
	const address = parsePushAddress(options.to);
	assertUsage(options, address);
	await gitVersion();
	const backup = await openBackup(workplace, options);
	const {plan, listed, mirror} = backup;
	const {id, commit} = findSnapshot(backup, options.snapshot);
	const snapshot = await tellDamage(plan.name, listed, async () => readSnapshot(mirror, id, commit));
	try {
		const restored =
			address === undefined
				? fromFolder(options, await toFolder(options, backup, snapshot))
				: await pushSnapshot(workplace, options, backup, snapshot, address);
		return {
			repository: listed.name,
			snapshot: id,
			at: new Date(snapshotTime(id)).toISOString(),
			...restored,
			notes: [...restored.notes, ...lackingNotes(snapshot)],
		};
	} catch (error) {
		options.signal.throwIfAborted();
		throw error instanceof BackupDamaged ? await explainDamage(backup, id, error) : error;
	}
}

function assertUsage({isWorkingCopy, metadata}: RestoreOptions, address: PushAddress | undefined): void {
	if (address !== undefined && isWorkingCopy) {
		throw new UserError('A working copy is restored to a folder; what is pushed is a repository.', {
			exitCode: 2,
		});
	}

	if (metadata !== 'beside' && metadata !== 'none' && parsePushAddress(metadata.folder) !== undefined) {
		throw new UserError('Metadata are files: name a folder for them.', {exitCode: 2});
	}
}

async function toFolder(
	options: RestoreOptions,
	{plan, destination, mirror}: OpenedBackup,
	snapshot: Snapshot,
): Promise<RestoredFolder> {
	const {to, isWorkingCopy, metadata, withLfs, progress, signal} = options;
	const shared = {
		mirror,
		snapshot,
		folder: to,
		backups: join(destination, plan.organization),
		progress,
		signal,
	};
	if (snapshot.refs === undefined) {
		return restoreFilesToFolder(shared);
	}

	return restoreToFolder({
		...shared,
		form: isWorkingCopy ? 'working-copy' : 'bare',
		metadataFolder: metadataFolder(to, metadata),
		withLfs,
	});
}

function metadataFolder(to: string, metadata: RestoreOptions['metadata']): string | undefined {
	switch (metadata) {
		case 'none':
			return undefined;
		case 'beside':
			return besideFolder(to);
		default:
			return metadata.folder;
	}
}

/** The folder for what lies around Git beside one that is restored to. */
export function besideFolder(to: string): string {
	// With a slash at its end it would be within the folder.
	return to.replace(/\/+$/, '') + metadataSuffix;
}

function fromFolder({isWorkingCopy}: RestoreOptions, restored: RestoredFolder): RestoredParts {
	const {folder, metadataFolder: metadata, refs, lfsObjects, downloads, missing, notes} = restored;
	return {
		to: folder,
		form: metadata === folder ? 'files' : isWorkingCopy ? 'working-copy' : 'bare',
		status: missing.length > 0 ? 'partial' : 'restored',
		refs: refs.refs.size,
		head: refs.head === undefined ? null : refText(refs.head),
		lfsObjects,
		downloads,
		metadata: metadata ?? null,
		rejected: [],
		overwritten: [],
		problems: missing,
		notes,
	};
}

/** What the snapshot itself never had; no fault of the restore. */
function lackingNotes({record}: Snapshot): readonly string[] {
	return (record?.incomplete ?? []).map(
		({path, problem}) => `the snapshot itself lacks ${path}, or has it from before: ${problem}`,
	);
}

/** A snapshot that was removed while it was restored is no damage. */
async function explainDamage(backup: OpenedBackup, id: string, error: BackupDamaged): Promise<UserError> {
	const {plan, listed, mirror, snapshots} = backup;
	const isThere = await mirror
		.read(['rev-parse', '--verify', '--quiet', `refs/brigade/snapshots/${id}`])
		.then(
			() => true,
			() => false,
		);
	return isThere || !snapshots.has(id)
		? damage(plan.name, listed.name, error)
		: new UserError(
				`The snapshot ${id} of ${listed.name} was removed while it was restored. Choose another one.`,
			);
}
