import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {safeFileNames} from '../../../source/backup/restore/safe-file-names.ts';

const names: ReadonlyArray<readonly [readonly string[], readonly string[]]> = [
	[
		['a.zip', 'b.zip'],
		['a.zip', 'b.zip'],
	],
	[
		['a.zip', 'a.zip', 'A.ZIP'],
		['a.zip', 'a (2).zip', 'A (3).ZIP'],
	],
	[
		['a (2).zip', 'a.zip', 'a.zip'],
		['a (2).zip', 'a.zip', 'a (3).zip'],
	],
	[
		['..', '.', '', '...'],
		['_', '_ (2)', '_ (3)', '...'],
	],
	[
		['../x', '/x', 'a\\b', 'a\0b', 'a\nb'],
		['.._x', '_x', 'a_b', 'a_b (2)', 'a_b (3)'],
	],
	[
		['.htaccess', '.htaccess'],
		['.htaccess', '.htaccess (2)'],
	],
	[
		['café.txt', 'cafe\u0301.txt'],
		['café.txt', 'cafe\u0301 (2).txt'],
	],
	[['\u202egpj.exe'], ['_gpj.exe']],
];

for (const [given, safe] of names) {
	test(`${JSON.stringify(given)} become ${JSON.stringify(safe)}`, () => {
		assert.deepEqual(safeFileNames(given), safe);
	});
}

test('whatever names are given, each is a file of its own in the folder', () => {
	const name = fc.oneof(
		fc.string({unit: 'binary', maxLength: 300}),
		fc.constantFrom('a', 'A', 'a (2)', '..', '.', '', 'a/b', 'x'.repeat(300), `${'ü'.repeat(200)}.tar.gz`),
	);
	fc.assert(
		fc.property(fc.array(name, {maxLength: 20}), given => {
			const safe = safeFileNames(given);
			assert.equal(safe.length, given.length);
			assert.equal(new Set(safe.map(one => one.normalize('NFC').toLowerCase())).size, given.length);
			for (const one of safe) {
				assert.ok(Buffer.byteLength(one) <= 255 && one !== '' && !/[/\0]/.test(one), one);
				assert.ok(
					join('/downloads', one).startsWith('/downloads/') && join('/downloads', one) !== '/downloads/',
				);
			}
		}),
	);
});
