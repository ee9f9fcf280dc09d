import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {describe, it} from 'node:test';
import {pathToFileURL} from 'node:url';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {plainWidth} from '../../source/app/plain-width.ts';

type Measure = (text: string) => number;

/** The package as Ink has it, which is another version. */
const ofInk = (
	(await import(
		pathToFileURL(createRequire(createRequire(import.meta.url).resolve('ink')).resolve('string-width')).href
	)) as {readonly default: Measure}
).default;

const basicPlane = Array.from({length: 0x1_00_00}, (_, code) => String.fromCharCode(code));
const plainSigns = basicPlane.filter(sign => plainWidth(sign) !== undefined);

describe('the width of plain signs', () => {
	for (const [name, measure] of [
		['string-width', stringWidth],
		['string-width as Ink has it', ofInk],
	] as const) {
		it(`is what ${name} says of each`, () => {
			assert.ok(plainSigns.length > 2000);
			assert.deepEqual(
				plainSigns.filter(sign => measure(sign) !== 1),
				[],
			);
		});

		it(`is what ${name} says of them beside one another, coloured or not`, () => {
			const part = fc.oneof(
				fc.constantFrom(...plainSigns),
				fc.constantFrom('\u001b[31m', '\u001b[0m', '\u001b[38;5;12m', '\u001b[m'),
			);
			fc.assert(
				fc.property(fc.array(part, {maxLength: 40}), parts => {
					const text = parts.join('');
					assert.equal(plainWidth(text), measure(text));
				}),
			);
		});
	}

	it('is not known of anything that might join, stand on a letter, or take two cells', () => {
		for (const text of [
			'日本',
			'🪣',
			'e\u0301',
			'✓\ufe0f',
			'1\ufe0f\u20e3',
			'\u00ad',
			'\u200d',
			'⌚',
			'\u001b]8;;x\u0007',
			'\t',
			'\n',
			'\ud800',
		]) {
			assert.equal(plainWidth(text), undefined, JSON.stringify(text));
		}
	});
});
