import {lstat, mkdir, readdir, readFile, rename} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import * as z from 'zod';
import {synchroniseFolder, writeDurably} from '../../system/durable-file.ts';
import {makeFolder} from '../mirror-folder.ts';
import {snapshotId} from '../snapshot-id.ts';
import {pathIn} from './walk.ts';

/** Where a mirror keeps what is damaged: nothing is thrown away, and nothing of it is needed. */
export const damagedFolder = 'damaged';
const reportName = 'report.json';

/** Takes damaged files out of the way, into a folder of this time: `damaged/<time>`. */
export type MovedAside = {
	/** The folder, relative to the mirror; undefined as long as nothing was moved. */
	readonly folder: () => string | undefined;
	/** @param path A byte string, relative to the mirror. Its place in the folder is the same. */
	readonly move: (path: string) => Promise<void>;
	/** Keeps a copy of a file's contents there. */
	readonly keep: (path: string, contents: Buffer) => Promise<void>;
	/** Remembers snapshots of which nothing is left, so that each later verification says it. */
	readonly rememberLost: (snapshots: readonly string[]) => Promise<void>;
};

/** @param now Milliseconds since the epoch. */
export function createMovedAside(mirrorFolder: string, now: number): MovedAside {
	const folder = `${damagedFolder}/${snapshotId(now)}`;
	let isMade = false;
	const make = async (path: string): Promise<void> => {
		await makeFolder(join(mirrorFolder, damagedFolder));
		await makeFolder(join(mirrorFolder, folder));
		await mkdir(pathIn(mirrorFolder, dirname(`${folder}/${path}`)), {recursive: true});
		isMade = true;
	};

	return {
		folder: () => (isMade ? folder : undefined),
		move: async path => {
			await make(path);
			const from = pathIn(mirrorFolder, path);
			const to = pathIn(mirrorFolder, `${folder}/${path}`);
			try {
				await rename(from, to);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
					throw error;
				}
			}
		},
		keep: async (path, contents) => {
			await make(path);
			await writeDurably(join(mirrorFolder, folder, path), contents);
		},
		rememberLost: async snapshots => {
			await make(reportName);
			await writeDurably(
				join(mirrorFolder, folder, reportName),
				`${JSON.stringify({lostSnapshots: snapshots}, undefined, '\t')}\n`,
			);
			await synchroniseFolder(join(mirrorFolder, damagedFolder));
		},
	};
}

const ReportSchema = z.looseObject({lostSnapshots: z.array(z.string())});

/** Snapshots that earlier verifications found to be lost, by the folder that says it, relative to the mirror. */
export async function readLostSnapshots(
	mirrorFolder: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
	const lost = new Map<string, readonly string[]>();
	const folder = join(mirrorFolder, damagedFolder);
	const found = await lstat(folder).catch(() => undefined);
	for (const name of found?.isDirectory() ? (await readdir(folder)).sort() : []) {
		try {
			const report = ReportSchema.parse(JSON.parse(await readFile(join(folder, name, reportName), 'utf8')));
			lost.set(`${damagedFolder}/${name}`, report.lostSnapshots);
		} catch {
			// Nothing was lost then, or nobody can tell any more.
		}
	}

	return lost;
}
