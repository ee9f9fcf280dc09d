import {lstat, readFile} from 'node:fs/promises';
import {UserError} from '../system/user-error.ts';

/**
Reads a file that only its owner may read.

@returns undefined where there is none.
@throws UserError where others could read or change it, or it belongs to somebody else.
*/
export async function readPrivateFile(path: string): Promise<Buffer | undefined> {
	let status: Awaited<ReturnType<typeof lstat>>;
	try {
		status = await lstat(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw new UserError(`${path} cannot be read: ${(error as Error).message}.`, {cause: error});
	}

	if (!status.isFile()) {
		throw new UserError(`${path} is not a plain file; it is not used.`);
	}

	const owner = process.getuid?.();
	if (owner !== undefined && status.uid !== owner) {
		throw new UserError(
			`${path} belongs to another user; it is not used. Make it your own with: chown ${owner} ${path}`,
		);
	}

	// Windows has no such modes; its access lists are another matter.
	if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
		throw new UserError(
			`${path} can be read or changed by other users; it is not used. Mend that with: chmod 600 ${path}`,
		);
	}

	return readFile(path);
}
