import {snapshotsText} from './check-snapshots.ts';
import {checkStoredFiles, type StoredFilesCheck} from './check-stored-files.ts';
import {type Finding, type FindingKind, finding, shown, someOf} from './finding.ts';
import {readStoredFiles, type StoredFile} from './stored-files.ts';
import {snapshotsNeeding, type WantedFile} from './wanted-files.ts';

/** What lies beside the Git data of a mirror: LFS objects or downloads. */
export type BesideCheck = {
	readonly findings: readonly Finding[];
	/** What has to be fetched again. */
	readonly toFetch: readonly WantedFile[];
	/** Files that are not what they were, relative to the mirror. */
	readonly damagedFiles: readonly string[];
	readonly bytes: number;
};

type BesideKind = {
	readonly kind: Extract<FindingKind, 'lfs' | 'download'>;
	readonly within: string;
	readonly store: string;
	/** `LFS object` */
	readonly noun: string;
};

const kinds: Readonly<Record<'lfs' | 'downloads', BesideKind>> = {
	lfs: {kind: 'lfs', within: 'lfs', store: 'lfs/objects', noun: 'LFS object'},
	downloads: {kind: 'download', within: 'downloads', store: 'downloads', noun: 'download'},
};

/** So many are described one by one. */
const maximumDescribed = 20;

/** Reads everything that lies beside a mirror. @param folder Of the mirror. */
export async function readBeside(
	kind: 'lfs' | 'downloads',
	folder: string,
	signal: AbortSignal,
): Promise<readonly StoredFile[]> {
	const {within, store} = kinds[kind];
	return readStoredFiles(folder, within, store, signal);
}

/** @param files What was read. @param wanted What snapshots need, by hash. */
export function checkBeside(
	kind: 'lfs' | 'downloads',
	files: readonly StoredFile[],
	wanted: ReadonlyMap<string, WantedFile>,
): BesideCheck {
	const what = kinds[kind];
	const check = checkStoredFiles(files, wanted);
	return {
		findings: [
			...describe(what, check.damaged, ({file, path, reason}) =>
				finding(what.kind, `the ${what.noun} ${nameOf(file)} is damaged: ${reason}${neededBy([file])}`, {
					path: shown(path),
					snapshots: snapshotsNeeding([file]),
				}),
			),
			...describe(what, check.gone, file =>
				finding(what.kind, `the ${what.noun} ${nameOf(file)} is gone${neededBy([file])}`, {
					path: `${what.store}/${file.hash.slice(0, 2)}/${file.hash.slice(2, 4)}/${file.hash}`,
					snapshots: snapshotsNeeding([file]),
				}),
			),
			...missingUpstream(what, check),
			...foreign(check),
		],
		toFetch: [...check.damaged.map(({file}) => file).filter(({lists}) => lists.length > 0), ...check.gone],
		damagedFiles: check.damaged.map(({path}) => path),
		bytes: check.bytes,
	};
}

function describe<Item>(
	{kind, noun}: BesideKind,
	items: readonly Item[],
	one: (item: Item) => Finding,
): readonly Finding[] {
	const more = items.length - maximumDescribed;
	return [
		...items.slice(0, maximumDescribed).map(one),
		...(more > 0 ? [finding(kind, `${more} more ${noun}s are damaged or gone`)] : []),
	];
}

function nameOf({hash, names}: WantedFile): string {
	return names.size === 0 ? hash : `${someOf([...names])} (${hash})`;
}

function neededBy(files: readonly WantedFile[]): string {
	const snapshots = snapshotsNeeding(files);
	return snapshots.length === 0
		? ''
		: `; ${snapshotsText(snapshots)} need${snapshots.length === 1 ? 's' : ''} it`;
}

function missingUpstream({noun}: BesideKind, {missingUpstream: files}: StoredFilesCheck): readonly Finding[] {
	return files.length === 0
		? []
		: [
				finding(
					'missing-upstream',
					`${files.length} ${noun}${files.length === 1 ? ' is' : 's are'} not here; the snapshots themselves say that some could not be fetched`,
					{state: 'noted', snapshots: snapshotsNeeding(files)},
				),
			];
}

function foreign({foreign: paths}: StoredFilesCheck): readonly Finding[] {
	const more = paths.length - maximumDescribed;
	return [
		...paths.slice(0, maximumDescribed).map(path =>
			finding('foreign-file', `${shown(path)} is needed by no snapshot, and stays as it is`, {
				path: shown(path),
				state: 'noted',
			}),
		),
		...(more > 0
			? [finding('foreign-file', `${more} more files are needed by no snapshot`, {state: 'noted'})]
			: []),
	];
}
