/** What a handler has to say; how it is sent stands elsewhere. */
export type Answer = JsonAnswer | ListAnswer | BytesAnswer | RedirectAnswer;

export type JsonAnswer = {
	readonly kind: 'json';
	readonly value: unknown;
	/** Dotted names of fields that come only when `fields` names them. */
	readonly hidden?: readonly string[];
};

export type BytesAnswer = {
	readonly kind: 'bytes';
	readonly body: Uint8Array;
	readonly contentType: string;
	readonly headers?: Readonly<Record<string, string>>;
};

/** `location` is absolute. */
export type RedirectAnswer = {readonly kind: 'redirect'; readonly location: string};

export type ListOptions = {
	/** Default 100; more is refused. */
	readonly maximumPageLength?: number;
	/** Default 10. */
	readonly defaultPageLength?: number;
	/** Lists that are cut by a position nobody can read, and that are not counted. Default: numbered pages and a size. */
	readonly opaque?: boolean;
	/** Fields that `q` and `sort` know, and all below them. Where there are none, both are ignored. */
	readonly queryable?: readonly string[];
	/** As in `JsonAnswer`, with `values.` in front. */
	readonly hidden?: readonly string[];
};

export type ListAnswer = ListOptions & {
	readonly kind: 'list';
	readonly size: number;
	/** The elements from `start` up to, but not, `end`, as JSON. */
	readonly slice: (start: number, end: number) => unknown[];
};

export function json(value: unknown, hidden?: readonly string[]): JsonAnswer {
	return {kind: 'json', value, ...(hidden && {hidden})};
}

/** A list of which only the elements that are sent get their shape: it may be long. */
export function list<Item>(
	items: readonly Item[],
	shape: (item: Item) => unknown,
	options: ListOptions = {},
): ListAnswer {
	return {
		kind: 'list',
		size: items.length,
		slice: (start, end) => items.slice(start, end).map(shape),
		...options,
	};
}
