import assert from 'node:assert/strict';
import {
	chmodSync,
	chownSync,
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {compileCacheFolder, whyNotKept} from '../../source/system/compile-cache.ts';
import {openTestHome, type TestHome} from '../commands/program-process.ts';
import {temporaryFolder} from '../temporary-folder.ts';

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

const stranger = 65_534;
const isRoot = process.getuid?.() === 0;
const places: ReadonlyArray<
	readonly [name: string, prepare: (folder: string) => void, told: RegExp | undefined, asRoot?: true]
> = [
	['nothing there yet', folder => rmSync(join(folder, 'cache'), {recursive: true}), undefined],
	['what Node.js leaves there', () => undefined, undefined],
	[
		'a folder that others may enter',
		folder => chmodSync(join(folder, 'cache'), 0o755),
		/remove it with: rm -r /,
	],
	[
		'a folder that all may write to',
		folder => chmodSync(join(folder, 'cache'), 0o777),
		/remove it with: rm -r /,
	],
	[
		'a link in its place',
		folder => {
			rmSync(join(folder, 'cache'), {recursive: true});
			mkdirSync(join(folder, 'elsewhere'), {mode: 0o700});
			symlinkSync(join(folder, 'elsewhere'), join(folder, 'cache'));
		},
		/remove it with: rm -r /,
	],
	[
		'a file in its place',
		folder => {
			rmSync(join(folder, 'cache'), {recursive: true});
			writeFileSync(join(folder, 'cache'), '', {mode: 0o644});
		},
		/remove it with: rm -r /,
	],
	[
		'a link below',
		folder => symlinkSync('/etc', join(folder, 'cache', 'v24-x64', 'link')),
		/remove it with: rm -r /,
	],
	[
		'a folder above that all may write to',
		folder => chmodSync(folder, 0o777),
		/can be changed by other users.* chmod go-w /,
	],
	['a folder above as those for temporary files are', folder => chmodSync(folder, 0o1777), undefined],
	[
		'a folder of another user',
		folder => chownSync(join(folder, 'cache'), stranger, stranger),
		/rm -r /,
		true,
	],
	[
		'a file of another user below',
		folder => chownSync(join(folder, 'cache', 'v24-x64', 'code'), stranger, stranger),
		/rm -r /,
		true,
	],
	[
		'a folder above of another user',
		folder => chownSync(folder, stranger, stranger),
		/can be changed by/,
		true,
	],
];

describe('compiled code that others could have put there is not used', {
	skip: process.getuid === undefined && 'there are no owners and modes',
}, () => {
	for (const [name, prepare, told, asRoot] of places) {
		test(`${name}: ${told === undefined ? 'used' : 'not used'}`, {
			skip: asRoot === true && !isRoot && 'only root can give a file to another user',
		}, async context => {
			const folder = await temporaryFolder(context);
			mkdirSync(join(folder, 'cache', 'v24-x64'), {recursive: true});
			chmodSync(join(folder, 'cache'), 0o700);
			writeFileSync(join(folder, 'cache', 'v24-x64', 'code'), '');
			prepare(folder);
			const reason = whyNotKept({parent: folder, name: 'cache'});
			if (told === undefined) {
				assert.equal(reason, undefined);
			} else {
				assert.match(reason ?? 'used', told);
			}
		});
	}
});

describe('the program', {skip: process.getuid === undefined && 'there are no owners and modes'}, () => {
	let home: TestHome;
	before(async () => {
		home = await openTestHome();
	});
	after(async () => {
		await home.close();
	});

	const cache = (): string => join(home.home, 'cache');

	test('keeps it for its owner alone, in a home that becomes private all the same', async () => {
		mkdirSync(home.home, {mode: 0o755});
		const secret = await home.secretFile('secret', 'ATATT3xNotUsed');
		const add = ['organization', 'add', 'acme', '--kind', 'workspace-access-token', '--no-check'];
		const {code, stderr} = await home.run([...add, '--secret-file', secret]);
		assert.equal(code, 0, stderr);
		assert.equal(statSync(cache()).mode & 0o777, 0o700);
		assert.ok(readdirSync(cache(), {recursive: true}).length > 1);
		assert.equal(statSync(home.home).mode & 0o777, 0o700);
	});

	test('does without it where others could write, and doctor says so', async () => {
		rmSync(cache(), {recursive: true});
		mkdirSync(cache());
		chmodSync(cache(), 0o777);
		const {code, stdout} = await home.run(['doctor', '--offline']);
		assert.equal(code, 3, stdout);
		assert.match(
			stdout,
			/home +.*cache holds compiled code, and other users could have changed it: remove it/,
		);
		assert.deepEqual(readdirSync(cache()), []);
	});
});
