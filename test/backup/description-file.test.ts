import assert from 'node:assert/strict';
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {openDescriptionFile} from '../../source/backup/description-file.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('descriptions come back byte for byte, in any order, from a file that has no name', async context => {
	const folder = await temporaryFolder(context);
	const file = await openDescriptionFile(folder);
	context.after(file.close);
	const texts = ['{"slug":"web"}', '', '{"name":"Ünï ✨"}', 'x'.repeat(300_000), '{}'].map(text =>
		Buffer.from(text),
	);
	const places = [];
	for (const text of texts) {
		places.push(await file.add(text));
	}

	assert.deepEqual(readdirSync(folder), []);
	const reversed = await Promise.all(places.toReversed().map(file.read));
	assert.deepEqual(reversed, texts.toReversed());
	const late = await file.add(Buffer.from('late'));
	assert.equal((await file.read(late)).toString(), 'late');
});

test('what a killed run left is cleared away, nothing else is, and a file in use stays readable', async context => {
	const folder = await temporaryFolder(context);
	const left = '.repositories-3f2a9c01-1111-4222-8333-444455556666';
	for (const name of [left, '.repositories-', 'web-3f2a9c01.git', `${left}.txt`]) {
		writeFileSync(join(folder, name), 'x');
	}

	const first = await openDescriptionFile(folder);
	const place = await first.add(Buffer.from('first'));
	const second = await openDescriptionFile(folder);
	assert.deepEqual(readdirSync(folder).sort(), ['.repositories-', `${left}.txt`, 'web-3f2a9c01.git'].sort());
	assert.equal((await first.read(place)).toString(), 'first');
	await first.close();
	await second.close();
});

test('a description that is not there whole is no description', async context => {
	const file = await openDescriptionFile(await temporaryFolder(context));
	context.after(file.close);
	await file.add(Buffer.from('short'));
	await assert.rejects(file.read({offset: 0, length: 6}), /is cut/);
});
