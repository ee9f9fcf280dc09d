import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import files, {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {join} from 'node:path';
import {test} from 'node:test';
import {makePrivateFolder, removeUnfinished, writeDurably} from '../../source/system/durable-file.ts';
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

test('durable file: where less is written than was given, and no error says so, that is an error', async context => {
	const path = join(await temporaryFolder(context), 'store.json');
	await writeFile(path, 'old');
	const {open} = files;
	context.mock.method(files, 'open', async (...of: Parameters<typeof open>) => {
		const file = await open(...of);
		context.mock.method(file, 'writeFile', async (bytes: Buffer) => file.write(bytes.subarray(1)));
		return file;
	});
	syncBuiltinESMExports();
	context.after(() => {
		context.mock.restoreAll();
		syncBuiltinESMExports();
	});
	await assert.rejects(writeDurably(path, 'new'), /only 2 of 3 bytes were written/);
	assert.equal(await readFile(path, 'utf8'), 'old');
});

test('private folder: made with all above it, for its owner alone', async context => {
	const folder = join(await temporaryFolder(context), 'a', 'b');
	await makePrivateFolder(folder);
	await makePrivateFolder(folder);
	assert.equal((await stat(folder)).mode & 0o777, 0o700);
});

test('durable file: what killed writers left of it goes, and nothing else', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'store.json');
	const others = ['.other.json.1.new', '.store.json.swp', 'store.json', 'store.json.1', 'store.json.new'];
	for (const name of [...others, '.store.json.0b9c.new']) {
		await writeFile(join(folder, name), '');
	}

	await removeUnfinished(path);
	assert.deepEqual((await readdir(folder)).sort(), [...others].sort());
});

const writer = join(import.meta.dirname, 'durable-writer.ts');

test('durable file: where the disk takes no more, the error is told, the old file stays and nothing is left', async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'store.json');
	await writeFile(path, 'old');
	// Largest size of a file, in blocks of 1024 bytes.
	const limited = spawnSync(
		'bash',
		['-c', 'ulimit -f 64 && exec "$@"', 'bash', process.execPath, '--import=tsx', writer, path, '1000000'],
		{encoding: 'utf8', env: {...process.env, TSX_DISABLE_CACHE: '1'}},
	);
	assert.match(limited.stdout, /^refused: EFBIG/, limited.stderr);
	assert.equal(await readFile(path, 'utf8'), 'old');
	assert.deepEqual(await readdir(folder), ['store.json']);
});

test('durable file: is on disk before it gets its name, and the name before that is acknowledged', {
	skip: spawnSync('strace', ['-V']).error !== undefined && 'strace is not installed',
}, async context => {
	const folder = await temporaryFolder(context);
	const path = join(folder, 'store.json');
	const log = join(folder, 'calls');
	const traced = spawnSync(
		'strace',
		[
			...['-f', '-y', '-o', log, '-e', 'trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2'],
			...[process.execPath, '--import=tsx', writer, path, '10'],
		],
		{encoding: 'utf8', env: {...process.env, UV_THREADPOOL_SIZE: '1'}},
	);
	assert.equal(traced.stdout, 'written\n', traced.stderr);
	const calls = (await readFile(log, 'utf8')).split('\n').flatMap(line => {
		const match = /^\d+ +(\w+)\((.*)/.exec(line);
		const [, name = '', rest = ''] = match ?? [];
		if (name.includes('write') && rest.startsWith('1<') && rest.includes('written')) {
			return ['acknowledged'];
		}

		if (!rest.includes(folder)) {
			return [];
		}

		if (name.startsWith('rename')) {
			return ['rename'];
		}

		const target = rest.includes('store.json') ? 'file' : 'folder';
		return [`${name.replace('pwrite64', 'write').replace('fdatasync', 'fsync')} ${target}`];
	});
	assert.deepEqual(calls, ['write file', 'fsync file', 'rename', 'fsync folder', 'acknowledged']);
});
