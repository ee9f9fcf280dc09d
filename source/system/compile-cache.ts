import {lstatSync, mkdirSync, readdirSync, realpathSync, type Stats, statSync} from 'node:fs';
import module from 'node:module';
import {homedir} from 'node:os';
import {dirname, join, resolve} from 'node:path';

/** How the folder is called in a home that holds everything. */
export const compiledName = 'cache';

/**
Has Node.js keep what it makes of the program's text, so that the next start takes half of the time. It lies where nobody else writes:
what is planted there would be run. NODE_DISABLE_COMPILE_CACHE=1 does without.
*/
export function keepCompiled(environment: NodeJS.ProcessEnv): void {
	const folder = compileCacheFolder(environment, homedir());
	if (folder === undefined || whyNotKept(folder) !== undefined) {
		return;
	}

	const path = join(folder.parent, folder.name);
	try {
		// A home that is not there yet is made by whoever gives it its permissions.
		mkdirSync(path, {mode: 0o700});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			return;
		}
	}

	// Somebody may have been quicker.
	if (whyNotKept(folder) === undefined) {
		module.enableCompileCache?.(path);
	}
}

export type CompileCacheFolder = {readonly parent: string; readonly name: string};

/** Where it lies: in the program's home where one is named, else among the caches of the user. */
export function compileCacheFolder(
	environment: NodeJS.ProcessEnv,
	userHome: string,
): CompileCacheFolder | undefined {
	const home = environment['BUCKET_BRIGADE_HOME'];
	if (home !== undefined && home !== '') {
		return {parent: home, name: compiledName};
	}

	const caches = environment['XDG_CACHE_HOME'] || (userHome === '' ? '' : join(userHome, '.cache'));
	return caches === '' ? undefined : {parent: caches, name: 'bucket-brigade'};
}

/**
Who but this user could have put something there, or could now: in a sentence without its full stop that says what to do.

@returns undefined where nobody could; where nothing is there yet, too.
*/
export function whyNotKept(
	{parent, name}: CompileCacheFolder,
	owner = process.getuid?.(),
): string | undefined {
	// Windows has access lists in place of owners and modes, and gives each user folders of their own.
	if (owner === undefined) {
		return undefined;
	}

	try {
		const real = realpathSync(parent);
		const above = new Set([...withAllAbove(resolve(parent)), ...withAllAbove(real)]);
		const open = [...above].find(path => !isClosedTo(statSync(path), owner));
		if (open !== undefined) {
			return `${open} can be changed by other users: mend that with: chmod go-w ${open}`;
		}

		const path = join(real, name);
		return isOwn(lstatSync(path), owner, 0o077) && areOwn(path, owner)
			? undefined
			: `${path} holds compiled code, and other users could have changed it: remove it with: rm -r ${path}`;
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		return code === 'ENOENT' ? undefined : `${join(parent, name)} cannot be looked at: ${message}`;
	}
}

function withAllAbove(path: string): readonly string[] {
	const above = dirname(path);
	return above === path ? [path] : [path, ...withAllAbove(above)];
}

const others = 0o022;
/** In such a folder everybody may make files, and move only their own: `/tmp`. */
const sticky = 0o1000;

/** Whether only its owner, who is this user or root, may put something else in the place of what a folder holds. */
function isClosedTo({uid, mode}: Stats, owner: number): boolean {
	return (uid === owner || uid === 0) && ((mode & others) === 0 || (mode & sticky) !== 0);
}

/** What Node.js itself makes below has the usual modes, in a folder that only its owner may enter. */
function areOwn(folder: string, owner: number): boolean {
	return readdirSync(folder).every(name => {
		const path = join(folder, name);
		const found = lstatSync(path);
		return isOwn(found, owner, 0) && (!found.isDirectory() || areOwn(path, owner));
	});
}

function isOwn(found: Stats, owner: number, forbidden: number): boolean {
	return (
		found.uid === owner && (found.isDirectory() || found.isFile()) && (found.mode & forbidden & 0o7777) === 0
	);
}
