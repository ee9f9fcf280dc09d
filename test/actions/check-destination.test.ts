import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {checkDestination, type DestinationCheck} from '../../source/actions/check-destination.ts';
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

test('destination: a folder that may not be written to is told, and so is one that may not be looked into', {
	skip: process.getuid === undefined && 'there are no users and modes',
}, async context => {
	const folder = await temporaryFolder(context);
	const [locked, closed] = [join(folder, 'locked'), join(folder, 'closed')];
	await mkdir(locked);
	await mkdir(join(closed, 'below'), {recursive: true});
	await chmod(locked, 0o555);
	await chmod(closed, 0o000);
	// Whoever looks must get there.
	await chmod(folder, 0o755);
	const checker = join(import.meta.dirname, 'destination-checker.ts');
	const paths = [locked, join(locked, 'below'), join(closed, 'below')];
	const {stdout, stderr} = spawnSync(
		process.execPath,
		['--import=tsx', checker, join(folder, 'home'), ...paths],
		{encoding: 'utf8'},
	);
	await chmod(locked, 0o755);
	await chmod(closed, 0o755);
	assert.notEqual(stdout, '', stderr);
	const [there, below, unseen] = JSON.parse(stdout) as readonly DestinationCheck[];
	assert.deepEqual([there?.state, there?.path], ['not-writable', locked]);
	assert.deepEqual([below?.state, below?.nearest], ['not-writable', locked]);
	assert.equal(unseen?.state, 'unreachable');
});
