import {randomUUID} from 'node:crypto';
import {open, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';

/** Where a description lies in its file; bytes. */
export type DescriptionPlace = {readonly offset: number; readonly length: number};

/**
Descriptions of the repositories that a run has listed, exactly as Bitbucket gave them. Thousands of ten kilobytes each are
too much for memory, and each is needed once: when the repository's backup begins.
*/
export type DescriptionFile = {
	readonly add: (description: Uint8Array) => Promise<DescriptionPlace>;
	readonly read: (place: DescriptionPlace) => Promise<Buffer>;
	readonly close: () => Promise<void>;
};

/** For a run that only says what it would do. */
export const noDescriptions: DescriptionFile = {
	add: async () => ({offset: 0, length: 0}),
	read: async () => Buffer.alloc(0),
	close: async () => undefined,
};

/**
Makes an empty file in a folder, for as long as it is open: it has no name any more when this returns, so a kill leaves
nothing behind. What a kill before that has left there is cleared away.

@throws The file system's error.
*/
export async function openDescriptionFile(folder: string): Promise<DescriptionFile> {
	// One that another run has just made it needs no longer: it has it open.
	for (const name of (await readdir(folder)).filter(other => leftBehind.test(other))) {
		await rm(join(folder, name), {force: true});
	}

	const path = join(folder, `.repositories-${randomUUID()}`);
	const file = await open(path, 'wx+', 0o600);
	await rm(path, {force: true});
	let end = 0;
	return {
		add: async description => {
			await file.writeFile(description);
			const offset = end;
			end += description.byteLength;
			return {offset, length: description.byteLength};
		},
		read: async ({offset, length}) => {
			const description = Buffer.alloc(length);
			let read = 0;
			while (read < length) {
				const {bytesRead} = await file.read(description, read, length - read, offset + read);
				if (bytesRead === 0) {
					throw new Error('The description of a repository that was put aside is cut.');
				}

				read += bytesRead;
			}

			return description;
		},
		close: async () => file.close(),
	};
}

const leftBehind = /^\.repositories-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
