import {execFileSync} from 'node:child_process';
import {closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A small file system of its own, that a test fills. */
export type SmallDisk = {
	/** Fills it, but for so many bytes. */
	readonly fill: (left?: number) => void;
	/** Takes away what it was filled with. */
	readonly makeRoom: () => void;
	readonly close: () => void;
};

/** Why small file systems cannot be mounted here; false where they can. */
export function whyNoSmallDisk(): string | false {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-mount-'));
	try {
		mount(folder, '64k');
		execFileSync('umount', [folder], {stdio: 'ignore'});
		return false;
	} catch {
		return 'a small file system can be mounted by root alone';
	} finally {
		rmdirSync(folder);
	}
}

/** @param folder Is made where it does not exist. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	mount(folder, `${megabytes}m`);
	const ballast = join(folder, 'ballast');
	return {
		fill: (left = 0) => {
			const {bavail, bsize} = statfsSync(folder);
			const file = openSync(ballast, 'a');
			try {
				writeSync(file, Buffer.alloc(Math.max(0, bavail * bsize - left)));
			} finally {
				closeSync(file);
			}
		},
		makeRoom: () => rmSync(ballast, {force: true}),
		close: () => {
			execFileSync('umount', [folder]);
		},
	};
}

function mount(folder: string, size: string): void {
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder], {stdio: 'ignore'});
}
