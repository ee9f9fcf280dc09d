/** A file `packed-refs` (https://git-scm.com/docs/git-pack-refs), read line by line, so that what is left of it can be used. */
export type PackedRefs = {
	/** Object ids by full name. Names are byte strings. */
	readonly refs: ReadonlyMap<string, string>;
	/** What the annotated tags among them are said to lead to, by their own ids. */
	readonly peeled: ReadonlyMap<string, string>;
	/** Numbers of the lines, from 1, that cannot be read or stand in the wrong place; git reads none of the file, or misses refs. */
	readonly badLines: readonly number[];
};

export function parsePackedRefs(file: Buffer): PackedRefs {
	const lines = file.toString('latin1').split('\n');
	const badLines: number[] = [];
	// Every line ends with a line break: what follows the last one is the beginning of a line that was cut.
	if (lines.pop() !== '') {
		badLines.push(lines.length + 1);
	}

	const refs = new Map<string, string>();
	const peeled = new Map<string, string>();
	let lastName = '';
	let lastId: string | undefined;
	for (const [index, line] of lines.entries()) {
		const [, id, name] = /^([0-9a-f]{40}) (refs\/[^\0-\x20\x7f]+)$/.exec(line) ?? [];
		const [, target] = /^\^([0-9a-f]{40})$/.exec(line) ?? [];
		if (id !== undefined && name !== undefined && name > lastName) {
			refs.set(name, id);
			lastName = name;
			lastId = id;
		} else if (target !== undefined && lastId !== undefined) {
			peeled.set(lastId, target);
			lastId = undefined;
		} else if (!(index === 0 && /^# pack-refs with:( (peeled|fully-peeled|sorted))* ?$/.test(line))) {
			badLines.push(index + 1);
			lastId = undefined;
		}
	}

	return {refs, peeled, badLines};
}

/** A file that holds these refs; what tags lead to is left to git to find out. */
export function formatPackedRefs(refs: ReadonlyMap<string, string>): Buffer {
	const lines = [...refs].sort(([left], [right]) => (left < right ? -1 : 1));
	return Buffer.from(
		`# pack-refs with: sorted \n${lines.map(([name, id]) => `${id} ${name}\n`).join('')}`,
		'latin1',
	);
}
