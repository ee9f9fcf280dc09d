import {readSnapshot, type Snapshot} from '../backup/last-snapshot.ts';
import {
	type ListedPullRequest,
	listSavedPullRequests,
	type PullRequestFiles,
	pullRequestNumbers,
	readPullRequestFiles,
} from '../backup/reading/pull-request-files.ts';
import {type PullRequestPlace, pullRequestMarkdown} from '../backup/reading/pull-request-markdown.ts';
import {PullRequestSchema, type SavedPullRequest} from '../backup/reading/pull-request-schemas.ts';
import {snapshotPrefix} from '../backup/snapshot-id.ts';
import {formatNumber} from '../runs/amounts.ts';
import {GitFailed} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';
import {type BackupsOf, findSnapshot, type OpenedBackup, openBackup, tellDamage} from './open-backups.ts';
import type {Workplace} from './workplace.ts';

/** Which snapshot of which repository is looked at. */
export type SnapshotOf = BackupsOf & {
	/** Slug, uuid or name of the folder. */
	readonly repository: string;
	/** As it was typed. */
	readonly snapshot: string;
};

export type SavedPullRequests = {
	readonly repository: string;
	readonly snapshot: string;
	/** The newest first. */
	readonly pullRequests: readonly ListedPullRequest[];
};

/** The pull requests that a snapshot holds. @throws UserError */
export async function listPullRequests(workplace: Workplace, of: SnapshotOf): Promise<SavedPullRequests> {
	const {backup, snapshot} = await openSnapshot(workplace, of);
	const {plan, listed, mirror} = backup;
	return {
		repository: listed.name,
		snapshot: snapshot.id,
		pullRequests: await tellDamage(plan.name, listed, async () => listSavedPullRequests(mirror, snapshot)),
	};
}

export type ShownPullRequest = {
	readonly repository: string;
	readonly snapshot: string;
	readonly number: number;
	/** Path of its changes in the snapshot; undefined where they were not saved as a patch. */
	readonly patch: string | undefined;
	readonly files: PullRequestFiles;
	readonly place: PullRequestPlace;
};

/** One pull request as it was saved. @throws UserError (wrong usage) where the snapshot has none of that number. */
export async function showPullRequest(
	workplace: Workplace,
	of: SnapshotOf & {readonly number: number},
): Promise<ShownPullRequest> {
	const {backup, snapshot} = await openSnapshot(workplace, of);
	const {plan, listed, mirror} = backup;
	const numbers = pullRequestNumbers(snapshot);
	if (!numbers.includes(of.number)) {
		throw new UserError(noSuch(of.number, numbers, `the snapshot ${snapshot.id} of ${listed.name}`), {
			exitCode: 2,
		});
	}

	return tellDamage(plan.name, listed, async () => {
		const files = await readPullRequestFiles(mirror, snapshot, of.number);
		const patch = files.hasPatch ? `pull-requests/${of.number}/patch` : undefined;
		return {
			repository: listed.name,
			snapshot: snapshot.id,
			number: of.number,
			patch,
			files,
			place: {
				number: of.number,
				repository: `${plan.organization}/${listed.name}`,
				snapshot: snapshot.id,
				changesCommand: await changesCommand(backup, snapshot, patch, files),
			},
		};
	});
}

/** The same as a page of Markdown that is safe to show. @throws UserError */
export async function readPullRequestPage(
	workplace: Workplace,
	of: SnapshotOf & {readonly number: number},
): Promise<string> {
	const {files, place} = await showPullRequest(workplace, of);
	return pullRequestMarkdown(files, place);
}

async function openSnapshot(
	workplace: Workplace,
	of: SnapshotOf,
): Promise<{readonly backup: OpenedBackup; readonly snapshot: Snapshot}> {
	const backup = await openBackup(workplace, of);
	const {plan, listed, mirror} = backup;
	const {id, commit} = findSnapshot(backup, of.snapshot);
	const snapshot = await tellDamage(plan.name, listed, async () => readSnapshot(mirror, id, commit));
	return {backup, snapshot};
}

function noSuch(number: number, numbers: readonly number[], where: string): string {
	const [newest] = numbers;
	const oldest = numbers.at(-1);
	if (newest === undefined || oldest === undefined) {
		return `There are no pull requests in ${where}.`;
	}

	const above = numbers.findLast(one => one > number);
	const below = numbers.find(one => one < number);
	const nearest = [below, above].flatMap(one => (one === undefined ? [] : [`#${one}`])).join(' and ');
	return `There is no pull request #${number} in ${where}; it has ${formatNumber(numbers.length)}, from #${oldest} to #${newest}, the nearest: ${nearest}.`;
}

/** How to see its changes with git: its patch, or its commits where they are in the mirror. */
async function changesCommand(
	{mirror}: OpenedBackup,
	snapshot: Snapshot,
	patch: string | undefined,
	{pullRequest}: PullRequestFiles,
): Promise<string | undefined> {
	const git = `git --git-dir=${shellWord(mirror.folder)}`;
	if (patch !== undefined) {
		return `${git} show ${snapshotPrefix}${snapshot.id}:${patch}`;
	}

	const parsed: SavedPullRequest = PullRequestSchema.catch(PullRequestSchema.parse({})).parse(pullRequest);
	const hashes = [parsed.destination, parsed.source].map(end => end?.commit?.hash ?? '');
	if (!hashes.every(hash => /^[0-9a-f]{7,64}$/.test(hash))) {
		return undefined;
	}

	try {
		const output = await mirror.read(['cat-file', '--batch-check=%(objecttype)'], {
			input: hashes.map(hash => `${hash}^{commit}\n`).join(''),
		});
		const areThere = output.toString('latin1').trimEnd() === 'commit\ncommit';
		return areThere ? `${git} diff ${hashes.join('...')}` : undefined;
	} catch (error) {
		if (error instanceof GitFailed) {
			return undefined;
		}

		throw error;
	}
}

function shellWord(text: string): string {
	return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
