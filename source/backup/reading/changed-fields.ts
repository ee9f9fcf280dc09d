/** Fields of a repository's description that change whenever somebody pushes. */
const restless: ReadonlySet<string> = new Set(['updated_on', 'size']);

/**
Names of the fields in which two descriptions of a repository differ, those aside that change with every push; sorted.

@returns undefined where one of them cannot be read.
*/
export function changedFields(
	before: Buffer | undefined,
	after: Buffer | undefined,
): readonly string[] | undefined {
	const [left, right] = [before, after].map(parseObject);
	if (left === undefined || right === undefined) {
		return undefined;
	}

	return [...new Set([...Object.keys(left), ...Object.keys(right)])]
		.filter(name => !restless.has(name) && JSON.stringify(left[name]) !== JSON.stringify(right[name]))
		.sort();
}

function parseObject(file: Buffer | undefined): Readonly<Record<string, unknown>> | undefined {
	try {
		const value: unknown = JSON.parse(file?.toString('utf8') ?? '');
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
