import {GitFailed} from '../system/git.ts';
import {SaveFailed} from '../system/save-failed.ts';

/** Errors of the network; all other errors of system calls are this machine's own. */
const networkCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|EADDR|ERR_|EPROTO)/;

/** What git says when it cannot write, in its own messages; what the other side says starts with `remote:`. */
const writeComplaints =
	/no space left on device|disk quota exceeded|read-only file system|input\/output error|file too large|too many open files|permission denied|sha1 file .* write error|died of signal|unable to (write|create|append)|could not (write|lock|create)|cannot (store|create|open) /i;

/**
Whether an error is about what we write, rather than about what we read from Bitbucket: a full disk, a folder that cannot
be written, a lost mount. Such a run has failed; it never passes for a source that could not be read.
*/
export function isOwnFailure(error: unknown): boolean {
	if (error instanceof GitFailed) {
		const own = error.stderr.split(/[\r\n]+/).filter(line => !line.startsWith('remote:'));
		// A git that ends without a word was killed: by the system, for want of memory or of leave to write more.
		return own.some(line => writeComplaints.test(line)) || !own.some(line => /^(fatal|error):/.test(line));
	}

	if (error instanceof SaveFailed || isOfDatabase(error)) {
		return true;
	}

	if (!(error instanceof Error)) {
		return false;
	}

	const {code, syscall} = error as NodeJS.ErrnoException;

	return typeof syscall === 'string' && typeof code === 'string' && !networkCodes.test(code);
}

/**
The sentence for a person about an error of our own writes: what of the run's they were, and why they failed.

@param folder The destination.
*/
export function destinationFailure(folder: string, error: unknown): SaveFailed {
	if (error instanceof SaveFailed) {
		return error;
	}

	// A mirror's lock is a database too; all others lie in the program's home.
	const isOfHome = isOfDatabase(error) && !error.message.includes(' cannot be locked: ');
	return new SaveFailed(isOfHome ? 'The state database in the program’s home' : `The destination ${folder}`, error);
}

function isOfDatabase(error: unknown): error is Error {
	return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR';
}
