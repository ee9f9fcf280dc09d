import fc from 'fast-check';

/** How one value may be written: its text, and the text of each of its parts where it has any. */
export type JsonText = {readonly text: string; readonly elements?: readonly string[]};

const space = fc
	.array(fc.constantFrom(' ', '\t', '\n', '\r'), {maxLength: 2})
	.map(characters => characters.join(''));

/** Numbers as no `JSON.stringify` writes them: beyond 2^53, with trailing zeros and exponents. */
const numberText = fc.oneof(
	fc.integer().map(String),
	fc.double({noNaN: true, noDefaultInfinity: true}).map(value => JSON.stringify(value)),
	fc.constantFrom('12345678901234567890123', '1.0', '1.10', '-0', '1E5', '1e+05', '0.1e-7'),
);

/** Strings with any character as it is or escaped. */
const stringText = fc
	.array(
		fc.oneof(
			fc.string({unit: 'grapheme', maxLength: 3}).map(part => JSON.stringify(part).slice(1, -1)),
			fc.constantFrom(
				'\\u0041',
				'\\u00e9',
				'\\ud83d\\ude00',
				'\\ud800',
				'\\/',
				'\\\\',
				'\\"',
				'{',
				'[',
				']',
				',',
			),
		),
		{maxLength: 4},
	)
	.map(parts => `"${parts.join('')}"`);

const scalar = fc.oneof(numberText, stringText, fc.constantFrom('true', 'false', 'null'));

/** The text of any JSON value, with space wherever it may stand, and keys that may come twice. */
export const anyJson: fc.Arbitrary<string> = fc.letrec<{value: string}>(tie => ({
	value: fc.oneof(
		{depthSize: 'small', withCrossShrink: true},
		scalar,
		fc
			.array(
				fc.tuple(space, tie('value'), space).map(parts => parts.join('')),
				{maxLength: 4},
			)
			.map(elements => `[${elements.join(',')}]`),
		fc
			.array(
				fc
					.tuple(space, stringText, space, fc.constant(':'), space, tie('value'), space)
					.map(parts => parts.join('')),
				{
					maxLength: 4,
				},
			)
			.map(members => `{${members.join(',')}}`),
	),
})).value;

export {space as anySpace, stringText as anyString};
