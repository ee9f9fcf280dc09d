import type {MirrorReader} from './mirror.ts';

/** Types (`commit`, `tag` …) of those objects that are in a mirror, by id; in one process. */
export async function readObjectTypes(
	mirror: MirrorReader,
	ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	if (ids.length === 0) {
		return new Map();
	}

	const output = await mirror.read(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
		input: ids.map(id => `${id}\n`).join(''),
	});
	const lines = output.toString('latin1').trimEnd().split('\n');
	return new Map(
		lines.flatMap(line => {
			const [id = '', type = ''] = line.split(' ');
			return type === 'missing' ? [] : [[id, type] as const];
		}),
	);
}
