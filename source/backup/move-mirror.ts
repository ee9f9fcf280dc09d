import {rename} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {Clock} from '../system/clock.ts';
import {synchroniseFolder} from '../system/durable-file.ts';
import {UserError} from '../system/user-error.ts';
import {openMirror} from './mirror.ts';
import {assertRealFolder, isThere} from './mirror-folder.ts';

/**
Gives a mirror's folder another place in the same destination, in one step: a kill leaves it at the old place or at the new
one, whole.

@returns false where it is not there any more: another run was faster.
@throws UserError where another run works on it; where it, or the folder that it lies in, is a link; where it cannot be moved.
*/
export async function moveMirror(
	from: string,
	to: string,
	{clock, signal}: {readonly clock: Clock; readonly signal: AbortSignal},
): Promise<boolean> {
	if (!(await isThere(from))) {
		return false;
	}

	await assertRealFolder(dirname(from));
	await assertRealFolder(from);
	const mirror = await openMirror(from, clock, signal);
	try {
		await rename(from, to);
		await synchroniseFolder(dirname(to));
		await synchroniseFolder(dirname(from));
		return true;
	} catch (error) {
		throw isRefusal(error)
			? new UserError(
					`${from} could not be moved to ${to} (${error.code}). Move it by hand, then run the plan again.`,
					{cause: error},
				)
			: error;
	} finally {
		mirror.close();
	}
}

/** Whether it is only this folder that cannot be moved: the rest of the destination may well be written. */
function isRefusal(error: unknown): error is NodeJS.ErrnoException {
	const {code = ''} = error as NodeJS.ErrnoException;
	return ['EXDEV', 'EACCES', 'EPERM', 'ENOTEMPTY', 'EEXIST'].includes(code);
}
