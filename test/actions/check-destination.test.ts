import assert from 'node:assert/strict';
import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {checkDestination} from '../../source/actions/check-destination.ts';
import {openWorkplace} from '../../source/actions/workplace.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('destination: what is there and what can be made is told, and nothing is made to find out', async context => {
	const folder = await temporaryFolder(context);
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: join(folder, 'home')});
	context.after(() => workplace.close());
	await mkdir(join(folder, 'there'));
	await writeFile(join(folder, 'file'), '');
	const before = await readdir(folder);

	const there = await checkDestination(workplace, ` ${join(folder, 'there')} `);
	assert.equal(there.state, 'exists');
	assert.equal(there.path, join(folder, 'there'));
	assert.ok((there.freeBytes ?? 0) > 0);
	const deep = await checkDestination(workplace, join(folder, 'there', 'a', 'b'));
	assert.equal(deep.state, 'can-be-made');
	assert.equal(deep.nearest, join(folder, 'there'));
	assert.ok((deep.freeBytes ?? 0) > 0);
	assert.equal((await checkDestination(workplace, join(folder, 'file'))).state, 'not-a-folder');
	assert.equal(
		(await checkDestination(workplace, join(folder, 'file', 'below'))).nearest,
		join(folder, 'file'),
	);
	assert.equal((await checkDestination(workplace, '\u0000')).state, 'unreachable');
	assert.equal((await checkDestination(workplace, '')).path, workplace.home.backups);
	assert.deepEqual(await readdir(folder), before);
});

test('destination: a folder that may not be written to is told', {
	skip: process.getuid?.() === 0 && 'root may write everywhere',
}, async context => {
	const folder = await temporaryFolder(context);
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: join(folder, 'home')});
	context.after(() => workplace.close());
	const locked = join(folder, 'locked');
	await mkdir(locked);
	await chmod(locked, 0o500);
	assert.equal((await checkDestination(workplace, locked)).state, 'not-writable');
	assert.equal((await checkDestination(workplace, join(locked, 'below'))).nearest, locked);
	await chmod(locked, 0o700);
});
