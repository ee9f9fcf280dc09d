import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'documentation', 'safety.md'), 'utf8');
const rows = page.split('\n').filter(line => line.startsWith('| ') && line.includes('`test/'));

test('every promise and every threat names tests, and each of them is there', () => {
	assert.ok(rows.length >= 20, `${rows.length} rows`);
	for (let number = 1; number <= 12; number += 1) {
		assert.ok(
			rows.some(row => row.startsWith(`| G${number} |`)),
			`G${number}`,
		);
	}

	for (const row of rows) {
		const named = [...row.matchAll(/`(test\/[^`]+)`: ((?:"[^"]+"(?:, |; )?)+)/g)];
		assert.ok(named.length > 0, row);
		for (const [, path = '', names = ''] of named) {
			assert.ok(existsSync(join(root, path)), path);
			const source = readFileSync(join(root, path), 'utf8');
			for (const [, name = ''] of names.matchAll(/"([^"]+)"/g)) {
				assert.ok(source.includes(name), `${path} has no "${name}"`);
			}
		}
	}
});
