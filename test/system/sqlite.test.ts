import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {test} from 'node:test';

test('sqlite: loading it says nothing on standard error, other warnings are still said', () => {
	const {stderr, stdout} = spawnSync(
		process.execPath,
		['--import=tsx', join(import.meta.dirname, 'sqlite-user.ts')],
		{encoding: 'utf8'},
	);
	assert.equal(stdout, '1\n');
	assert.doesNotMatch(stderr, /SQLite/);
	assert.match(stderr, /Warning: something else/);
});
