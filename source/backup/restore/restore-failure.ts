import {GitFailed} from '../../system/git.ts';
import {UserError} from '../../system/user-error.ts';
import {isOwnFailure} from '../own-failure.ts';

/** The backup cannot be read, or is not what it says that it is. */
export class BackupDamaged extends Error {
	override name = 'BackupDamaged';
}

/** The place to restore to cannot be written. */
export class TargetFailed extends UserError {
	override name = 'TargetFailed';

	constructor(folder: string, error: unknown) {
		const reason = error instanceof Error ? error.message : String(error);
		super(
			`${folder} cannot be written: ${reason}. Free space, or choose another folder; nothing was left there.`,
			{
				cause: error,
			},
		);
	}
}

/**
Does something that reads a backup and writes to a folder, and tells the two apart when it fails.

@throws BackupDamaged, TargetFailed, or what has nothing to do with either.
*/
export async function restoring<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof UserError || error instanceof BackupDamaged) {
			throw error;
		}

		if (isOwnFailure(error)) {
			throw new TargetFailed(folder, error);
		}

		throw error instanceof GitFailed ? new BackupDamaged(error.message, {cause: error}) : error;
	}
}
