import type {MirrorReader} from '../mirror.ts';
import type {MirrorRefs} from '../mirror-refs.ts';
import {keptPrefix, mirrorPrefix} from '../mirror-refs.ts';
import {parseRefList} from '../ref-list.ts';
import {type SnapshotsCheck, snapshotsText} from './check-snapshots.ts';
import {checkTips, readTypes} from './check-tips.ts';
import {findHurt} from './find-hurt.ts';
import {type Finding, finding, shown, someOf} from './finding.ts';
import {readShared} from './snapshot-files.ts';

/** Whether all history that a mirror should hold can be followed to its end. */
export type HistoryCheck = {
	readonly findings: readonly Finding[];
	/** Ids of tips that are not there. */
	readonly missing: readonly string[];
	/** Ids of tips from which something is missing; where it was not looked for exactly, of all. */
	readonly hurt: readonly string[];
	/** Ids of tips that no ref leads to. */
	readonly unheld: readonly string[];
	/** Full names of refs whose object is not there. */
	readonly brokenRefs: readonly string[];
	/** Whether something of the draft is missing. */
	readonly isDraftHurt: boolean;
};

export type CheckHistoryOptions = {
	readonly reader: MirrorReader;
	readonly refs: MirrorRefs;
	readonly snapshots: SnapshotsCheck;
	/** Whether git found all objects that refs lead to: then only what snapshots list besides is looked at. */
	readonly isSound: boolean;
	/** Whether it is found out what exactly is hurt; that may take many walks through history. */
	readonly isExact: boolean;
};

export async function checkHistory(options: CheckHistoryOptions): Promise<HistoryCheck> {
	const {reader, refs, snapshots, isSound, isExact} = options;
	const named = namedRefs(refs);
	const types = await readTypes(reader, [...new Set(named.values())]);
	const there = new Set([...types].filter(([, type]) => type !== undefined).map(([id]) => id));
	const brokenRefs = [...named].filter(([, id]) => !there.has(id)).map(([name]) => name);
	const tips = await checkTips(reader, snapshots.tips, there);
	const isHistoryWhole = isSound && tips.unheld !== undefined && tips.unheld.length === 0;

	const snapshotCommits = new Set(refs.snapshots.values());
	const missingTips = new Set(tips.missing);
	const isThere = (id: string): boolean => (types.has(id) ? there.has(id) : !missingTips.has(id));
	const history = [...new Set([...there, ...snapshots.tips])].filter(
		id => !snapshotCommits.has(id) && isThere(id),
	);
	const hurt = isHistoryWhole ? [] : (await findHurt(reader, history, isExact)).ids;
	const drafts = new Set(refs.drafts.map(({id}) => id));
	const broken = brokenRefs.map(name => named.get(name) ?? '').filter(id => !snapshotCommits.has(id));
	const lost = new Set([...tips.missing, ...broken, ...(isExact ? hurt : [])].filter(id => !drafts.has(id)));
	return {
		findings: [
			...(lost.size > 0 ? await describeLost(options, named, lost, new Set(hurt)) : []),
			...unheldFindings(tips.unheld ?? []),
		],
		missing: [...new Set([...tips.missing, ...broken])],
		hurt: hurt.filter(id => !drafts.has(id)),
		unheld: (tips.unheld ?? []).filter(id => !hurt.includes(id)),
		brokenRefs,
		isDraftHurt: [...drafts].some(id => hurt.includes(id) || !there.has(id)),
	};
}

/** All refs of a mirror by their full names. */
function namedRefs({mirrored, snapshots, kept, drafts}: MirrorRefs): ReadonlyMap<string, string> {
	return new Map([
		...[...mirrored].map(([name, id]) => [mirrorPrefix + name.slice('refs/'.length), id] as const),
		...[...snapshots].map(([id, commit]) => [`refs/brigade/snapshots/${id}`, commit] as const),
		...[...kept].map(id => [keptPrefix + id, id] as const),
		...drafts.map(({name, id}) => [name, id] as const),
	]);
}

function unheldFindings(unheld: readonly string[]): readonly Finding[] {
	const what =
		unheld.length === 1
			? 'a commit that snapshots list is'
			: `${unheld.length} commits that snapshots list are`;
	return unheld.length === 0
		? []
		: [finding('refs', `${what} held by no ref: ${someOf(unheld)}`, {path: 'refs'})];
}

/** So many are described one by one. */
const maximumDescribed = 20;

type Lost = {readonly names: Set<string>; readonly snapshots: Set<string>};

/** Says which refs of which snapshots cannot be restored whole. */
async function describeLost(
	{reader, snapshots}: CheckHistoryOptions,
	named: ReadonlyMap<string, string>,
	ids: ReadonlySet<string>,
	hurt: ReadonlySet<string>,
): Promise<readonly Finding[]> {
	const lost = new Map<string, Lost>([...ids].map(id => [id, {names: new Set(), snapshots: new Set()}]));
	for await (const {file, contents} of readShared(reader, snapshots.refLists)) {
		for (const [name, id] of contents === undefined ? [] : parseRefList(contents).refs) {
			const found = lost.get(id);
			found?.names.add(name);
			for (const snapshot of found === undefined ? [] : file.snapshots) {
				found?.snapshots.add(snapshot);
			}
		}
	}

	for (const [name, id] of named) {
		const found = lost.get(id);
		if (found?.names.size === 0) {
			found.names.add(name);
		}
	}

	const described = [...lost].slice(0, maximumDescribed).map(([id, {names, snapshots: listing}]) => {
		const all = [...listing].sort();
		const refs = someOf([...names].map(shown));
		const from = all.length === 0 ? '' : ` from ${snapshotsText(all)}`;
		const text = hurt.has(id)
			? `${refs} (${id}) cannot be restored whole${from}: something that it leads to is missing`
			: `${refs} cannot be restored${from}: the object ${id} is missing`;
		return finding('missing-objects', text, {snapshots: all});
	});
	const more = [...lost.values()].slice(maximumDescribed);
	const hurtToo = [...new Set(more.flatMap(({snapshots: listing}) => [...listing]))].sort();
	return more.length === 0
		? described
		: [
				...described,
				finding('missing-objects', `${more.length} more refs of snapshots cannot be restored whole`, {
					snapshots: hurtToo,
				}),
			];
}
