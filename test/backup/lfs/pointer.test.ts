import assert from 'node:assert/strict';
import {test} from 'node:test';
import {minimumPointerBytes, parsePointer} from '../../../source/backup/lfs/pointer.ts';

const oid = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393';
const version = 'version https://git-lfs.github.com/spec/v1\n';

for (const [name, file, expected] of [
	['a plain one', `${version}oid sha256:${oid}\nsize 12345\n`, {oid, size: 12_345}],
	['with an extension', `${version}ext-0-foo sha256:${oid}\noid sha256:${oid}\nsize 1\n`, {oid, size: 1}],
	[
		'with line ends of Windows',
		`${version}oid sha256:${oid}\nsize 7\n`.replaceAll('\n', '\r\n'),
		{oid, size: 7},
	],
	[
		'of the time before 1.0',
		`version https://hawser.github.com/spec/v1\noid sha256:${oid}\nsize 0\n`,
		{oid, size: 0},
	],
	['an unknown version', `version https://example.com/v9\noid sha256:${oid}\nsize 1\n`, undefined],
	['another hash', `${version}oid md5:abc\nsize 1\n`, undefined],
	['no size', `${version}oid sha256:${oid}\n`, undefined],
	['a negative size', `${version}oid sha256:${oid}\nsize -1\n`, undefined],
	['text that speaks of pointers', `# A pointer starts with\n${version}`, undefined],
	['too long', `${version}oid sha256:${oid}\nsize 1\n${'x'.repeat(1024)}`, undefined],
	['empty', '', undefined],
] as const) {
	test(`pointer: ${name}`, () => {
		assert.deepEqual(parsePointer(Buffer.from(file)), expected);
	});
}

test('no pointer is shorter than what is looked at', () => {
	assert.ok(`${version}oid sha256:${oid}\nsize 0`.length >= minimumPointerBytes);
});
