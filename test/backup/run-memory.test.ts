import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

type Heap = {readonly whenBegun: number; readonly whenEnded: number; readonly failed: number};

const script = fileURLToPath(new URL('heap-of-run.ts', import.meta.url));

async function heapOf(repositories: number): Promise<Heap> {
	const {stdout} = await promisify(execFile)(process.execPath, [
		'--expose-gc',
		'--import=tsx',
		script,
		String(repositories),
	]);
	const heap = JSON.parse(stdout) as Heap;
	assert.equal(heap.failed, repositories, 'the run went through all of them');
	return heap;
}

/** A repository's description takes some 20 kB of heap: a run that held them would be far above this. */
const bytesEach = 1500;

test('the memory of a run hardly grows with the repositories that it lists, from its beginning to its end', async () => {
	const few = await heapOf(500);
	const many = await heapOf(5000);
	for (const moment of ['whenBegun', 'whenEnded'] as const) {
		const growth = (many[moment] - few[moment]) / 4500;
		assert.ok(growth < bytesEach, `${moment}: ${Math.round(growth)} bytes for each repository`);
	}
});
