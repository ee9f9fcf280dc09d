import {join} from 'node:path';
import {folderSize} from '../folder-size.ts';
import type {MirrorReader} from '../mirror.ts';
import {type Finding, finding, shown, someOf} from './finding.ts';
import {type FsckReport, isSound} from './fsck-report.ts';
import {checkObjectFiles, type PackFiles} from './object-files.ts';
import {runFsck} from './run-fsck.ts';
import {type SalvagedPack, salvagePack} from './salvage-pack.ts';
import {makeView} from './view.ts';
import type {WorkFolder} from './work-folder.ts';

/** What is wrong with the files that hold a mirror's objects. */
export type ObjectsCheck = {
	readonly findings: readonly Finding[];
	/** Whether git found nothing wrong, and no file is damaged that holds objects. */
	readonly isSound: boolean;
	/** The mirror, or a view of it that shows only what can be read. */
	readonly reader: MirrorReader;
	/** What was saved of each pack that is damaged. */
	readonly salvaged: readonly SalvagedPack[];
	/** Damaged files, relative to the mirror, that are to be moved out of the way once everything in them was saved. */
	readonly damagedFiles: readonly string[];
	/** Ids of objects that git misses; not all, where files are damaged. */
	readonly missing: ReadonlyMap<string, string>;
	readonly objects: number;
	readonly bytes: number;
};

export type CheckObjectsOptions = {
	readonly mirror: MirrorReader;
	readonly work: WorkFolder;
	/** Tells the folders of this check from those of another one. */
	readonly round: string;
	readonly onProgress: (done: number, total: number) => void;
};

/** Reads every object and every file that holds some; of what is damaged, finds out what is left. */
export async function checkObjects(options: CheckObjectsOptions): Promise<ObjectsCheck> {
	const {mirror, onProgress} = options;
	const {folder, signal} = mirror;
	let packed = 0;
	const [files, fsck] = await Promise.all([
		checkObjectFiles(folder, signal),
		runFsck({
			folder,
			signal,
			onProgress: (done, total) => {
				packed = total;
				onProgress(done, total);
			},
		}),
	]);
	const damagedPacks = files.packs.filter(pack => isDamaged(pack, fsck));
	const isWhole = damagedPacks.length === 0 && isSound(fsck);
	const salvaged: SalvagedPack[] = [];
	let reader = mirror;
	if (damagedPacks.length > 0 || fsck.looseObjects.size > 0) {
		const work = await options.work.open(await folderSize(join(folder, 'objects')));
		for (const pack of damagedPacks) {
			salvaged.push(
				await salvagePack({folder, pack, workFolder: join(work, options.round, pack.name), signal}),
			);
		}

		reader = await makeView({
			folder,
			files,
			salvaged,
			looseObjects: fsck.looseObjects,
			workFolder: join(work, options.round, 'view'),
			signal,
		});
	}

	const derived = [
		...files.damagedIndexes,
		...files.packs.filter(pack => !damagedPacks.includes(pack)).flatMap(damagedSiblings),
	];
	return {
		findings: [
			...salvaged.map(pack =>
				packFinding(
					pack,
					damagedPacks.find(({name}) => name === pack.name),
				),
			),
			...derived.map(path => finding('derived-file', `${path} is damaged; git can do without it`, {path})),
			...[...fsck.looseObjects].map(path =>
				finding('loose-object', `the object in ${path} is damaged`, {path}),
			),
			...fsck.others.map(line => finding('git', `git says: ${line}`)),
			...files.unknown.map(path =>
				finding('foreign-file', `${shown(path)} is no file of git`, {path: shown(path), state: 'noted'}),
			),
		],
		isSound: isWhole,
		reader,
		salvaged,
		damagedFiles: [
			...damagedPacks.flatMap((pack, index) => filesToMove(pack, salvaged[index])),
			...derived,
			...fsck.looseObjects,
		],
		missing: fsck.missing,
		objects: packed + files.looseObjects,
		bytes: files.bytes,
	};
}

/** Whether the pack or its index is not what it was, or one of them is gone. */
function isDamaged({name, files}: PackFiles, fsck: FsckReport): boolean {
	return files.get('pack') !== true || files.get('idx') !== true || fsck.packs.has(name);
}

/** What git derives from a pack besides its index, and that is not what it was. */
function damagedSiblings({name, files}: PackFiles): readonly string[] {
	return [...files]
		.filter(([, isWhole]) => !isWhole)
		.map(([extension]) => `objects/pack/${name}.${extension}`);
}

/** Of a pack whose index was made anew, the old one; else everything. */
function filesToMove({name, files}: PackFiles, salvaged: SalvagedPack | undefined): readonly string[] {
	const extensions = [...files.keys()].filter(
		extension => salvaged?.index === undefined || !['pack', 'keep', 'promisor'].includes(extension),
	);
	return extensions.map(extension => `objects/pack/${name}.${extension}`);
}

function packFinding(salvaged: SalvagedPack, pack: PackFiles | undefined): Finding {
	const {name, index, objects, lost} = salvaged;
	const path = `objects/pack/${name}`;
	if (index !== undefined) {
		const what = pack?.files.has('idx') ? 'is damaged' : 'is gone';
		return finding('pack-index', `${path}.idx, the index of a pack that is whole, ${what}`, {
			path: `${path}.idx`,
		});
	}

	const what = pack?.files.has('pack') ? 'is damaged' : 'is gone';
	const extent =
		lost === undefined
			? ', and its index too; what stands in it after the damage cannot be read'
			: lost === 0
				? objects === 0
					? '; it held no object'
					: `; its ${objects} objects can all be read`
				: `; ${lost} of its ${objects} objects cannot be read`;
	return finding('pack', `${path}.pack ${what}${extent}`, {path: `${path}.pack`});
}

/** `blob 1a2b…, tree 3c4d… and 12 more` */
export function missingText(missing: ReadonlyMap<string, string>): string {
	const texts = [...missing].map(([id, type]) => `${type} ${id}`);
	return `${texts.length === 1 ? 'an object is' : `${texts.length} objects are`} missing: ${someOf(texts)}`;
}
