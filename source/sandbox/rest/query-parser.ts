import {badRequest} from './problem.ts';
import {type QueryToken, readTokens} from './query-tokens.ts';

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'IN' | 'NOT IN';
export type Literal = string | number | boolean | null;

/** Bitbucket's query language, understood. */
export type Query =
	| {readonly kind: 'and' | 'or'; readonly parts: readonly Query[]}
	| {
			readonly kind: 'comparison';
			readonly field: readonly string[];
			readonly operator: Operator;
			readonly values: readonly Literal[];
	  };

/** AND binds closer than OR; parentheses group. Throws a RestProblem (400) for what is no query. */
export function parseQuery(text: string): Query {
	const tokens = readTokens(text);
	let at = 0;

	const take = (wanted: (token: QueryToken) => boolean): QueryToken | undefined => {
		const token = tokens[at];
		if (token && wanted(token)) {
			at += 1;
			return token;
		}

		return undefined;
	};

	const isWord = (word: string) => (token: QueryToken) =>
		token.kind === 'name' && token.text.toUpperCase() === word;
	const isSymbol = (symbol: string) => (token: QueryToken) =>
		token.kind === 'symbol' && token.text === symbol;
	const fail = (): never => {
		const found = tokens[at];
		throw badRequest(
			`Invalid query: unexpected ${found ? `"${found.text}" at position ${found.position}` : 'end'}.`,
		);
	};

	const chain = (kind: 'and' | 'or', part: () => Query): Query => {
		const parts = [part()];
		while (take(isWord(kind.toUpperCase()))) {
			parts.push(part());
		}

		const [only] = parts;
		return parts.length === 1 && only ? only : {kind, parts};
	};

	const either = (): Query => chain('or', () => chain('and', primary));

	const primary = (): Query => {
		if (take(isSymbol('('))) {
			const inner = either();
			return take(isSymbol(')')) ? inner : fail();
		}

		const name = take(({kind}) => kind === 'name') ?? fail();
		const operator = readOperator();
		const values = operator.endsWith('IN') ? readList() : [readLiteral()];
		return {kind: 'comparison', field: name.text.split('.'), operator, values};
	};

	const readOperator = (): Operator => {
		const symbol = take(({kind}) => kind === 'operator');
		if (symbol) {
			return symbol.text as Operator;
		}

		const negated = take(isWord('NOT')) !== undefined;
		return take(isWord('IN')) ? (negated ? 'NOT IN' : 'IN') : fail();
	};

	const readLiteral = (): Literal => (take(({kind}) => kind === 'literal') ?? fail()).value ?? null;

	const readList = (): Literal[] => {
		const values: Literal[] = [];
		take(isSymbol('(')) ?? fail();
		do {
			values.push(readLiteral());
		} while (take(isSymbol(',')));
		take(isSymbol(')')) ?? fail();
		return values;
	};

	const query = either();
	return at === tokens.length ? query : fail();
}
