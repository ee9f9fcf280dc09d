/**
JSON for files that are kept and compared: keys sorted, indented by tabs, a line break at the end. Equal values give equal
bytes, whatever order the server put their keys in.
*/
export function stableJson(value: unknown): Buffer {
	return Buffer.from(`${JSON.stringify(sortKeys(value), undefined, '\t')}\n`);
}

function sortKeys(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(sortKeys);
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	// Without a prototype, so that a key `__proto__` is a key like any other.
	const sorted: Record<string, unknown> = Object.create(null);
	for (const key of Object.keys(value).sort()) {
		sorted[key] = sortKeys((value as Record<string, unknown>)[key]);
	}

	return sorted;
}
