import {randomBytes} from 'node:crypto';
import {constants, copyFile, lstat, open, rename} from 'node:fs/promises';
import {join} from 'node:path';
import {synchroniseFolder} from '../../system/durable-file.ts';

/**
Puts a pack with its index into a mirror, on disk when this returns. Git finds it by the index, which comes last.

@param pack Path without its extension.
@throws The file system's error.
*/
export async function installPack(mirrorFolder: string, pack: string): Promise<void> {
	const folder = join(mirrorFolder, 'objects', 'pack');
	const name = await freeName(folder, pack);
	for (const extension of ['pack', 'idx']) {
		await installFile(`${pack}.${extension}`, folder, `${name}.${extension}`);
	}
}

/** Puts a new index of a pack that is there into a mirror. */
export async function installIndex(mirrorFolder: string, index: string, name: string): Promise<void> {
	await installFile(index, join(mirrorFolder, 'objects', 'pack'), `${name}.idx`);
}

/** Usually the pack's own name; a damaged one may bear it still. */
async function freeName(folder: string, pack: string): Promise<string> {
	const [, hash = ''] = /-([0-9a-f]{40})$/.exec(pack) ?? [];
	const isFree = await lstat(join(folder, `pack-${hash}.pack`)).then(
		() => false,
		() => hash !== '',
	);
	return `pack-${isFree ? hash : randomBytes(20).toString('hex')}`;
}

async function installFile(source: string, folder: string, name: string): Promise<void> {
	// What is cut off in the middle is swept away when the mirror is opened again.
	const temporary = join(folder, `tmp_${name}`);
	await copyFile(source, temporary, constants.COPYFILE_FICLONE);
	const file = await open(temporary, 'r');
	try {
		await file.sync();
	} finally {
		await file.close();
	}

	await rename(temporary, join(folder, name));
	await synchroniseFolder(folder);
}
