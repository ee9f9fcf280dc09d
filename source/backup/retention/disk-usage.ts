import {GitFailed} from '../../system/git.ts';
import type {MirrorReader} from '../mirror.ts';
import {isOwnFailure} from '../own-failure.ts';

/**
Bytes on disk, about, of the objects that some commits and tags lead to and others do not.

@returns undefined where git cannot tell: it can since 2.31.
*/
export async function diskUsage(
	mirror: MirrorReader,
	{of, without}: {readonly of: readonly string[]; readonly without: readonly string[]},
): Promise<number | undefined> {
	if (of.length === 0) {
		return 0;
	}

	try {
		// Aggressive: files that snapshots share are looked for in all that stay, although none has a parent.
		const output = await mirror.read(['rev-list', '--disk-usage', '--objects-edge-aggressive', '--stdin'], {
			input: [...of.map(id => `${id}\n`), ...without.map(id => `^${id}\n`)].join(''),
		});
		// Before the sum stand the edges, each with a dash.
		const sum = Number(output.toString('latin1').trimEnd().split('\n').at(-1));
		return Number.isInteger(sum) && sum >= 0 ? sum : undefined;
	} catch (error) {
		if (error instanceof GitFailed && !isOwnFailure(error)) {
			return undefined;
		}

		throw error;
	}
}
