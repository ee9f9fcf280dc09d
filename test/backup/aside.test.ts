import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {createAside, type Slip} from '../../source/backup/aside.ts';

test('what was put aside comes back, of whatever size, and leaves no name behind', async context => {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-aside-'));
	context.after(() => rmSync(folder, {recursive: true, force: true}));
	const aside = createAside(folder);
	const sizes = [0, 1, 1000, 700_000, 0, 700_000, 3_000_000, 5];
	const slips: Array<readonly [Slip, Buffer]> = [];
	for (const [index, size] of sizes.entries()) {
		const bytes = Buffer.alloc(size, index + 1);
		slips.push([await aside.put(bytes), Buffer.from(bytes)]);
		bytes.fill(0xff);
	}

	assert.deepEqual(readdirSync(folder), []);
	await Promise.all(
		[...slips, ...slips.toReversed()].map(async ([slip, bytes]) => {
			assert.ok((await aside.get(slip)).equals(bytes), JSON.stringify(slip));
		}),
	);
	await aside.close();
});

test('a folder that cannot be written is an error of the file system', async () => {
	const aside = createAside('/nonexistent');
	await aside.put(Buffer.from('small things stay in memory'));
	await assert.rejects(aside.put(Buffer.alloc(2_000_000)), {code: 'ENOENT', syscall: 'open'});
	await aside.close();
});
