import {badRequest} from './problem.ts';

export type QueryToken = {
	readonly kind: 'name' | 'operator' | 'symbol' | 'literal';
	readonly text: string;
	/** Of a literal. */
	readonly value?: string | number | boolean | null;
	/** Counted from 0. */
	readonly position: number;
};

const space = /\s+/y;
const text = /"((?:[^"\\]|\\.)*)"/y;
/** Dates need no quotation marks. */
const date = /\d{4}-\d{2}-\d{2}(?:T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?)?/y;
const number = /-?\d+(?:\.\d+)?/y;
const operator = /!=|>=|<=|!~|[=<>~]/y;
const symbol = /[(),]/y;
const name = /[A-Za-z_][\w.]*/y;

const words: Readonly<Record<string, boolean | null>> = {true: true, false: false, null: null};

/** Splits a query into its words. Throws a RestProblem (400) where something is no word. */
export function readTokens(query: string): QueryToken[] {
	const tokens: QueryToken[] = [];
	let position = 0;
	const match = (expression: RegExp): RegExpExecArray | null => {
		expression.lastIndex = position;
		return expression.exec(query);
	};

	while (position < query.length) {
		const blank = match(space);
		if (blank) {
			position += blank[0].length;
			continue;
		}

		const token = readToken(match, position);
		if (!token) {
			throw badRequest(`Invalid query: unexpected "${query[position]}" at position ${position}.`);
		}

		tokens.push(token);
		position += token.text.length;
	}

	return tokens;
}

function readToken(
	match: (expression: RegExp) => RegExpExecArray | null,
	position: number,
): QueryToken | undefined {
	const quoted = match(text);
	if (quoted) {
		const value = (quoted[1] ?? '').replace(/\\(.)/gs, '$1');
		return {kind: 'literal', text: quoted[0], value, position};
	}

	const moment = match(date);
	if (moment) {
		return {kind: 'literal', text: moment[0], value: moment[0], position};
	}

	const digits = match(number);
	if (digits) {
		return {kind: 'literal', text: digits[0], value: Number(digits[0]), position};
	}

	for (const [kind, expression] of [
		['operator', operator],
		['symbol', symbol],
	] as const) {
		const found = match(expression);
		if (found) {
			return {kind, text: found[0], position};
		}
	}

	const word = match(name)?.[0];
	if (word === undefined) {
		return undefined;
	}

	return word in words
		? {kind: 'literal', text: word, value: words[word] ?? null, position}
		: {kind: 'name', text: word, position};
}
