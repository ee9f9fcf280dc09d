import {join} from 'node:path';
import {readSnapshot, type Snapshot} from '../backup/last-snapshot.ts';
import {type PushAddress, parsePushAddress, withoutUser} from '../backup/restore/push-address.ts';
import {organizationTarget, type PushTarget, usersTarget} from '../backup/restore/push-target.ts';
import type {RestoreProgress} from '../backup/restore/restore-progress.ts';
import {
	BackupDamaged,
	type RestoredFolder,
	restoreFilesToFolder,
	restoreToFolder,
} from '../backup/restore/restore-to-folder.ts';
import {type PushedRepository, pushFailure, restoreToUrl} from '../backup/restore/restore-to-url.ts';
import {snapshotTime} from '../backup/snapshot-id.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import {GitFailed, gitVersion} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';
import {refText} from './changes-text.ts';
import {findOrganization} from './find.ts';
import {
	type BackupsOf,
	damage,
	findSnapshot,
	type OpenedBackup,
	openBackup,
	tellDamage,
} from './open-backups.ts';
import {openPool} from './open-pool.ts';
import type {Workplace} from './workplace.ts';

export type RestoreOptions = BackupsOf & {
	/** Slug, uuid or name of the folder. */
	readonly repository: string;
	/** As it was typed: an id, the beginning of one, a date, `latest`. */
	readonly snapshot: string;
	/** A folder, or an address that git can push to. */
	readonly to: string;
	readonly isWorkingCopy: boolean;
	/** A folder for what lies around Git; `beside` is next to the one that is restored to. */
	readonly metadata: 'beside' | 'none' | {readonly folder: string};
	readonly withLfs: boolean;
	/** Whether a repository that has refs may be pushed to. */
	readonly force: boolean;
	readonly progress: RestoreProgress;
	/** Told before it happens: the refs of the target that will be written over. */
	readonly onOverwrite: (names: readonly string[]) => void;
};

/** What a restore came to; `--json` prints just this. */
export type Restored = {
	readonly repository: string;
	readonly snapshot: string;
	/** ISO-8601 time of the snapshot. */
	readonly at: string;
	/** Absolute path of the folder, or the address. */
	readonly to: string;
	readonly form: 'bare' | 'working-copy' | 'files' | 'pushed';
	/** `partial` where something that the snapshot lists is missing in what was restored. */
	readonly status: 'restored' | 'partial';
	readonly refs: number;
	/** What HEAD is, or should be made: a ref, or an id where it is detached. */
	readonly head: string | null;
	readonly lfsObjects: number;
	readonly downloads: number;
	/** Absolute path of the folder with what lies around Git. */
	readonly metadata: string | null;
	/** Refs that the target did not take. */
	readonly rejected: ReadonlyArray<{readonly ref: string; readonly reason: string}>;
	/** Refs of the target that were written over. */
	readonly overwritten: readonly string[];
	/** What is missing, in sentences. */
	readonly problems: readonly string[];
	/** What else a person should know, in sentences. */
	readonly notes: readonly string[];
};

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
				: await toAddress(workplace, options, backup, snapshot, address);
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

type RestoredParts = Omit<Restored, 'repository' | 'snapshot' | 'at'>;

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
			// Without a slash at its end it would be within the folder.
			return to.replace(/\/+$/, '') + metadataSuffix;
		default:
			return metadata.folder;
	}
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

async function toAddress(
	workplace: Workplace,
	options: RestoreOptions,
	backup: OpenedBackup,
	snapshot: Snapshot,
	address: PushAddress,
): Promise<RestoredParts> {
	if (snapshot.refs === undefined) {
		throw new UserError(
			`The backup of ${backup.listed.name} has no Git data to push: restore it to a folder.`,
			{
				exitCode: 2,
			},
		);
	}

	const {target, credential, close} = await openTarget(workplace, backup, address, options.signal);
	try {
		const {metadata, withLfs, force, progress, onOverwrite} = options;
		const pushed = await restoreToUrl({
			mirror: backup.mirror,
			snapshot,
			target,
			force,
			withLfs,
			progress,
			onOverwrite: names => onOverwrite(names.map(refText)),
		});
		const files =
			metadata === 'beside' || metadata === 'none'
				? undefined
				: await filesOf(options, backup, snapshot, metadata.folder);
		return fromPush(target.url, pushed, files);
	} catch (error) {
		throw error instanceof RequestFailed || error instanceof GitFailed
			? pushFailure(target.url, error, credential)
			: error;
	} finally {
		close();
	}
}

async function filesOf(
	{progress, signal}: RestoreOptions,
	{plan, destination, mirror}: OpenedBackup,
	snapshot: Snapshot,
	folder: string,
): Promise<RestoredFolder> {
	const backups = join(destination, plan.organization);
	return restoreFilesToFolder({mirror, snapshot, folder, backups, progress, signal});
}

/** The organization's own Git server is signed in to with its primary credential, any other one as the user does. */
async function openTarget(
	workplace: Workplace,
	{plan}: OpenedBackup,
	{url, origin}: PushAddress,
	signal: AbortSignal,
): Promise<{
	readonly target: PushTarget;
	/** Label of the credential that signs in. */
	readonly credential: string | undefined;
	readonly close: () => void;
}> {
	const {organizations} = await workplace.store.read();
	const isOwn =
		origin !== undefined &&
		organizations.some(
			({workspace, gitUrl}) => workspace === plan.organization && new URL(gitUrl).origin === origin,
		);
	if (!isOwn) {
		const allowHttp = origin?.startsWith('http:') ?? false;
		return {target: usersTarget(url, allowHttp), credential: undefined, close: () => undefined};
	}

	const organization = findOrganization(await workplace.store.read(), plan.organization);
	const {primaryCredential, reservePercent} = organization;
	const pool = await openPool(workplace, {
		organization,
		credentials: [primaryCredential],
		reservePercent,
		requestsPerSecond: plan.advanced.requestsPerSecond,
		signal,
		onChange: () => undefined,
	});
	const cleanUrl = withoutUser(url);
	const repository = decodeURIComponent(new URL(cleanUrl).pathname.split('/').at(-1) ?? '').replace(
		/\.git$/,
		'',
	);
	return {
		target: organizationTarget(cleanUrl, async (requests, use) =>
			pool.withGit({repository, requests}, async ({signIn}) => use(signIn)),
		),
		credential: primaryCredential.label,
		close: pool.close,
	};
}

function fromPush(url: string, pushed: PushedRepository, files: RestoredFolder | undefined): RestoredParts {
	const {refs, rejected, overwritten, lfsObjects, remoteHead, missing} = pushed;
	const problems = [
		...missing,
		...(files?.missing ?? []),
		...rejected.map(({name, reason}) => `${refText(name)} was not taken: ${reason}`),
	];
	const head = refs.head === undefined ? undefined : refText(refs.head);
	return {
		to: url,
		form: 'pushed',
		status: problems.length > 0 ? 'partial' : 'restored',
		refs: refs.refs.size - rejected.length,
		head: head ?? null,
		lfsObjects,
		downloads: files?.downloads ?? 0,
		metadata: files?.folder ?? null,
		rejected: rejected.map(({name, reason}) => ({ref: refText(name), reason})),
		overwritten: overwritten.map(refText),
		problems,
		notes:
			head === undefined || refs.head === remoteHead
				? []
				: [`a push cannot set the default branch: set it to ${head.replace(/^refs\/heads\//, '')} there`],
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
