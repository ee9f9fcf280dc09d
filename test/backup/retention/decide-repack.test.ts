import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type {Unreachable} from '../../../source/backup/mirror-note.ts';
import {decideRepack, type RepackDecision} from '../../../source/backup/retention/packs/decide-repack.ts';
import type {PackFile} from '../../../source/backup/retention/packs/pack-files.ts';

const day = 86_400_000;
const now = Date.parse('2026-06-01T00:00:00Z');
const ago = (days: number): string => new Date(now - days * day).toISOString();

const packsOf = (sizes: readonly number[]): PackFile[] =>
	sizes.map((bytes, index) => ({name: `pack-${index}`, bytes, isForeign: false}));

const many = Array.from({length: 24}, () => 10);

test('what is worth doing about packs', () => {
	const nothing: RepackDecision = {kind: 'nothing'};
	const cases: ReadonlyArray<{
		readonly what: string;
		readonly packs: readonly PackFile[];
		readonly unreachable?: Unreachable;
		readonly mayDrop?: boolean;
		readonly decision: RepackDecision;
	}> = [
		{what: 'few packs', packs: packsOf([1000, 10, 10]), decision: nothing},
		{what: 'just not many', packs: packsOf(many), decision: nothing},
		{
			what: 'many: all that are out of order are put together, and what is not twice as large as they are',
			packs: packsOf([10_000, 5000, 400, ...many]),
			decision: {kind: 'consolidate', packs: [...many.map((_, index) => `pack-${index + 3}`), 'pack-2']},
		},
		{
			what: 'a large one stays',
			packs: packsOf([481, ...many]),
			decision: {kind: 'consolidate', packs: many.map((_, index) => `pack-${index + 1}`)},
		},
		{
			what: 'foreign ones count for nothing',
			packs: packsOf(many).concat({name: 'pack-mine', bytes: 10, isForeign: true}),
			decision: nothing,
		},
		{
			what: 'little that is unreachable',
			packs: packsOf([1000]),
			unreachable: {bytes: 99, since: ago(27), packs: {}},
			decision: nothing,
		},
		{
			what: 'a tenth',
			packs: packsOf([1000]),
			unreachable: {bytes: 100, since: ago(0), packs: {}},
			decision: {kind: 'collect', expired: []},
		},
		{
			what: 'a fiftieth, after four weeks',
			packs: packsOf([1000]),
			unreachable: {bytes: 20, since: ago(28), packs: {}},
			decision: {kind: 'collect', expired: []},
		},
		{
			what: 'anything, after half a year',
			packs: packsOf([1000]),
			unreachable: {bytes: 1, since: ago(180), packs: {}},
			decision: {kind: 'collect', expired: []},
		},
		{
			what: 'nothing is unreachable',
			packs: packsOf([1000]),
			unreachable: {bytes: 0, since: ago(999), packs: {}},
			decision: nothing,
		},
		{
			what: 'a tenth, but everything is kept',
			packs: packsOf([1000]),
			unreachable: {bytes: 500, since: ago(999), packs: {}},
			mayDrop: false,
			decision: nothing,
		},
		{
			what: 'a pack of unreachable objects whose time of grace is over',
			packs: packsOf([1000, 100]),
			unreachable: {bytes: 0, packs: {'pack-1': ago(14)}},
			decision: {kind: 'expire', expired: ['pack-1']},
		},
		{
			what: 'and one whose time is not over',
			packs: packsOf([1000, 100]),
			unreachable: {bytes: 0, packs: {'pack-1': ago(13.99)}},
			decision: nothing,
		},
		{
			what: 'a small one waits longer',
			packs: packsOf([1000, 20]),
			unreachable: {bytes: 0, packs: {'pack-1': ago(20)}},
			decision: nothing,
		},
		{
			what: 'and stays where everything is kept',
			packs: packsOf([1000, 100]),
			unreachable: {bytes: 0, packs: {'pack-1': ago(999)}},
			mayDrop: false,
			decision: nothing,
		},
		{
			what: 'what is collected takes along what is over',
			packs: packsOf([1000, 20, 20]),
			unreachable: {bytes: 200, since: ago(1), packs: {'pack-1': ago(20), 'pack-2': ago(2)}},
			decision: {kind: 'collect', expired: ['pack-1']},
		},
		{
			what: 'packs of unreachable objects are put together with nothing',
			packs: packsOf([...many, 10]),
			unreachable: {bytes: 0, packs: {'pack-0': ago(1)}},
			decision: nothing,
		},
		{
			what: 'a pack that is noted and not there',
			packs: packsOf([1000]),
			unreachable: {bytes: 0, packs: {'pack-9': ago(99)}},
			decision: nothing,
		},
	];
	for (const {what, packs, unreachable, mayDrop = true, decision} of cases) {
		assert.deepEqual(decideRepack({packs, unreachable, mayDrop, now}), decision, what);
	}
});

test('however large packs are, a hundred more cost each object few rewrites', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({min: 1, max: 1000}), {minLength: 100, maxLength: 100}), sizes => {
			let packs: PackFile[] = [];
			let written = 0;
			let number = 0;
			for (const bytes of sizes) {
				number += 1;
				packs.push({name: `pack-${number}`, bytes, isForeign: false});
				const decision = decideRepack({packs, unreachable: undefined, mayDrop: false, now});
				if (decision.kind === 'consolidate') {
					const rolled = new Set(decision.packs);
					const sum = packs
						.filter(({name}) => rolled.has(name))
						.reduce((total, pack) => total + pack.bytes, 0);
					written += sum;
					packs = packs.filter(({name}) => !rolled.has(name));
					packs.push({name: `rolled-${number}`, bytes: sum, isForeign: false});
				}

				assert.ok(packs.length <= 24);
			}

			assert.ok(written <= 4 * sizes.reduce((sum, bytes) => sum + bytes, 0));
		}),
		{numRuns: 50},
	);
});
