import assert from 'node:assert/strict';
import {test} from 'node:test';
import {compileCacheFolder} from '../../source/system/compile-cache.ts';

const table: ReadonlyArray<readonly [environment: NodeJS.ProcessEnv, userHome: string, expected: string]> = [
	[{BUCKET_BRIGADE_HOME: '/srv/brigade', XDG_CACHE_HOME: '/caches'}, '/home/ada', '/srv/brigade cache'],
	[{BUCKET_BRIGADE_HOME: '', XDG_CACHE_HOME: '/caches'}, '/home/ada', '/caches bucket-brigade'],
	[{}, '/home/ada', '/home/ada/.cache bucket-brigade'],
	[{XDG_CACHE_HOME: ''}, '/home/ada', '/home/ada/.cache bucket-brigade'],
	[{}, '', 'none'],
];

for (const [environment, userHome, expected] of table) {
	test(`compile cache: ${JSON.stringify(environment)} of "${userHome}" is ${expected}`, () => {
		const folder = compileCacheFolder(environment, userHome);
		assert.equal(folder === undefined ? 'none' : `${folder.parent} ${folder.name}`, expected);
	});
}
