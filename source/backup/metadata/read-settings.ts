import type {AccountPool} from '../../accounts/pool-types.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import {type Reading, readMetadata} from './read-metadata.ts';
import {type SettingsKind, settingsKinds} from './repository-settings.ts';

export type ReadSettingsOptions = {
	readonly pool: AccountPool;
	/** `/repositories/acme/web-frontend` */
	readonly path: string;
	readonly slug: string;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	/** Whether all kinds are read; else only those that the last snapshot lacks. */
	readonly isTurn: boolean;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

/**
Puts a repository's settings into a snapshot: what is read now, and of the rest what the last snapshot holds.
*/
export async function readSettings(options: ReadSettingsOptions): Promise<void> {
	const {pool, path, slug, tree, last, isTurn, problems, progress} = options;
	const wanted = kindsToRead(last, isTurn);
	const readings = new Map<string, Reading>();

	for (const [index, kind] of settingsKinds.entries()) {
		const file = fileOf(kind);
		if (!wanted.has(kind.name)) {
			tree.keep(file);
			continue;
		}

		progress('settings', index, settingsKinds.length, 'kinds');
		const reading = await readKind(kind, readings, {pool, path, slug});
		readings.set(kind.name, reading);
		if (reading.kind === 'read') {
			tree.write(file, stableJson(reading.value));
		} else if (reading.kind === 'unreadable') {
			tree.keep(file);
			problems.add(file, reading.problem);
		}
	}
}

function fileOf({name}: SettingsKind): string {
	return `settings/${name}.json`;
}

/** Names of all kinds in turn, else of those that the last snapshot lacks, each with the kind whose elements it is read for. */
function kindsToRead(last: LastSnapshot | undefined, isTurn: boolean): ReadonlySet<string> {
	const lacking = new Set(last?.record?.incomplete.map(({path}) => path));
	const kinds = settingsKinds.filter(kind => isTurn || lacking.has(fileOf(kind)));
	return new Set(kinds.flatMap(({name, each}) => (each === undefined ? [name] : [name, each])));
}

type Place = {readonly pool: AccountPool; readonly path: string; readonly slug: string};

async function readKind(
	kind: SettingsKind,
	readings: ReadonlyMap<string, Reading>,
	{pool, path, slug}: Place,
): Promise<Reading> {
	const {label, shape, scope, only} = kind;
	const ask = async (below: string): Promise<Reading> =>
		readMetadata(pool, {label, shape, scope, only, path: path + below, repository: slug});
	if (kind.each === undefined) {
		return ask(kind.path);
	}

	const elements = readings.get(kind.each) ?? {kind: 'absent'};
	if (elements.kind !== 'read') {
		return elements;
	}

	const lists: Record<string, unknown> = Object.create(null);
	for (const uuid of uuidsIn(elements.value)) {
		const reading = await ask(kind.path.replace('{uuid}', encodeURIComponent(uuid)));
		if (reading.kind === 'unreadable') {
			return reading;
		}

		if (reading.kind === 'read') {
			lists[uuid] = reading.value;
		}
	}

	return {kind: 'read', value: lists};
}

function uuidsIn(value: unknown): readonly string[] {
	return (Array.isArray(value) ? value : []).flatMap((element: {uuid?: unknown} | null) =>
		typeof element?.uuid === 'string' ? [element.uuid] : [],
	);
}
