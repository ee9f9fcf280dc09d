import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {emptyLayeredMap, type LayeredMap} from '../../source/runs/layered-map.ts';

test('holds what a Map would hold, in the same order, and no version changes another', () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.integer({min: 0, max: 60}), fc.integer()), {maxLength: 200}),
			changes => {
				const model = new Map<string, number>();
				const versions: Array<{map: LayeredMap<number>; expected: Array<[string, number]>}> = [];
				let map = emptyLayeredMap<number>();
				for (const [key, value] of changes) {
					map = map.with(String(key), value);
					model.set(String(key), value);
					versions.push({map, expected: [...model]});
				}

				for (const {map: version, expected} of versions) {
					assert.deepEqual([...version], expected);
					assert.deepEqual(
						[...version.keys()],
						expected.map(([key]) => key),
					);
					assert.deepEqual(
						[...version.values()],
						expected.map(([, value]) => value),
					);
					assert.equal(version.size, expected.length);
					for (const [key, value] of expected) {
						assert.equal(version.get(key), value);
						assert.ok(version.has(key));
					}
				}

				assert.equal(map.get('absent'), undefined);
			},
		),
	);
});
