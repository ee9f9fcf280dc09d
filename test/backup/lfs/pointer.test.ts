import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {minimumPointerBytes, parsePointer} from '../../../source/backup/lfs/pointer.ts';
import {temporaryFolder} from '../../temporary-folder.ts';

const oid = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393';
const version = 'version https://git-lfs.github.com/spec/v1\n';
const extension = (name: string): string => `ext-${name} sha256:${oid}\n`;
const object = `oid sha256:${oid}\n`;

/** What git-lfs takes for a pointer, and we do not, says `isBeyond`: sizes that no file has. */
const files: ReadonlyArray<
	readonly [name: string, file: string, size: number | undefined, isBeyond?: boolean]
> = [
	['a plain one', `${version}${object}size 12345\n`, 12_345],
	['without a line break at its end', `${version}${object}size 12345`, 12_345],
	['with blanks around it and empty lines', `\n ${version}\n\n${object}size 3\n\n `, 3],
	['with an extension', `${version}${extension('0-foo')}${object}size 1\n`, 1],
	['with two extensions', `${version}${extension('1-b')}${extension('0-a')}${object}size 1\n`, 1],
	['with an extension before everything', `${extension('0-foo')}${version}${object}size 1\n`, 1],
	['with an extension after everything', `${version}${object}size 1\n${extension('0-foo')}`, undefined],
	['with an extension of no object', `${version}ext-0-foo nothing\n${object}size 1\n`, undefined],
	['with an extension without a rank', `${version}ext-foo sha256:${oid}\n${object}size 1\n`, undefined],
	[
		'with two extensions of one rank',
		`${version}${extension('0-a')}${extension('0-b')}${object}size 1\n`,
		undefined,
	],
	['with line ends of Windows', `${version}${object}size 7\n`.replaceAll('\n', '\r\n'), 7],
	['of the time before 1.0', `version https://hawser.github.com/spec/v1\n${object}size 0\n`, 0],
	['of the time before that', `version http://git-media.io/v/2\n${object}size 9\n`, 9],
	['of no bytes', `${version}${object}size 0\n`, 0],
	['a size with a sign', `${version}${object}size +5\n`, 5],
	['a size with zeros', `${version}${object}size 0000000000000000000007\n`, 7],
	['the largest size', `${version}${object}size ${Number.MAX_SAFE_INTEGER}\n`, Number.MAX_SAFE_INTEGER],
	['a size beyond counting', `${version}${object}size 9007199254740993\n`, undefined, true],
	['a size beyond everything', `${version}${object}size 99999999999999999999\n`, undefined],
	['an unknown version', `version https://example.com/git-lfs/v9\n${object}size 1\n`, undefined],
	['the wrong order', `${version}size 1\n${object}`, undefined],
	['the version last', `${object}size 1\n${version}`, undefined],
	['a further line', `${version}${object}size 1\nmore text\n`, undefined],
	['an unknown line', `${version}colour red\n${object}size 1\n`, undefined],
	['the same line twice', `${version}${object}${object}size 1\n`, undefined],
	['another hash', `${version}oid md5:abc\nsize 1\n`, undefined],
	['a hash of letters that are none', `${version}oid sha256:${'z'.repeat(64)}\nsize 1\n`, undefined],
	[
		'a hash in capitals',
		`${version}${object.toUpperCase().replace('OID SHA', 'oid sha')}size 1\n`,
		undefined,
	],
	['a hash that is too long', `${version}oid sha256:${oid}0\nsize 1\n`, undefined],
	['a hash with a path', `${version}oid sha256:../../../../${oid.slice(12)}\nsize 1\n`, undefined],
	['no size', `${version}${object}`, undefined],
	['a negative size', `${version}${object}size -1\n`, undefined],
	['a size of another base', `${version}${object}size 0x10\n`, undefined],
	['a mark of the byte order', `\uFEFF${version}${object}size 1\n`, undefined],
	['text that speaks of pointers', `# A pointer starts with\n${version}`, undefined],
	['too long', `${version}${object}size 1\n${'x'.repeat(1024)}`, undefined],
];

for (const [name, file, size] of files) {
	test(`pointer: ${name}`, () => {
		assert.deepEqual(parsePointer(Buffer.from(file)), size === undefined ? undefined : {oid, size});
	});
}

test('pointer: an empty file is none', () => {
	assert.equal(parsePointer(Buffer.alloc(0)), undefined);
});

test('pointer: none is shorter than what is looked at', () => {
	const shortest = `version http://git-media.io/v/2\n${object}size 0`;
	assert.equal(shortest.length, minimumPointerBytes);
	assert.ok(parsePointer(Buffer.from(shortest)));
});

test('pointer: git-lfs takes the same files for pointers', {
	skip: spawnSync('git', ['lfs', 'version']).status !== 0 && 'git-lfs is not installed',
}, async context => {
	const folder = await temporaryFolder(context);
	for (const [name, file, size, isBeyond = false] of files) {
		const path = join(folder, 'file');
		writeFileSync(path, file);
		const {status} = spawnSync('git', ['lfs', 'pointer', '--check', `--file=${path}`], {cwd: folder});
		assert.equal(status, size !== undefined || isBeyond ? 0 : 1, name);
	}
});
