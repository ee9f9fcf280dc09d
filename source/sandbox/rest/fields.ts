/** What `fields` asks for: dotted paths that pass through lists, `*` for all that is there by default. */
export type FieldSelection = {
	/** Without a sign: only these. */
	readonly only: readonly Path[];
	/** With `+`: these too. */
	readonly also: readonly Path[];
	/** With `-`: not these. */
	readonly without: readonly Path[];
};

type Path = readonly string[];

/** A plus that was not sent as `%2B` has become a space by now: such a name counts as one without a sign, as on Bitbucket. */
export function parseFields(text: string | null): FieldSelection {
	const names = (text ?? '')
		.split(',')
		.map(name => name.trim())
		.filter(name => name !== '');
	const signed = (sign: string) =>
		names.filter(name => name.startsWith(sign)).map(name => name.slice(1).split('.'));
	return {
		only: names.filter(name => !/^[+-]/.test(name)).map(name => name.split('.')),
		also: signed('+'),
		without: signed('-'),
	};
}

/** Answers partially. `hidden` are fields that an answer holds only where they are named. */
export function selectFields(
	value: unknown,
	{only, also, without}: FieldSelection,
	hidden: readonly string[] = [],
): unknown {
	const hiddenPaths = hidden.map(path => path.split('.'));
	const isNamed = (path: Path) => [...only, ...also].some(wanted => covers(path, wanted));
	const visible = hiddenPaths.filter(path => !isNamed(path)).reduce<unknown>(omit, value);
	const chosen = only.length === 0 ? visible : pick(visible, [...only, ...also]);
	return without.reduce<unknown>(omit, chosen);
}

/** Whether `wanted` names `path` or something inside it. */
function covers(path: Path, wanted: Path): boolean {
	return path.every((part, index) => wanted[index] === part);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function omit(value: unknown, path: Path): unknown {
	if (Array.isArray(value)) {
		return value.map(element => omit(element, path));
	}

	const [first = '', ...rest] = path;
	if (!isObject(value) || !(first in value)) {
		return value;
	}

	const {[first]: child, ...others} = value;
	return rest.length === 0 ? others : {...value, [first]: omit(child, rest)};
}

function pick(value: unknown, paths: readonly Path[]): unknown {
	if (Array.isArray(value)) {
		return value.map(element => pick(element, paths));
	}

	if (!isObject(value)) {
		return value;
	}

	const entries = Object.entries(value).flatMap(([name, child]): Array<[string, unknown]> => {
		const tails = paths.filter(([first]) => first === name || first === '*').map(([, ...rest]) => rest);
		const isWhole = tails.some(tail => tail.length === 0);
		const hasParts = typeof child === 'object';
		if (tails.length === 0 || (!isWhole && !hasParts)) {
			return [];
		}

		return [[name, isWhole ? child : pick(child, tails)]];
	});
	return Object.fromEntries(entries);
}
