/** What is wrong with the fields of a form, by their names, in words. */
export type Problems = Readonly<Partial<Record<string, string>>>;

/**
What of it is shown: while one types, what is wrong with that which was entered; that something is missing only after
Save was tried, for until then it is on its way.
*/
export function shownProblems(
	problems: Problems,
	entry: Readonly<Record<string, unknown>>,
	hasTried: boolean,
): Problems {
	return Object.fromEntries(
		Object.entries(problems).filter(([name]) => hasTried || (entry[name] ?? '') !== ''),
	);
}
