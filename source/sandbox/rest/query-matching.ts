import type {Literal, Operator, Query} from './query-parser.ts';

/** Whether a JSON object is what a query looks for. Paths pass through lists: one element that fits is enough. */
export function matches(query: Query, value: unknown): boolean {
	switch (query.kind) {
		case 'and':
			return query.parts.every(part => matches(part, value));
		case 'or':
			return query.parts.some(part => matches(part, value));
		default: {
			const {field, operator, values} = query;
			const found = valuesAt(value, field);
			return operator.startsWith('!') || operator === 'NOT IN'
				? !found.some(candidate => holds(candidate, positive(operator), values))
				: found.some(candidate => holds(candidate, operator, values));
		}
	}
}

/** Every field that a query names. */
export function fieldsOf(query: Query): string[] {
	return query.kind === 'comparison' ? [query.field.join('.')] : query.parts.flatMap(fieldsOf);
}

/** What lies at a dotted path; `[null]` when there is nothing. */
export function valuesAt(value: unknown, path: readonly string[]): unknown[] {
	if (Array.isArray(value)) {
		return value.flatMap(element => valuesAt(element, path));
	}

	const [first, ...rest] = path;
	if (first === undefined) {
		return [value];
	}

	if (typeof value !== 'object' || value === null) {
		return [null];
	}

	return valuesAt((value as Record<string, unknown>)[first] ?? null, rest);
}

/** Orders what lies at one path: dates and numbers by size, text by code point, nothing first. */
export function compareValues(one: unknown, other: unknown): number {
	const [left, right] = comparable(one, other);
	if (left === right) {
		return 0;
	}

	if (left === null || left === undefined) {
		return -1;
	}

	return right === null || right === undefined || left > right ? 1 : -1;
}

function positive(operator: Operator): Operator {
	return operator === '!=' ? '=' : operator === '!~' ? '~' : operator === 'NOT IN' ? 'IN' : operator;
}

function holds(candidate: unknown, operator: Operator, values: readonly Literal[]): boolean {
	const [value = null] = values;
	const order = candidate === null || value === null ? Number.NaN : compareValues(candidate, value);
	switch (operator) {
		case '=':
		case 'IN':
			return values.some(wanted =>
				wanted === null ? candidate === null : compareValues(candidate, wanted) === 0,
			);
		case '>':
			return order > 0;
		case '>=':
			return order >= 0;
		case '<':
			return order < 0;
		case '<=':
			return order <= 0;
		default:
			return String(candidate ?? '')
				.toLowerCase()
				.includes(String(value).toLowerCase());
	}
}

type Comparable = string | number | boolean | null | undefined;

function comparable(one: unknown, other: unknown): [Comparable, Comparable] {
	const left = momentOf(one);
	const right = momentOf(other);
	return left !== undefined && right !== undefined ? [left, right] : [one as Comparable, other as Comparable];
}

function momentOf(value: unknown): number | undefined {
	const isDate =
		typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(value);
	const time = isDate ? Date.parse(value) : Number.NaN;
	return Number.isNaN(time) ? undefined : time;
}
