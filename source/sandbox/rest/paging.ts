import type {ListAnswer} from './answers.ts';
import {badRequest} from './problem.ts';
import {compareValues, fieldsOf, matches, valuesAt} from './query-matching.ts';
import {parseQuery} from './query-parser.ts';

type Page = {
	readonly values: readonly unknown[];
	readonly pagelen: number;
	readonly size?: number;
	readonly page?: number;
	readonly next?: string;
	readonly previous?: string;
};

/**
 * Cuts the page out of a list that a request asks for. `address` is the list's own absolute address, `query` the request's.
 * Throws a RestProblem (400) for lengths, positions, queries and orders that make no sense.
 */
export function pageOf(answer: ListAnswer, address: string, query: URLSearchParams): Page {
	const pagelen = pageLength(answer, query.get('pagelen'));
	const {size, slice} = arrange(answer, query);
	const start = answer.opaque
		? readPosition(query.get('ctx'))
		: (pageNumber(query.get('page')) - 1) * pagelen;
	const end = start + pagelen;
	const link = (position: number): string => {
		const changed = new URLSearchParams(query);
		changed.delete('ctx');
		changed.delete('page');
		changed.set('pagelen', String(pagelen));
		if (answer.opaque) {
			changed.set('ctx', writePosition(position));
		} else {
			changed.set('page', String(position / pagelen + 1));
		}

		return `${address}?${changed}`;
	};

	return {
		values: slice(start, end),
		pagelen,
		...(!answer.opaque && {size, page: start / pagelen + 1}),
		...(end < size && {next: link(end)}),
		...(!answer.opaque && start > 0 && {previous: link(start - pagelen)}),
	};
}

type Arranged = Pick<ListAnswer, 'size' | 'slice'>;

/** Filters and sorts, where the list can. */
function arrange(answer: ListAnswer, query: URLSearchParams): Arranged {
	const {queryable, size, slice} = answer;
	const question = query.get('q') ?? '';
	const order = query.get('sort') ?? '';
	if (!queryable || (question === '' && order === '')) {
		return {size, slice};
	}

	const check = (field: string) => {
		if (!queryable.some(known => field === known || field.startsWith(`${known}.`))) {
			throw badRequest(`Invalid field name: ${field}`);
		}
	};

	let values = slice(0, size);
	if (question !== '') {
		const parsed = parseQuery(question);
		fieldsOf(parsed).forEach(check);
		values = values.filter(value => matches(parsed, value));
	}

	if (order !== '') {
		const field = order.replace(/^-/, '');
		check(field);
		const direction = order.startsWith('-') ? -1 : 1;
		const key = (value: unknown) => valuesAt(value, field.split('.'))[0];
		values = values.toSorted((one, other) => direction * compareValues(key(one), key(other)));
	}

	return {size: values.length, slice: (start, end) => values.slice(start, end)};
}

function pageLength(
	{maximumPageLength = 100, defaultPageLength = 10}: ListAnswer,
	text: string | null,
): number {
	const length = text === null ? defaultPageLength : Number(text);
	if (!Number.isInteger(length) || length < 1 || length > maximumPageLength) {
		throw badRequest('Invalid pagelen');
	}

	return length;
}

function pageNumber(text: string | null): number {
	const number = text === null ? 1 : Number(text);
	if (!Number.isInteger(number) || number < 1) {
		throw badRequest('Invalid page');
	}

	return number;
}

/** Written so that nobody is tempted to reckon with it. */
function writePosition(position: number): string {
	return Buffer.from(JSON.stringify({after: position})).toString('base64url');
}

function readPosition(text: string | null): number {
	if (text === null) {
		return 0;
	}

	try {
		const {after} = JSON.parse(Buffer.from(text, 'base64url').toString()) as {after: unknown};
		if (typeof after === 'number' && Number.isInteger(after) && after >= 0) {
			return after;
		}
	} catch {
		// What is no JSON is no position either.
	}

	throw badRequest('Invalid context');
}
