import {acceptChange, type ForgottenMirror, forget} from '../actions/forget.ts';
import {compareInWords, inspectSnapshot} from '../actions/inspect-snapshot.ts';
import {findRepositoryBackups} from '../actions/repository-backups.ts';
import {listSnapshotsOf, readChangesTexts} from '../actions/repository-snapshots.ts';
import {restore} from '../actions/restore.ts';
import {expandHome, inspectRestoreTarget} from '../actions/restore-target.ts';
import {restoreStageNames} from '../actions/restored-text.ts';
import {listPullRequests, readPullRequestPage} from '../actions/show-pull-request.ts';
import {listSnapshotFiles, readSnapshotFile} from '../actions/snapshot-files.ts';
import {verifyPlan} from '../actions/verify.ts';
import type {Workplace} from '../actions/workplace.ts';
import {findWorkspaceBackups} from '../actions/workspace-backups.ts';
import type {BackupOf, BackupServices} from './backup-services.ts';

/** What the screens do with backups, on a real home. */
export function createBackupServices(workplace: Workplace): BackupServices {
	const underWay = new Set<Promise<unknown>>();
	const tracked = async <Result>(work: Promise<Result>): Promise<Result> => {
		underWay.add(work);
		try {
			return await work;
		} finally {
			underWay.delete(work);
		}
	};

	const forgetOne = async (
		{plan, folder}: BackupOf,
		dryRun: boolean,
		signal: AbortSignal,
	): Promise<ForgottenMirror> => {
		for await (const forgotten of forget(workplace, plan, {repository: folder, dryRun, signal})) {
			return forgotten;
		}

		throw new Error(`There is no backup in ${folder} any more.`);
	};

	return {
		backups: async (workspace, repository, signal) =>
			findRepositoryBackups(workplace, {workspace, repository, signal}),
		workspaceBackups: async (workspace, signal) => findWorkspaceBackups(workplace, {workspace, signal}),
		snapshots: async ({plan, folder}, signal) =>
			listSnapshotsOf(workplace, {plan, repository: folder, signal}),
		changesTexts: async ({plan, folder}, pairs, signal) =>
			readChangesTexts(workplace, {plan, repository: folder, pairs, signal}),
		snapshot: async ({plan, folder}, snapshot, signal) =>
			inspectSnapshot(workplace, {plan, repository: folder, snapshot, signal}),
		compare: async ({plan, folder}, pair, signal) =>
			compareInWords(workplace, {plan, repository: folder, ...pair, signal}),
		pullRequests: async ({plan, folder}, snapshot, signal) =>
			listPullRequests(workplace, {plan, repository: folder, snapshot, signal}),
		pullRequest: async ({plan, folder}, snapshot, number, signal) =>
			readPullRequestPage(workplace, {plan, repository: folder, snapshot, number, signal}),
		snapshotFiles: async ({plan, folder}, snapshot, signal) =>
			listSnapshotFiles(workplace, {plan, repository: folder, snapshot, signal}),
		snapshotFile: async ({plan, folder}, snapshot, path, signal) =>
			readSnapshotFile(workplace, {plan, repository: folder, snapshot, path, signal}),
		restoreTarget: async of => inspectRestoreTarget(workplace, of),
		restore: async ({plan, folder, snapshot, form, to, withMetadata, withLfs, force}, report, signal) =>
			tracked(
				restore(workplace, {
					plan,
					repository: folder,
					snapshot,
					to: form === 'push' ? to.trim() : expandHome(to.trim()),
					isWorkingCopy: form === 'working-copy',
					metadata: withMetadata && form !== 'push' ? 'beside' : 'none',
					withLfs,
					force: force && form === 'push',
					progress: (stage, done, total, unit) =>
						report({stage: restoreStageNames[stage], done, total, unit}),
					// It is said before it is begun that refs are written over, and afterwards which.
					onOverwrite: () => undefined,
					signal,
				}),
			),
		verify: async ({plan, folder}, repair, report, signal) =>
			tracked(
				verifyPlan(workplace, plan, {
					repository: folder,
					repair,
					signal,
					onProgress: (done, total, unit) => report({stage: 'reading', done, total, unit}),
				}).then(({verifications}) => verifications),
			),
		inspectForget: async (of, signal) => forgetOne(of, true, signal),
		forget: async (of, signal) => tracked(forgetOne(of, false, signal)),
		acceptChange: async ({plan, folder}) => {
			const {frozen} = await tracked(acceptChange(workplace, plan, folder));
			return frozen.reason;
		},
		settled: async () => {
			await Promise.allSettled(underWay);
		},
	};
}
