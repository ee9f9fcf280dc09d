import type {MirrorReader} from '../mirror.ts';

export type ResolvedName = {readonly id: string; readonly type: string; readonly bytes: number};

/**
Objects by what they are called (an id, `<commit>:<path>`); what does not exist is left out. One process for all.

@param names Without line breaks.
*/
export async function resolveNames(
	mirror: MirrorReader,
	names: Iterable<string>,
): Promise<ReadonlyMap<string, ResolvedName>> {
	const all = [...names];
	if (all.length === 0) {
		return new Map();
	}

	const format = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
	const output = await mirror.read(['cat-file', '--buffer', format], {
		input: all.map(name => `${name}\n`).join(''),
	});
	const lines = output.toString('latin1').split('\n');
	return new Map(
		all.flatMap((name, index) => {
			const [, id = '', type = '', bytes] =
				/^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/.exec(lines[index] ?? '') ?? [];
			return bytes === undefined ? [] : [[name, {id, type, bytes: Number(bytes)}] as const];
		}),
	);
}
