import {UserError} from '../system/user-error.ts';
import {type ListedEntry, type MirrorListing, pathIn} from './mirror-listing.ts';

/** What redirects git elsewhere, or hides history from it. A mirror has none of these. */
const strangers = new Set([
	'commondir',
	'shallow',
	'config.worktree',
	'worktrees',
	// Git would write to a log that is there, wherever it leads.
	'logs',
	'info/grafts',
	'objects/info/alternates',
	'objects/info/http-alternates',
	// Here an object can stand in for another one.
	'refs/replace',
]);

const folders = new Set([
	'objects',
	'objects/pack',
	'objects/info',
	'refs',
	'info',
	'lfs',
	'downloads',
	'lfs/objects',
	'lfs/tmp',
	'downloads/tmp',
	'damaged',
]);
const files = new Set(['config', 'HEAD', 'packed-refs']);

/**
Looks for what somebody put into a mirror that leads out of it, hides something in it, or would keep whoever opens it waiting for
ever: links, pipes, devices, files in place of folders.

What is in the files is not judged here: configuration is written anew, hooks are never run, objects bear the hash of what they hold.

@throws UserError naming what does not belong there.
*/
export function assertNothingPlanted(folder: string, listing: MirrorListing): void {
	for (const [path, entries] of listing) {
		for (const entry of entries) {
			const below = path === '' ? entry.name : `${path}/${entry.name}`;
			if (strangers.has(below) || !isExpected(below, entry)) {
				throw planted(pathIn(folder, below));
			}
		}
	}
}

function isExpected(path: string, {kind}: ListedEntry): boolean {
	if (folders.has(path)) {
		return kind === 'folder';
	}

	// What stands where files come in is cleared away, whatever it is.
	if (/^(?:lfs|downloads)\/tmp\//.test(path)) {
		return true;
	}

	return files.has(path) || /^objects\/[0-9a-f]{2}\//.test(path) ? kind === 'file' : kind !== 'other';
}

/** @param path What does not belong there. */
export function planted(path: string): UserError {
	return new UserError(
		`${path} does not belong into a mirror and could lead git astray. Look who put it there, and move it away.`,
	);
}
