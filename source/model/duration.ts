const unitMilliseconds: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/**
Milliseconds of a duration as people write it: `10s`, `1h`, `90m`, `7d`, `250ms`.

@returns undefined where the text is not a positive whole number with one of these units.
*/
export function parseDuration(text: string): number | undefined {
	const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim());
	const [, count, unit] = match ?? [];
	if (count === undefined || unit === undefined) {
		return undefined;
	}

	const milliseconds = Number(count) * (unitMilliseconds[unit] ?? 0);
	return milliseconds > 0 ? milliseconds : undefined;
}

/** The shortest exact way to write a number of milliseconds as a duration: `3600000` is `1h`. */
export function formatDuration(milliseconds: number): string {
	for (const [unit, size] of Object.entries(unitMilliseconds).reverse()) {
		if (milliseconds % size === 0) {
			return `${milliseconds / size}${unit}`;
		}
	}

	return `${Math.round(milliseconds)}ms`;
}
