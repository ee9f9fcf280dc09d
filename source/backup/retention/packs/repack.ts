import type {Unreachable} from '../../mirror-note.ts';
import {hasObject, objectsMissing, type PackIndex, readPackIndex} from '../../pack-index.ts';
import type {RepackDecision} from './decide-repack.ts';
import {deletePack, listPacks, packPath, sweepPackFolder} from './pack-files.ts';
import {type PackingPlace, packReachable, packThese, packTogether} from './pack-objects.ts';

/*
Git's own `repack -d` and `gc` are not used: for them the protection of the mirror (`preciousObjects`) would have to be lifted,
and they drop what is unreachable by the age of its file, which says nothing of when it became so. Here new packs are written
beside the old ones, and an old one is deleted only after every object in it was found in a new one. So nothing but a pack of
objects that have been unreachable for the time of grace ever vanishes.
*/

export type RepackOptions = PackingPlace & {
	/** Ids that the mirror must not lose: those of all its refs. */
	readonly tips: ReadonlySet<string>;
	/** Milliseconds since the epoch. */
	readonly now: number;
};

/**
Does what was decided about the packs of a mirror. A kill at any moment leaves more than is needed, never less.

@returns what of the mirror is unreachable afterwards; undefined where that is as it was.
@throws Error where a new pack lacks something; then no old one was deleted.
*/
export async function repack(
	decision: RepackDecision,
	unreachable: Unreachable | undefined,
	options: RepackOptions,
): Promise<Unreachable | undefined> {
	const set = Object.entries(unreachable?.packs ?? {});
	const names = set.map(([name]) => name);
	const without = (expired: readonly string[]): typeof set => set.filter(([name]) => notIn(expired)(name));
	switch (decision.kind) {
		case 'nothing':
			return undefined;
		case 'consolidate':
			await replacePacks(decision.packs, await packTogether(decision.packs, options), options);
			return undefined;
		case 'collect': {
			const made = await collect(names, decision.expired, options);
			const now = new Date(options.now).toISOString();
			const packs = [...without(decision.expired), ...made.map(name => [name, now] as const)];
			return {bytes: 0, packs: Object.fromEntries(packs)};
		}

		case 'expire':
			await expire(names, decision.expired, options);
			return {bytes: 0, ...unreachable, packs: Object.fromEntries(without(decision.expired))};
	}
}

/**
Makes a pack of everything that a ref leads to, and one of the rest, in place of all ordinary packs.

@param set Names of the packs that hold only what is unreachable, and of those of them that are expired.
@returns the names of the pack of the rest; none where there is no rest.
*/
async function collect(
	set: readonly string[],
	expired: readonly string[],
	options: RepackOptions,
): Promise<readonly string[]> {
	const {folder} = options.mirror;
	const isOrdinary = notIn(set);
	const packs = await listPacks(folder);
	const old = packs.filter(({name, isForeign}) => !isForeign && isOrdinary(name)).map(({name}) => name);
	const reachable = await packReachable(options);
	const staying = [...reachable, ...packs.filter(({isForeign}) => isForeign).map(({name}) => name)];
	const indexes = await readIndexes(folder, staying);
	assertHolds(indexes, options.tips);

	const rest = new Set<string>();
	for (const name of old) {
		for (const id of objectsMissing(await readPackIndex(packPath(folder, name, '.idx')), indexes)) {
			rest.add(id);
		}
	}

	const unreachable = await packThese(rest, options);
	await replacePacks(old, [...staying, ...unreachable], options);
	await deletePacks(expired.filter(notIn([...reachable, ...unreachable])), options);
	return unreachable;
}

/** Deletes packs of what has been unreachable for long; what a ref leads to again is saved from them before. */
async function expire(
	set: readonly string[],
	expired: readonly string[],
	options: RepackOptions,
): Promise<void> {
	const {folder} = options.mirror;
	const isStaying = notIn(set);
	const staying = (await listPacks(folder)).filter(({name}) => isStaying(name)).map(({name}) => name);
	const saved = await packReachable(options, staying);
	assertHolds(await readIndexes(folder, [...staying, ...saved]), options.tips);
	await deletePacks(expired.filter(notIn(saved)), options);
}

/** Deletes packs after every object in them was found in others. */
async function replacePacks(
	old: readonly string[],
	by: readonly string[],
	options: RepackOptions,
): Promise<void> {
	const {folder} = options.mirror;
	const others = await readIndexes(folder, by);
	const replaced = old.filter(notIn(by));
	for (const name of replaced) {
		const missing = objectsMissing(await readPackIndex(packPath(folder, name, '.idx')), others);
		if (missing.length > 0) {
			throw new Error(`${folder} was packed anew and ${missing[0]} was left out; all packs were kept.`);
		}
	}

	await deletePacks(replaced, options);
}

async function deletePacks(names: readonly string[], {mirror, before}: RepackOptions): Promise<void> {
	if (names.length > 0) {
		await sweepPackFolder(mirror.folder);
	}

	for (const name of names) {
		await before('delete pack');
		await deletePack(mirror.folder, name);
	}
}

function assertHolds(packs: readonly PackIndex[], tips: ReadonlySet<string>): void {
	for (const id of tips) {
		if (!packs.some(index => hasObject(index, id))) {
			throw new Error(`The mirror was packed anew and ${id} was left out; all packs were kept.`);
		}
	}
}

async function readIndexes(folder: string, names: readonly string[]): Promise<readonly PackIndex[]> {
	return Promise.all(names.map(async name => readPackIndex(packPath(folder, name, '.idx'))));
}

function notIn(names: readonly string[]): (name: string) => boolean {
	const set = new Set(names);
	return name => !set.has(name);
}
