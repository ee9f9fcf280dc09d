import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {SandboxError} from './sandbox-error.ts';

/** Shows that a folder is a sandbox's own: what lies in it may be replaced. */
const markerName = '.bucket-brigade-sandbox';

export type SandboxFolder = {
	readonly path: string /** Removes it if it was a temporary one. */;
	readonly close: () => Promise<void>;
};

/** The given folder, made where it is missing and refused where it holds what is somebody else's; else a temporary one. */
export async function openSandboxFolder(folder?: string): Promise<SandboxFolder> {
	if (folder === undefined) {
		const temporary = await mkdtemp(path.join(os.tmpdir(), 'bucket-brigade-sandbox-'));
		return {path: temporary, close: () => rm(temporary, {recursive: true, force: true, maxRetries: 3})};
	}

	const chosen = path.resolve(folder);
	await mkdir(chosen, {recursive: true});
	const names = await readdir(chosen);
	if (names.length > 0 && !names.includes(markerName)) {
		throw new SandboxError(`The folder ${chosen} is not empty and no sandbox made it: choose another one.`);
	}

	await writeFile(
		path.join(chosen, markerName),
		'Git data of a sandbox. It makes them anew at each start.\n',
	);
	return {path: chosen, close: async () => {}};
}
