import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import {temporaryFolder} from '../temporary-folder.ts';

/** For the rest of the test, `git` is a shell script. */
export async function putInGitsPlace(context: TestContext, script: string): Promise<void> {
	const folder = join(await temporaryFolder(context), 'bin');
	await mkdir(folder);
	await writeFile(join(folder, 'git'), `#!/bin/sh\n${script}\n`, {mode: 0o755});
	const path = process.env['PATH'];
	process.env['PATH'] = `${folder}:${path}`;
	context.after(() => {
		process.env['PATH'] = path;
	});
}
