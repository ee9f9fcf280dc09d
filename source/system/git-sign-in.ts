import type {ChildProcess} from 'node:child_process';
import {closeSync, constants, openSync, writeFileSync} from 'node:fs';
import type {Writable} from 'node:stream';
import {isSafeOrigin} from '../model/organization.ts';

/*
How git learns a user name and a password without their standing in an argument, an address, a file or an environment.

Twice, and each way for one origin only:

1. As a header that git sends from its first request on. It stands in a file in memory that has no name and that git
   includes in its configuration by the number of the open file. (A pipe would not do: git and each of its children read the
   configuration anew. The environment would, but there it can be read in `/proc` for as long as git and its children live.)
2. As a credential helper that reads from a pipe, for when the header cannot be handed over (elsewhere than on Linux) and
   for the moment after a refusal: git then tries once more, and tells what the server said.

Counted at a server with git 2.39: signed in from the start, `ls-remote` takes 2 requests, a fetch that finds nothing
new 2, a clone 3. By the helper alone it is one more each, the first one without a credential: that is answered 401, and
counts against the few requests that Bitbucket allows to an address that has not signed in. From 2.46 on git asks the
helper beforehand when told to (`http.proactiveAuth`), which comes to the same numbers as the header. A refused sign-in
takes 2 requests either way. A server on another host or port gets neither header nor answer.
*/

/** How git signs in: for one origin only. */
export type GitSignIn = {
	/** `https://bitbucket.org` */
	readonly origin: string;
	readonly username: string;
	readonly password: string;
};

export type PreparedSignIn = {
	/** Git settings, `name=value`; no secret is in them. */
	readonly settings: readonly string[];
	/** For whom the helper may answer; no secret either. */
	readonly environment: Readonly<Record<string, string>>;
	/** What git's file descriptors are from 3 on. */
	readonly descriptors: ReadonlyArray<'pipe' | 'ignore' | number>;
	/** Gives the started git what it needs. */
	readonly handOver: (child: ChildProcess) => void;
	/** Closes what was opened for git; to be called once it was started, or could not be. */
	readonly close: () => void;
};

const protocolVariable = 'BUCKET_BRIGADE_GIT_PROTOCOL';
const hostVariable = 'BUCKET_BRIGADE_GIT_HOST';
const pipeDescriptor = 3;
const headerDescriptor = 4;

/** How often one git may ask the helper: once for each process that talks to the server, and a few more. */
const copies = 16;

/**
A credential helper that answers `get` for the exact protocol and host and for nothing else, with the next two lines of
the pipe: user name and password. The shell's `read` takes no byte more than its line, so that each call finds its own.
*/
export const credentialHelper = `!f() {
	test "$1" = get || return 0
	protocol= host=
	while IFS='=' read -r key value && test -n "$key"; do
		case $key in protocol) protocol=$value ;; host) host=$value ;; esac
	done
	test "$protocol" = "$${protocolVariable}" && test "$host" = "$${hostVariable}" || return 0
	IFS= read -r username <&${pipeDescriptor} && IFS= read -r password <&${pipeDescriptor} || return 0
	printf 'username=%s\\npassword=%s\\n' "$username" "$password"
}; f`.replaceAll(/\n\t*/g, '\n');

/** A folder in memory: what is written there never reaches a disk. */
const memoryFolder = '/dev/shm';

/**
@param folder Where the header's nameless file is made.
@throws Error where the sign-in could go astray: over plain http to another machine, or with a line break in it.
*/
export function prepareSignIn(signIn: GitSignIn, folder: string = memoryFolder): PreparedSignIn {
	const {username, password} = signIn;
	if (!isSafeOrigin(signIn.origin)) {
		throw new Error('git is signed in over https only, or over http on loopback');
	}

	if (/[\0\r\n]/.test(username + password)) {
		throw new Error('the user name or the secret for git has a line break in it');
	}

	const {protocol, host, origin} = new URL(signIn.origin);
	const basic = Buffer.from(`${username}:${password}`).toString('base64');
	const header = openNameless(folder, `[http "${origin}"]\n\textraHeader = Authorization: Basic ${basic}\n`);
	return {
		settings: [
			`credential.helper=${credentialHelper}`,
			'http.proactiveAuth=basic',
			...(header === undefined ? [] : [`include.path=/dev/fd/${headerDescriptor}`]),
		],
		environment: {[protocolVariable]: protocol.replace(':', ''), [hostVariable]: host},
		descriptors: ['pipe', header ?? 'ignore'],
		handOver: child => {
			const pipe = child.stdio[pipeDescriptor] as Writable | null;
			// Git may well end without having asked.
			pipe?.on('error', () => undefined);
			pipe?.end(`${username}\n${password}\n`.repeat(copies));
		},
		close: () => {
			if (header !== undefined) {
				closeSync(header);
			}
		},
	};
}

/** Linux's flag for a file without a name; Node does not name it. See open(2). */
const temporaryFileFlag = 0o20_000_000 | constants.O_DIRECTORY;

/** A file that nobody can open by a name and that is gone when the last process closes it; undefined where there is no such thing. */
function openNameless(folder: string, contents: string): number | undefined {
	// Elsewhere a file that is opened by its number goes on where the last reader stopped.
	if (process.platform !== 'linux') {
		return undefined;
	}

	let descriptor: number | undefined;
	try {
		descriptor = openSync(folder, temporaryFileFlag | constants.O_RDWR, 0o600);
		writeFileSync(descriptor, contents);
		return descriptor;
	} catch {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}

		return undefined;
	}
}
