import assert from 'node:assert/strict';
import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {makePrivateFolder, writeDurably} from '../../source/system/durable-file.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('durable file: replaces the old one, for its owner alone, and leaves nothing else behind', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'store.json');
	await writeFile(path, 'old', {mode: 0o644});
	await writeDurably(path, 'new');
	assert.equal(await readFile(path, 'utf8'), 'new');
	assert.equal((await stat(path)).mode & 0o777, 0o600);
	assert.deepEqual(await readdir(folder), ['store.json']);
});

test('durable file: an error leaves the old one and no temporary file', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'occupied');
	await mkdir(join(path, 'by-a-folder'), {recursive: true});
	await assert.rejects(writeDurably(path, 'new'));
	assert.deepEqual(await readdir(folder), ['occupied']);
});

test('private folder: made with all above it, for its owner alone', async context => {
	const folder = join(await temporaryFolder(context), 'a', 'b');
	await makePrivateFolder(folder);
	await makePrivateFolder(folder);
	assert.equal((await stat(folder)).mode & 0o777, 0o700);
});
