import {constants} from 'node:fs';
import {open, stat} from 'node:fs/promises';
import {UserError} from '../system/user-error.ts';

type Owned = {readonly uid: number; readonly mode: number};

/** Who may look into a file: its owner alone; or, for what a service manager hands out, root and the group that it chose. */
export type Privacy = 'own' | 'handed-out';

/**
Reads a file that only its owner may read.

@returns undefined where there is none.
@throws UserError where others could read or change it, or it belongs to somebody else.
*/
export async function readPrivateFile(path: string, privacy: Privacy = 'own'): Promise<Buffer | undefined> {
	try {
		// Not waiting for the other end: of a pipe it is said below that it is not used.
		const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const status = await file.stat();
			if (!status.isFile()) {
				throw new UserError(`${path} is not a plain file; it is not used.`);
			}

			assertPrivate(path, status, privacy === 'own' ? {forbidden: 0o077, wanted: '600'} : handedOut);
			return await file.readFile();
		} finally {
			await file.close();
		}
	} catch (error) {
		if (error instanceof UserError) {
			throw error;
		}

		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw new UserError(`${path} cannot be read: ${(error as Error).message}.`, {cause: error});
	}
}

/** @throws UserError where others than its owner could look into a folder, or it belongs to somebody else. */
export async function assertPrivateFolder(path: string): Promise<void> {
	assertPrivate(path, await stat(path), {forbidden: 0o077, wanted: '700'});
}

/** @throws UserError where others than its owner could put something into a folder, or it belongs to somebody else. */
export async function assertOwnFolder(path: string): Promise<void> {
	assertPrivate(path, await stat(path), {forbidden: 0o022, wanted: '700'});
}

type Rule = {readonly forbidden: number; readonly wanted: string; readonly mayBeRoots?: true};

/** systemd gives a unit's credentials to root and lets the unit's user in by an access list, which shows as the group's right to read. */
const handedOut: Rule = {forbidden: 0o037, wanted: '400', mayBeRoots: true};

function assertPrivate(path: string, {uid, mode}: Owned, {forbidden, wanted, mayBeRoots}: Rule): void {
	const owner = process.getuid?.();
	if (owner !== undefined && uid !== owner && !(mayBeRoots === true && uid === 0)) {
		throw new UserError(
			`${path} belongs to another user; it is not used. Make it your own with: chown ${owner} ${path}`,
		);
	}

	// Windows has no such modes; its access lists are another matter.
	if (process.platform !== 'win32' && (mode & forbidden) !== 0) {
		throw new UserError(
			`${path} can be read or changed by other users; it is not used. Mend that with: chmod ${wanted} ${path}`,
		);
	}
}
