import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

type Run = {
	readonly status: string;
	readonly unchanged: number;
	readonly requests: number;
	/** Heap and buffers at the most, above what there was before. */
	readonly megabytes: number;
};

test('10,000 pull requests: memory holds a few pages of them, and once they are known they take one request', async () => {
	const script = fileURLToPath(new URL('many-pull-requests.ts', import.meta.url));
	const {stdout} = await promisify(execFile)(process.execPath, [
		'--expose-gc',
		'--import=tsx',
		script,
		'10000',
	]);
	const [first, second] = JSON.parse(stdout) as [Run, Run];
	assert.equal(first.status, 'succeeded');
	// The newest ones, all by their ids, and all that happened, fifty a page.
	assert.equal(first.requests, 1 + 200 + 600);
	assert.deepEqual([second.status, second.unchanged, second.requests], ['succeeded', 1, 1]);
	// What they said is more than 60 MB, and as much again as values.
	assert.ok(first.megabytes < 64, `${first.megabytes} MB`);
	assert.ok(second.megabytes < 64, `${second.megabytes} MB`);
});
