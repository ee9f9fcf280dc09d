import {widthOf} from './cells.ts';

const replacements: Readonly<Record<string, string>> = {
	'…': '~',
	'–': '-',
	'›': '>',
	'·': '-',
	'•': '*',
	'↑': '^',
	'↓': 'v',
	'←': '<',
	'→': '>',
};

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** A text in ASCII that takes as many cells: what has no likeness there becomes question marks. */
export function toAscii(text: string): string {
	if (/^[\u0000-\u007f]*$/.test(text)) {
		return text;
	}

	return [...graphemes.segment(text)]
		.map(({segment}) =>
			/^[\u0000-\u007f]*$/.test(segment) ? segment : (replacements[segment] ?? '?'.repeat(widthOf(segment))),
		)
		.join('');
}

/** The same terminal, to which only ASCII is written. */
export function asciiOutput(output: NodeJS.WriteStream): NodeJS.WriteStream {
	return mappedOutput(output, toAscii);
}

/** The same terminal, whose columns are not filled with blanks: nobody sees them who is read to. */
export function spokenOutput(output: NodeJS.WriteStream): NodeJS.WriteStream {
	return mappedOutput(output, text => text.replaceAll(/ {2,}/g, ' ').replaceAll(/(?:^ | $| (?=,))/gm, ''));
}

function mappedOutput(output: NodeJS.WriteStream, map: (text: string) => string): NodeJS.WriteStream {
	return new Proxy(output, {
		get: (target, property) => {
			if (property === 'write') {
				return (chunk: unknown, ...rest: unknown[]) =>
					Reflect.apply(target.write, target, [typeof chunk === 'string' ? map(chunk) : chunk, ...rest]);
			}

			const value: unknown = Reflect.get(target, property, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
