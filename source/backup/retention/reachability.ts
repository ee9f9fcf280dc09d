import type {MirrorReader} from '../mirror.ts';
import {resolveNames} from './resolve-names.ts';

/**
Which of some objects no root leads to. What is no commit (an annotated tag) counts as reached where a root is that object itself.

@param ids What does not exist is passed over.
@param roots Ids of objects that exist.
*/
export async function findUnreachable(
	mirror: MirrorReader,
	ids: readonly string[],
	roots: readonly string[],
): Promise<readonly string[]> {
	const known = new Set(roots);
	const open = [...new Set(ids)].filter(id => !known.has(id));
	const types = await resolveNames(mirror, open);
	const commits = open.filter(id => types.get(id)?.type === 'commit');
	const others = open.filter(id => types.has(id) && types.get(id)?.type !== 'commit');
	if (commits.length === 0) {
		return others;
	}

	const output = await mirror.read(['rev-list', '--stdin'], {
		input: [...commits.map(id => `${id}\n`), ...roots.map(id => `^${id}\n`)].join(''),
	});
	const unreachable = new Set(output.toString('latin1').split('\n'));
	return [...commits.filter(id => unreachable.has(id)), ...others];
}
