import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {makeFolders} from '../../source/system/make-folders.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('folders: made with all above them, for their owner alone; what is there stays', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'a', 'b', 'c');
	assert.equal(await makeFolders(path), join(folder, 'a'));
	assert.equal((await stat(path)).mode & 0o777, 0o700);
	assert.equal(await makeFolders(path), undefined);
});

test('folders: several at once are made by whoever comes first', async context => {
	const folder = await temporaryFolder(context);
	await Promise.all(Array.from({length: 8}, async () => makeFolders(join(folder, 'x', 'y', 'z'))));
	assert.ok(existsSync(join(folder, 'x', 'y', 'z')));
});

test('folders: a file in the way is an error', async context => {
	const folder = await temporaryFolder(context);
	const file = join(folder, 'file');
	await writeFile(file, '');
	await assert.rejects(makeFolders(file), /EEXIST/);
	await assert.rejects(makeFolders(join(file, 'below')), /ENOTDIR/);
});

test('folders: where none can be made that is an error, at once', async context => {
	if (!existsSync('/proc/self')) {
		context.skip('there is no /proc');
		return;
	}

	await assert.rejects(makeFolders('/proc/no-such-folder/below'), /ENOENT/);
});
