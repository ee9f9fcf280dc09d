import type {Mirror, MirrorReader} from './mirror.ts';
import {keptPrefix, mirrorPrefix} from './mirror-refs.ts';
import {readObjectTypes} from './object-types.ts';
import {changeRefs} from './write-refs.ts';

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
Which of the lost tips need a pin, once all that is new has come: those that no tip reaches which upstream has now. What is no
commit (annotated tags) always needs one.

@param lost Ids that no current ref stands at.
@param current Ids of upstream's tips; they are in the mirror.
*/
export async function tipsToPin(
	mirror: MirrorReader,
	lost: readonly string[],
	current: Iterable<string>,
): Promise<{readonly needed: readonly string[]; readonly missing: readonly string[]}> {
	if (lost.length === 0) {
		return {needed: [], missing: []};
	}

	const types = await readObjectTypes(mirror, lost);
	const commits = lost.filter(id => types.get(id) === 'commit');
	const unreachable = await findUnreachable(mirror, commits, current);
	return {
		needed: lost.filter(id => {
			const type = types.get(id);
			return type === 'commit' ? unreachable.has(id) : type !== undefined;
		}),
		missing: lost.filter(id => !types.has(id)),
	};
}

async function findUnreachable(
	mirror: MirrorReader,
	commits: readonly string[],
	current: Iterable<string>,
): Promise<ReadonlySet<string>> {
	if (commits.length === 0) {
		return new Set();
	}

	const output = await mirror.read(['rev-list', '--stdin'], {
		input: [...commits.map(id => `${id}\n`), ...[...new Set(current)].map(id => `^${id}\n`)].join(''),
	});
	const listed = new Set(output.toString('latin1').split('\n'));
	return new Set(commits.filter(id => listed.has(id)));
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
	if (changes.size > 0) {
		await changeRefs(mirror.folder, changes);
	}
}
