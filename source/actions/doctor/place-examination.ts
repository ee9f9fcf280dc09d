import {stat, statfs} from 'node:fs/promises';
import {dirname} from 'node:path';
import {formatBytes} from '../../runs/amounts.ts';
import type {Examination} from './examination.ts';

/**
Looks at who may see into a folder or a file of the home.

@returns undefined where there is none yet.
*/
export async function examinePrivacy(
	path: string,
	owner: number | undefined,
): Promise<Examination | undefined> {
	try {
		const {mode, uid} = await stat(path);
		return judgePrivacy(path, {mode, uid}, owner);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT'
			? undefined
			: {about: 'home', state: 'bad', text: `${path} cannot be looked at: ${(error as Error).message}`};
	}
}

/** @param owner Uid of this process; undefined where the system has none. */
export function judgePrivacy(
	path: string,
	{mode, uid}: {readonly mode: number; readonly uid: number},
	owner: number | undefined,
): Examination {
	if (owner === undefined) {
		return {about: 'home', state: 'good', text: path};
	}

	if (uid !== owner) {
		return {
			about: 'home',
			state: 'bad',
			text: `${path} belongs to another user: make it your own with: chown ${owner} ${path}`,
		};
	}

	if ((mode & 0o022) !== 0) {
		return {
			about: 'home',
			state: 'bad',
			text: `${path} can be changed by other users: mend that with: chmod go-w ${path}`,
		};
	}

	return {about: 'home', state: 'good', text: path};
}

/** Less than this, and less than a twentieth of the disk, is little. */
const little = 2 * 1024 ** 3;

/** How much room is where backups go; a folder that does not exist yet is judged by the one above it. */
export async function examineRoom(path: string, what: string): Promise<Examination> {
	try {
		const {bavail, blocks, bsize} = await statfs(path);
		return judgeRoom(path, what, {free: bavail * bsize, all: blocks * bsize});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(path) !== path) {
			return examineRoom(dirname(path), what);
		}

		return {
			about: 'disk',
			state: 'bad',
			text: `${what}: ${path} cannot be looked at: ${(error as Error).message}`,
		};
	}
}

export function judgeRoom(
	path: string,
	what: string,
	{free, all}: {readonly free: number; readonly all: number},
): Examination {
	const room = `${what}: ${formatBytes(free)} free at ${path}`;
	return free < little && free < all / 20
		? {about: 'disk', state: free === 0 ? 'bad' : 'attention', text: `${room}, which is little: make room`}
		: {about: 'disk', state: 'good', text: room};
}
