import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'node:test';

/** A folder of the test's own, removed when the test ends. */
export async function temporaryFolder(context: TestContext): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-test-'));
	context.after(async () => rm(folder, {recursive: true, force: true, maxRetries: 3}));
	return folder;
}
