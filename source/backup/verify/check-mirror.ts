import {join} from 'node:path';
import type {ListedMirror} from '../list-mirrors.ts';
import type {MirrorReader} from '../mirror.ts';
import {readMirrorNote} from '../mirror-note.ts';
import type {MirrorRefs} from '../mirror-refs.ts';
import type {ReportProgress} from '../progress.ts';
import {parseRefList} from '../ref-list.ts';
import {checkBeside, readBeside} from './check-beside.ts';
import {checkHistory} from './check-history.ts';
import {checkObjects} from './check-objects.ts';
import {checkPeeled, checkRefs} from './check-refs.ts';
import {checkSnapshots, snapshotsText} from './check-snapshots.ts';
import {
	describeDrift,
	describeLacking,
	describeLackingFiles,
	describeLostFiles,
	explainsLack,
} from './describe-lack.ts';
import {type Finding, finding, isDamage, shown} from './finding.ts';
import {findLostFiles} from './lost-files.ts';
import type {MirrorCheck, MirrorDetails} from './mirror-check.ts';
import {readLostSnapshots} from './move-aside.ts';
import type {PackedRefs} from './packed-refs.ts';
import {chooseSample} from './sample.ts';
import {tryRestore} from './sample-restore.ts';
import {readShared} from './snapshot-files.ts';
import {walk} from './walk.ts';
import type {WorkFolder} from './work-folder.ts';

export type CheckMirrorOptions = {
	readonly mirror: MirrorReader;
	readonly kind: ListedMirror['kind'];
	readonly work: WorkFolder;
	/** Tells the folders of this check from those of another one. */
	readonly round: string;
	/** Which snapshot is restored on trial: 0 the newest, 1 the one before. */
	readonly pick: number;
	/** Whether it is found out what exactly is lost. */
	readonly isExact: boolean;
	readonly progress: ReportProgress;
};

/** Looks at everything that a mirror holds. Changes nothing in it. */
export async function checkMirror(options: CheckMirrorOptions): Promise<MirrorCheck> {
	const {mirror} = options;
	const links = await findLinks(mirror.folder);
	const nothing = {snapshots: 0, objects: 0, bytes: 0, details: undefined};
	if (links.length > 0) {
		return {...nothing, findings: links, isPlanted: true, refs: undefined};
	}

	const refs = await checkRefs(mirror);
	const strangers = await findStrangers(mirror.folder);
	if (refs.refs === undefined) {
		return {...nothing, findings: [...refs.findings, ...strangers], isPlanted: false, refs};
	}

	const details = await checkDetails(options, refs.refs, refs.packed);
	const {peeled, objects, snapshots, history, lfs, downloads} = details;
	const found = [
		...refs.findings,
		...peeled,
		...strangers,
		...(await snapshotsThatAreGone(options, refs.refs)),
		...objects.findings,
		...snapshots.findings,
		// Where objects are missing, it is said below which files are lost with them.
		...(objects.isSound ? describeLackingFiles(snapshots) : []),
		...history.findings,
		...(history.isDraftHurt
			? [finding('draft', 'what an interrupted run had saved of the next snapshot is damaged')]
			: []),
		...describeLostFiles(details, options.isExact),
		...(await describeDrift(details)),
		...lfs.findings,
		...downloads.findings,
	];
	const isExplained = found.some(each => isDamage(each) && explainsLack.has(each.kind));
	const findings = isLacking(details) && !isExplained ? [...found, describeLacking(details)] : found;
	if (!objects.isSound && !findings.some(isDamage)) {
		findings.push(finding('git', 'git fsck finds the mirror damaged'));
	}

	const restore = findings.some(isDamage) ? undefined : await trial(options, details);
	return {
		findings: restore === undefined ? findings : [...findings, restore],
		snapshots: refs.refs.snapshots.size,
		objects: objects.objects,
		bytes: objects.bytes + lfs.bytes + downloads.bytes,
		isPlanted: false,
		refs,
		details,
	};
}

/** Whether something is missing that a ref or a snapshot leads to. */
function isLacking({objects, history}: MirrorDetails): boolean {
	return objects.missing.size > 0 || history.missing.length > 0 || history.hurt.length > 0;
}

async function checkDetails(
	options: CheckMirrorOptions,
	refs: MirrorRefs,
	packed: PackedRefs | undefined,
): Promise<MirrorDetails> {
	const {mirror, kind, isExact, progress} = options;
	const {folder, signal} = mirror;
	// Git reads objects with one processor; meanwhile we read the rest with another one.
	const [objects, lfsFiles, downloadFiles] = await Promise.all([
		checkObjects({...options, onProgress: (done, total) => progress('verify', done, total, 'objects')}),
		readBeside('lfs', folder, signal),
		readBeside('downloads', folder, signal),
	]);
	const {reader, isSound} = objects;
	const snapshots = await checkSnapshots(reader, refs.snapshots, kind === 'repository');
	const history = await checkHistory({reader, refs, snapshots, isSound, isExact});
	return {
		refs,
		peeled: await checkPeeled(reader, packed),
		objects,
		snapshots,
		history,
		lostFiles: isSound || !isExact ? new Map() : await findLostFiles(reader, refs.snapshots),
		lfs: checkBeside('lfs', lfsFiles, snapshots.lfs),
		downloads: checkBeside('downloads', downloadFiles, snapshots.downloads),
	};
}

/** A link would lead what is read, and what is written to repair it, out of the mirror. */
async function findLinks(folder: string): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	for (const name of ['objects', 'refs', 'lfs', 'downloads']) {
		for await (const {path, entry} of walk(folder, name)) {
			if (entry.isSymbolicLink()) {
				findings.push(
					finding(
						'planted',
						`${shown(path)} is a link, which leads out of the mirror; look who put it there and move it away`,
						{path: shown(path)},
					),
				);
			}
		}
	}

	return findings;
}

/** Hooks are never run, and nobody here makes any. */
async function findStrangers(folder: string): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	for await (const {path} of walk(folder, 'hooks')) {
		findings.push(
			finding(
				'planted',
				`${shown(path)} does not belong into a mirror; it is never run, look who put it there and move it away`,
				{path: shown(path)},
			),
		);
	}

	return findings;
}

async function snapshotsThatAreGone(
	{mirror}: CheckMirrorOptions,
	refs: MirrorRefs,
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	// The note is made with the first snapshot.
	if (refs.snapshots.size === 0 && (await readMirrorNote(mirror.folder)) !== undefined) {
		findings.push(finding('refs', 'no snapshot is left in the mirror', {path: 'refs'}));
	}

	for (const [folder, ids] of await readLostSnapshots(mirror.folder)) {
		const lost = ids.filter(id => !refs.snapshots.has(id));
		if (lost.length > 0) {
			findings.push(
				finding(
					'lost',
					`nothing is left of ${snapshotsText(lost)}; once you know it, remove ${join(mirror.folder, folder)}`,
					{path: folder, snapshots: lost},
				),
			);
		}
	}

	return findings;
}

/** Restores a sample of a snapshot to another place. */
async function trial(
	{mirror, work, round, pick}: CheckMirrorOptions,
	{refs, snapshots, objects}: MirrorDetails,
): Promise<Finding | undefined> {
	const ids = [...refs.snapshots.keys()];
	const id = ids.at(-1 - (Math.abs(pick) % Math.max(1, ids.length)));
	const list = snapshots.refLists.find(file => id !== undefined && file.snapshots.includes(id));
	if (id === undefined || list === undefined) {
		return undefined;
	}

	for await (const {contents} of readShared(mirror, [list])) {
		const sample = chooseSample(parseRefList(contents ?? Buffer.alloc(0)), objects.bytes, pick);
		const problem = await tryRestore(mirror, sample, join(await work.open(objects.bytes), round, 'restored'));
		return problem === undefined
			? undefined
			: finding('restore', `the snapshot ${id} cannot be restored: ${problem}`, {snapshots: [id]});
	}

	return undefined;
}
