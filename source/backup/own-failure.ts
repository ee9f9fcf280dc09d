import {GitFailed} from '../system/git.ts';
import {SaveFailed} from '../system/save-failed.ts';

/** Errors of the network; all other errors of system calls are this machine's own. */
const networkCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|EADDR|ERR_|EPROTO)/;

/** What git says when it cannot write, in its own messages; what the other side says starts with `remote:`. */
const writeComplaints =
	/no space left on device|disk quota exceeded|read-only file system|input\/output error|file too large|too many open files|permission denied|out of diskspace|write error|close error|fsync error|died of signal|curl 23\b|unable to (write|create|append|rename|fsync|close)|could(n't| not) (write|lock|create|close|rename|fsync|set)|failed to (write|create|rename|checksum|fsync)|cannot (store|create|open|close|rename|write) /i;

/**
Whether an error is about what we write, rather than about what we read from Bitbucket: a full disk, a folder that cannot
be written, a lost mount. Such a run has failed; it never passes for a source that could not be read.
*/
export function isOwnFailure(error: unknown): boolean {
	if (error instanceof GitFailed) {
		// A git that ends without a word was killed: by the system, for want of memory or of leave to write more.
		return complaintOf(error) !== undefined || !ownLines(error).some(line => /^(fatal|error):/.test(line));
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
	const complaint = error instanceof GitFailed ? complaintOf(error) : undefined;
	return new SaveFailed(
		isOfHome ? 'The state database in the program’s home' : `The destination ${folder}`,
		// Its last word is often what came of it.
		complaint === undefined ? error : complaint.replace(/^(fatal|error): /, '').trim(),
	);
}

/** An error of our own writes as a sentence for a person; any other error as it is. */
export function namedFailure(folder: string, error: unknown): unknown {
	return isOwnFailure(error) ? destinationFailure(folder, error) : error;
}

/** What git says of its own, not the other side. */
function ownLines({stderr}: GitFailed): readonly string[] {
	return stderr.split(/[\r\n]+/).filter(line => !line.startsWith('remote:'));
}

/** The line in which git says that it cannot write. */
function complaintOf(error: GitFailed): string | undefined {
	// A ref may have a name that no file can have: that is one repository's trouble.
	return ownLines(error).find(line => writeComplaints.test(line) && !/file name too long/i.test(line));
}

function isOfDatabase(error: unknown): error is Error {
	return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR';
}
