import {lstat, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {writeDurably} from '../system/durable-file.ts';
import {UserError} from '../system/user-error.ts';

/**
The configuration of every mirror. A file in the destination is data, not trust: it is written anew before each use, since
a planted `core.sshCommand`, hook or `insteadOf` would be executed.

`core.fsync`: git's default brings nothing to the disk. `preciousObjects`, `gc` and `maintenance`: nothing is ever removed
behind our back. `unpackLimit`: what comes at once is kept as one pack instead of a file for each object.
*/
export const mirrorConfig = `# Written by bucket-brigade before each use; changes are lost.
[core]
	repositoryformatversion = 1
	filemode = false
	bare = true
	hooksPath = /dev/null
	fsync = all
	logAllRefUpdates = false
	attributesFile = /dev/null
	excludesFile = /dev/null
[extensions]
	preciousObjects = true
[gc]
	auto = 0
	pruneExpire = never
	packRefs = false
[maintenance]
	auto = false
[fetch]
	fsckObjects = true
	unpackLimit = 1
	writeCommitGraph = false
[transfer]
	fsckObjects = true
	bundleURI = false
[fastimport]
	unpackLimit = 1
[protocol]
	version = 2
`;

/** What redirects git elsewhere, or hides history from it. A mirror has none of these. */
const strangers = [
	'commondir',
	'shallow',
	'config.worktree',
	'info/grafts',
	'objects/info/alternates',
	'objects/info/http-alternates',
];

/** Links in these places would lead writes out of the mirror. */
const ownEntries = [
	'config',
	'HEAD',
	'packed-refs',
	'objects',
	'objects/pack',
	'objects/info',
	'refs',
	'lfs',
	'downloads',
];

/** @throws UserError naming what does not belong there. */
export async function assertNothingPlanted(folder: string): Promise<void> {
	for (const name of strangers) {
		if ((await typeOf(join(folder, name))) !== 'absent') {
			throw planted(join(folder, name));
		}
	}

	for (const name of ownEntries) {
		if ((await typeOf(join(folder, name))) === 'link') {
			throw planted(join(folder, name));
		}
	}
}

/** Puts the template in place of whatever stands in a mirror's `config`. */
export async function writeMirrorConfig(folder: string): Promise<void> {
	if (!(await isConfigOurs(folder))) {
		await writeDurably(join(folder, 'config'), mirrorConfig);
	}
}

export async function isConfigOurs(folder: string): Promise<boolean> {
	return (await readFile(join(folder, 'config'), 'utf8').catch(() => undefined)) === mirrorConfig;
}

async function typeOf(path: string): Promise<'absent' | 'link' | 'other'> {
	try {
		return (await lstat(path)).isSymbolicLink() ? 'link' : 'other';
	} catch (error) {
		if (
			(error as NodeJS.ErrnoException).code === 'ENOENT' ||
			(error as NodeJS.ErrnoException).code === 'ENOTDIR'
		) {
			return 'absent';
		}

		throw error;
	}
}

function planted(path: string): UserError {
	return new UserError(
		`${path} does not belong into a mirror and could lead git astray. Look who put it there, and move it away.`,
	);
}
