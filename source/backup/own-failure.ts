import {GitFailed} from '../system/git.ts';
import {UserError} from '../system/user-error.ts';

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
		// A ref may have a name that no file can have: that is one repository's trouble.
		const complains = own.some(line => writeComplaints.test(line) && !/file name too long/i.test(line));
		// A git that ends without a word was killed: by the system, for want of memory or of leave to write more.
		return complains || !own.some(line => /^(fatal|error):/.test(line));
	}

	if (!(error instanceof Error)) {
		return false;
	}

	const {code, syscall} = error as NodeJS.ErrnoException;
	if (code === 'ERR_SQLITE_ERROR') {
		return true;
	}

	return typeof syscall === 'string' && typeof code === 'string' && !networkCodes.test(code);
}

/** The run cannot save anything more. */
export class DestinationFailed extends UserError {
	override name = 'DestinationFailed';
}

/** The sentence for a person about an error of our own writes. */
export function destinationFailure(folder: string, error: unknown): DestinationFailed {
	const reason = error instanceof Error ? error.message : String(error);
	return new DestinationFailed(
		`The destination ${folder} cannot be written: ${reason}. Free space or make it writable, then run the plan again.`,
		{cause: error},
	);
}

/** An error of our own writes as a sentence for a person; any other error as it is. */
export function namedFailure(folder: string, error: unknown): unknown {
	return isOwnFailure(error) ? destinationFailure(folder, error) : error;
}
