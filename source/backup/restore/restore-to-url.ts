import {join} from 'node:path';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {countOf} from '../../runs/amounts.ts';
import {GitFailed} from '../../system/git.ts';
import {UserError} from '../../system/user-error.ts';
import {forEachAtOnce} from '../at-once.ts';
import type {Snapshot} from '../last-snapshot.ts';
import type {LfsObject} from '../lfs/pointer.ts';
import type {MirrorReader} from '../mirror.ts';
import {noRefs, type RefList} from '../ref-list.ts';
import {hashFile, isFile, storedPath} from './copy-checked.ts';
import {lfsFolder, lfsProblems, readLfsList} from './lfs-objects.ts';
import {isText, listRemote, pushRefs, type RejectedRef} from './push-refs.ts';
import type {PushTarget} from './push-target.ts';
import {BackupDamaged} from './restore-failure.ts';
import type {RestoreProgress} from './restore-progress.ts';
import {type UploadedLfs, uploadLfsObjects} from './upload-lfs.ts';
import {uploadByUsersLfs} from './users-lfs.ts';

export type RestoreToUrlOptions = {
	readonly mirror: MirrorReader;
	readonly snapshot: Snapshot;
	readonly target: PushTarget;
	/** Whether refs of a repository that has some may be written over. */
	readonly force: boolean;
	readonly withLfs: boolean;
	readonly progress: RestoreProgress;
	/** Told before anything is pushed: the refs that will be written over. Names are byte strings. */
	readonly onOverwrite: (names: readonly string[]) => void;
};

export type PushedRepository = {
	readonly refs: RefList;
	readonly rejected: readonly RejectedRef[];
	readonly overwritten: readonly string[];
	readonly lfsObjects: number;
	/** Where the repository's HEAD points now; a push cannot change it. */
	readonly remoteHead: string | undefined;
	/** What is missing, in sentences, the refused refs aside. */
	readonly missing: readonly string[];
};

/**
Pushes a snapshot to a repository: each ref by its id. Deletes nothing, and touches no repository that has refs, unless it is
told to: then it writes over those that the snapshot has.

@throws UserError, BackupDamaged, RequestFailed, GitFailed.
*/
export async function restoreToUrl(options: RestoreToUrlOptions): Promise<PushedRepository> {
	const {mirror, snapshot, target, force, progress, onOverwrite} = options;
	const refs = snapshot.refs ?? noRefs;
	await assertComplete(mirror, refs);
	const present = await listRemote(target, mirror);
	if (present.refs.size > 0 && !force) {
		throw new UserError(
			`${target.url} is not empty: it has ${countOf(present.refs.size, 'ref')} and was left as it is. Name an empty repository, or write over its refs with --force.`,
		);
	}

	const overwritten = [...refs.refs].flatMap(([name, id]) => {
		const there = present.refs.get(name);
		return there === undefined || there === id ? [] : [name];
	});
	if (overwritten.length > 0) {
		onOverwrite(overwritten);
	}

	// Before the refs: a server may refuse commits whose LFS objects it does not have.
	const lfs = await uploadLfs(options);
	const {pushable, rejected} = splitNames(refs);
	const refused = await pushRefs({mirror, target, refs: pushable, present: present.refs, progress});
	const after = await listRemote(target, mirror);
	const all = [...rejected, ...refused, ...notThere(pushable, refused, after)];
	return {
		refs,
		rejected: all,
		overwritten: overwritten.filter(name => !all.some(ref => ref.name === name)),
		lfsObjects: lfs.uploaded,
		remoteHead: after.head,
		missing: lfs.problems,
	};
}

/** @throws BackupDamaged where something that the refs lead to is not in the mirror: nothing of it is pushed then. */
async function assertComplete(mirror: MirrorReader, {refs}: RefList): Promise<void> {
	if (refs.size === 0) {
		return;
	}

	try {
		await mirror.read(['rev-list', '--objects', '--quiet', '--stdin'], {
			input: [...new Set(refs.values())].map(id => `${id}\n`).join(''),
		});
	} catch (error) {
		throw error instanceof GitFailed ? new BackupDamaged(error.message, {cause: error}) : error;
	}
}

function splitNames({head, refs}: RefList): {
	readonly pushable: RefList;
	readonly rejected: readonly RejectedRef[];
} {
	const strange = [...refs.keys()].filter(name => !isText(name));
	return {
		pushable: {head, refs: new Map([...refs].filter(([name]) => isText(name)))},
		rejected: strange.map(name => ({name, reason: 'its name is no text; restore it to a folder'})),
	};
}

/** What was said to be taken and is not there. */
function notThere({refs}: RefList, refused: readonly RejectedRef[], after: RefList): readonly RejectedRef[] {
	const known = new Set(refused.map(({name}) => name));
	return [...refs].flatMap(([name, id]) => {
		if (known.has(name) || after.refs.get(name) === id) {
			return [];
		}

		return [{name, reason: 'it was taken, and is not there'}];
	});
}

async function uploadLfs({
	mirror,
	snapshot,
	target,
	withLfs,
	progress,
}: RestoreToUrlOptions): Promise<UploadedLfs> {
	const listed = withLfs ? await readLfsList(mirror, snapshot) : [];
	if (listed === undefined) {
		return {uploaded: 0, problems: ['the list of LFS objects (lfs.json) cannot be read']};
	}

	const {whole, problems} = await findWhole(mirror, listed);
	if (whole.length === 0) {
		return {uploaded: 0, problems};
	}

	const {withSignIn, usersConfiguration, url} = target;
	const done =
		withSignIn === undefined
			? await uploadByUsersLfs({
					mirror,
					url,
					objects: whole,
					usersConfiguration: usersConfiguration ?? {allowHttp: false},
				})
			: await uploadLfsObjects({
					cloneUrl: url.endsWith('.git') ? url : `${url}.git`,
					withSignIn,
					folder: lfsFolder(mirror.folder),
					objects: whole,
					progress,
					signal: mirror.signal,
				});
	return {uploaded: done.uploaded, problems: [...problems, ...done.problems]};
}

/** The objects that are there and are what their ids say. */
async function findWhole(
	mirror: MirrorReader,
	objects: readonly LfsObject[],
): Promise<{readonly whole: readonly LfsObject[]; readonly problems: readonly string[]}> {
	const whole: LfsObject[] = [];
	const missing: string[] = [];
	const damaged: string[] = [];
	await forEachAtOnce(objects, 2, async object => {
		mirror.signal.throwIfAborted();
		const path = join(lfsFolder(mirror.folder), storedPath(object.oid));
		if (!(await isFile(path))) {
			missing.push(object.oid);
		} else if ((await hashFile(path)).hash === object.oid) {
			whole.push(object);
		} else {
			damaged.push(object.oid);
		}
	});
	return {whole, problems: lfsProblems(missing, damaged)};
}

/**
Why nothing could be pushed, in one sentence.

@param credential Label of the organization's credential that signed in; undefined where git signed in for the user.
*/
export function pushFailure(
	url: string,
	error: RequestFailed | GitFailed,
	credential: string | undefined,
): UserError {
	if (credential === undefined || !(error instanceof RequestFailed) || error.reason !== 'forbidden') {
		return new UserError(`Nothing could be pushed to ${url}: ${error.message}`, {cause: error});
	}

	return new UserError(
		/\b404\b|not found/i.test(error.message)
			? `There is no repository at ${url}, or the credential "${credential}" does not see it: make an empty one there first.`
			: `The credential "${credential}" may not push to ${url}: it takes the scope write:repository:bitbucket and the permission to write. Or restore to a folder, and push from there as yourself.`,
		{cause: error},
	);
}
