import {mkdir, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import type {MirrorReader} from '../mirror.ts';
import type {ObjectFiles} from './object-files.ts';
import type {SalvagedPack} from './salvage-pack.ts';
import {walk} from './walk.ts';
import {makeWorkshop} from './workshop.ts';

export type ViewOptions = {
	/** Of the mirror. */
	readonly folder: string;
	readonly files: ObjectFiles;
	/** What was saved of each pack that is damaged. */
	readonly salvaged: readonly SalvagedPack[];
	/** Paths of damaged files of single objects, relative to the mirror. */
	readonly looseObjects: ReadonlySet<string>;
	/** A folder that does not exist yet. */
	readonly workFolder: string;
	readonly signal: AbortSignal;
};

/**
A repository without refs that shows only those objects of a mirror that can be read: what is not there is missing, as it will
be once the damaged files are moved aside. The mirror stays as it is.
*/
export async function makeView(options: ViewOptions): Promise<MirrorReader> {
	const {folder, files, salvaged, looseObjects, workFolder, signal} = options;
	const view = await makeWorkshop(workFolder, signal);
	const link = async (path: string, name: string): Promise<void> =>
		symlink(path, join(view.folder, 'objects', 'pack', name));
	const damaged = new Map(salvaged.map(pack => [pack.name, pack]));
	for (const {name} of files.packs) {
		const pack = damaged.get(name);
		const path = join(folder, 'objects', 'pack', name);
		if (pack === undefined || pack.index !== undefined) {
			await link(`${path}.pack`, `${name}.pack`);
			await link(pack?.index ?? `${path}.idx`, `${name}.idx`);
		}

		if (pack?.saved !== undefined) {
			await link(`${pack.saved}.pack`, `${name}.pack`);
			await link(`${pack.saved}.idx`, `${name}.idx`);
		}
	}

	for await (const {path} of walk(folder, 'objects')) {
		const [, parent] = /^(objects\/[0-9a-f]{2})\/[0-9a-f]{38}$/.exec(path) ?? [];
		if (parent !== undefined && !looseObjects.has(path)) {
			await mkdir(join(view.folder, parent), {recursive: true});
			await symlink(join(folder, path), join(view.folder, path));
		}
	}

	return view;
}
