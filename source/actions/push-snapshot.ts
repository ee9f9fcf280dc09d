import {join} from 'node:path';
import type {Snapshot} from '../backup/last-snapshot.ts';
import {type PushAddress, withoutUser} from '../backup/restore/push-address.ts';
import {organizationTarget, type PushTarget, usersTarget} from '../backup/restore/push-target.ts';
import {assertRestorable} from '../backup/restore/restore-folder.ts';
import {type RestoredFolder, restoreFilesToFolder} from '../backup/restore/restore-to-folder.ts';
import {type PushedRepository, pushFailure, restoreToUrl} from '../backup/restore/restore-to-url.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {StoreContents} from '../store/store.ts';
import {GitFailed} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';
import {refText} from './changes-text.ts';
import {findOrganization} from './find.ts';
import type {OpenedBackup} from './open-backups.ts';
import {openPool} from './open-pool.ts';
import type {RestoredParts, RestoreOptions} from './restored.ts';
import type {Workplace} from './workplace.ts';

/**
Pushes a snapshot to an address: the organization's own Git server is signed in to with its primary credential, any other one as
git does it for the user.

@throws UserError, BackupDamaged
*/
export async function pushSnapshot(
	workplace: Workplace,
	options: RestoreOptions,
	backup: OpenedBackup,
	snapshot: Snapshot,
	address: PushAddress,
): Promise<RestoredParts> {
	const {listed, mirror, plan, destination} = backup;
	if (snapshot.refs === undefined) {
		const message = `The backup of ${listed.name} has no Git data to push: restore it to a folder.`;
		throw new UserError(message, {exitCode: 2});
	}

	const {metadata, withLfs, force, progress, onOverwrite, signal} = options;
	const folder = metadata === 'beside' || metadata === 'none' ? undefined : metadata.folder;
	const backups = join(destination, plan.organization);
	if (folder !== undefined) {
		await assertRestorable(folder, backups);
	}

	const {target, credential, close} = await openTarget(workplace, backup, address, signal);
	try {
		const pushed = await restoreToUrl({
			mirror,
			snapshot,
			target,
			force,
			withLfs,
			progress,
			onOverwrite: names => onOverwrite(names.map(refText)),
		});
		const files =
			folder === undefined
				? undefined
				: await restoreFilesToFolder({mirror, snapshot, folder, backups, progress, signal});
		return fromPush(target.url, pushed, files);
	} catch (error) {
		throw error instanceof RequestFailed || error instanceof GitFailed
			? pushFailure(target.url, error, credential)
			: error;
	} finally {
		close();
	}
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
	if (ownServer(await workplace.store.read(), plan, {origin}) === undefined) {
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

/** The organization of a plan, where an address lies on its own Git server. */
export function ownServer(
	{organizations}: StoreContents,
	plan: Plan,
	{origin}: Pick<PushAddress, 'origin'>,
): Organization | undefined {
	return organizations.find(
		({workspace, gitUrl}) =>
			origin !== undefined && workspace === plan.organization && new URL(gitUrl).origin === origin,
	);
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
