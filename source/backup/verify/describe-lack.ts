import {parseRefList, refsThatDiffer} from '../ref-list.ts';
import {missingText} from './check-objects.ts';
import {type SnapshotsCheck, snapshotsText} from './check-snapshots.ts';
import {type Finding, type FindingKind, finding, shown, someOf} from './finding.ts';
import type {MirrorDetails} from './mirror-check.ts';
import {readShared} from './snapshot-files.ts';

/* What is lacking in a mirror, in words: what is lost with it, and of which snapshots. */

/** What says by itself why something is missing. */
export const explainsLack: ReadonlySet<FindingKind> = new Set([
	'pack',
	'pack-index',
	'loose-object',
	'missing-objects',
	'draft',
]);

/** Where it was not found out what is lost with it. */
export function describeLacking({objects, history}: MirrorDetails): Finding {
	const missing =
		objects.missing.size > 0
			? objects.missing
			: new Map([...history.missing, ...history.hurt].map(id => [id, 'what leads to']));
	return finding('missing-objects', missingText(missing));
}

export function describeLackingFiles({lacking}: SnapshotsCheck): readonly Finding[] {
	return [...lacking].map(([name, ids]) =>
		finding('snapshot', `the file ${name} is missing in ${snapshotsText(ids)}`, {snapshots: ids}),
	);
}

function nothingLeft(snapshots: readonly string[]): Finding {
	return finding('missing-objects', `nothing is left of ${snapshotsText(snapshots)}`, {snapshots});
}

/** So many are described one by one. */
const maximumDescribed = 20;

/** Says which files of which snapshots are lost; what many snapshots share is said once. */
export function describeLostFiles(
	{lostFiles, snapshots: {withoutTree}}: MirrorDetails,
	isExact: boolean,
): readonly Finding[] {
	if (!isExact) {
		return withoutTree.length === 0 ? [] : [nothingLeft(withoutTree)];
	}

	const byFile = new Map<string, {readonly path: string; readonly snapshots: string[]}>();
	for (const [snapshot, files] of lostFiles) {
		for (const {path, id} of files) {
			const key = `${id} ${path}`;
			const known = byFile.get(key) ?? {path, snapshots: []};
			known.snapshots.push(snapshot);
			byFile.set(key, known);
		}
	}

	const all = [...byFile.values()];
	const more = all.slice(maximumDescribed);
	return [
		...all
			.slice(0, maximumDescribed)
			.map(({path, snapshots}) =>
				finding(
					'missing-objects',
					path === ''
						? `nothing is left of ${snapshotsText(snapshots)}`
						: `${path} is missing in ${snapshotsText(snapshots)}`,
					{snapshots},
				),
			),
		...(more.length === 0
			? []
			: [
					finding('missing-objects', `${more.length} more files of snapshots are missing`, {
						snapshots: [...new Set(more.flatMap(({snapshots}) => snapshots))].sort(),
					}),
				]),
	];
}

/**
A ref of `refs/mirror` that is not as the newest snapshot lists it was fetched by a run that did not come to its end, or its line
was changed. Nothing is lost with either, and the next run puts it right.
*/
export async function describeDrift({refs, snapshots, objects}: MirrorDetails): Promise<readonly Finding[]> {
	const [newest] = [...refs.snapshots.keys()].slice(-1);
	const list = snapshots.refLists.filter(file => file.snapshots.includes(newest ?? ''));
	for await (const {contents} of readShared(objects.reader, list)) {
		const different =
			contents === undefined ? [] : refsThatDiffer(parseRefList(contents).refs, refs.mirrored);
		if (different.length > 0) {
			const text = `${someOf(different.map(shown))} in the mirror are not as the snapshot ${newest} lists them; the next run puts that right`;
			return [finding('refs', text, {state: 'noted'})];
		}
	}

	return [];
}
