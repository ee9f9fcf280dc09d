/**
All refs of a repository at one time: what upstream advertises, what a mirror holds, what a snapshot lists.

Names are byte strings (each character is one byte, Node's `latin1`), because a ref's name need not be valid UTF-8.
*/
export type RefList = {
	/** Name of the branch that HEAD points to, or the id that a detached HEAD holds; undefined for an empty repository. */
	readonly head: string | undefined;
	/** Object id by full name: `refs/heads/main`. */
	readonly refs: ReadonlyMap<string, string>;
};

export const noRefs: RefList = {head: undefined, refs: new Map()};

/** The file `refs` of a snapshot: a line for HEAD, then a line for each ref, sorted by name. */
export function formatRefList({head, refs}: RefList): Buffer {
	const lines = [...refs]
		.sort(([left], [right]) => (left < right ? -1 : 1))
		.map(([name, id]) => `${id} ${name}\n`);
	return Buffer.from(formatHead(head) + lines.join(''), 'latin1');
}

function formatHead(head: string | undefined): string {
	if (head === undefined) {
		return '';
	}

	return head.startsWith('refs/') ? `ref: ${head} HEAD\n` : `${head} HEAD\n`;
}

/** Reads what `formatRefList` wrote. */
export function parseRefList(file: Buffer): RefList {
	let head: string | undefined;
	const refs = new Map<string, string>();
	for (const line of file.toString('latin1').split('\n')) {
		const [, value = '', name = ''] = /^(?:ref: )?([^ ]+) ([^ ]+)$/.exec(line) ?? [];
		if (name === 'HEAD') {
			head = value;
		} else if (name.startsWith('refs/')) {
			refs.set(name, value);
		}
	}

	return {head, refs};
}

export function haveSameRefs(left: RefList['refs'], right: RefList['refs']): boolean {
	return left.size === right.size && [...left].every(([name, id]) => right.get(name) === id);
}

/** Whether both say the same, HEAD included. */
export function isSameRefList(left: RefList, right: RefList): boolean {
	return left.head === right.head && haveSameRefs(left.refs, right.refs);
}

/** Names of the refs that upstream has and the mirror has not, or has at another object. */
export function refsThatDiffer(upstream: RefList['refs'], mirror: RefList['refs']): readonly string[] {
	const missing = [...upstream].filter(([name, id]) => mirror.get(name) !== id).map(([name]) => name);
	const surplus = [...mirror.keys()].filter(name => !upstream.has(name));
	return [...missing, ...surplus];
}
