import type {Mirror} from './mirror.ts';
import {keptPrefix, mirrorPrefix} from './mirror-refs.ts';
import {readObjectTypes} from './object-types.ts';
import {manyRefs, rewriteRefs} from './rewrite-refs.ts';

/** Tips that were pinned before a fetch, and those of them that could not be. */
export type Pinned = {
	/** Ids of commits; what of them a ref still reaches after the fetch needs no pin. */
	readonly commits: readonly string[];
	/** Ids that are listed as tips and are not in the mirror: it is damaged. */
	readonly missing: readonly string[];
};

/**
Tips of the past that no current ref stands at, whatever its name, and that are not kept yet.

They may still be reachable: whether they are is known only after a fetch.
*/
export function findLostTips(options: {
	readonly past: ReadonlyArray<ReadonlyMap<string, string>>;
	readonly current: ReadonlyMap<string, string>;
	readonly kept: ReadonlySet<string>;
}): readonly string[] {
	const current = new Set(options.current.values());
	const past = new Set(options.past.flatMap(refs => [...refs.values()]));
	return [...past].filter(id => !current.has(id) && !options.kept.has(id));
}

/**
Pins tips under `refs/brigade/kept/<id>` before a fetch takes their refs away, so that no kill, at whatever moment,
leaves a commit without a ref.
*/
export async function pinTips(mirror: Mirror, tips: readonly string[]): Promise<Pinned> {
	if (tips.length === 0) {
		return {commits: [], missing: []};
	}

	const types = await readObjectTypes(mirror, tips);
	const present = tips.filter(id => types.get(id) !== undefined);
	await updateRefs(mirror, new Map(present.map(id => [keptPrefix + id, id])));
	return {
		commits: present.filter(id => types.get(id) === 'commit'),
		missing: tips.filter(id => types.get(id) === undefined),
	};
}

/**
Takes away the pins of commits that a mirrored ref reaches: a branch that only moved on needs none. What is no commit
(annotated tags) stays pinned.
*/
export async function releaseReachable(mirror: Mirror, commits: readonly string[]): Promise<void> {
	if (commits.length === 0) {
		return;
	}

	const output = await mirror.read(['rev-list', '--stdin', '--not', `--glob=${mirrorPrefix}*`], {
		input: commits.map(id => `${id}\n`).join(''),
	});
	const unreachable = new Set(output.toString('latin1').split('\n'));
	const reachable = commits.filter(id => !unreachable.has(id));
	await updateRefs(mirror, new Map(reachable.map(id => [keptPrefix + id, undefined])));
}

async function updateRefs(mirror: Mirror, changes: ReadonlyMap<string, string | undefined>): Promise<void> {
	if (changes.size >= manyRefs) {
		await rewriteRefs(mirror, refs => {
			for (const [name, id] of changes) {
				if (id === undefined) {
					refs.delete(name);
				} else {
					refs.set(name, id);
				}
			}
		});
	} else if (changes.size > 0) {
		const commands = [...changes].map(([name, id]) =>
			id === undefined ? `delete ${name}\0\0` : `update ${name}\0${id}\0\0`,
		);
		await mirror.write(['update-ref', '--no-deref', '--stdin', '-z'], {input: commands.join('')});
	}
}
