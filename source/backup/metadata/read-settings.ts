import type {AccountPool} from '../../accounts/pool-types.ts';
import type {Clock} from '../../system/clock.ts';
import {isYoung} from '../draft.ts';
import {fileUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import {type LastSnapshot, readJson} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
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
	readonly mirror: Mirror;
	readonly drafting: Drafting;
	readonly clock: Pick<Clock, 'now'>;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

/**
Puts a repository's settings into a snapshot: what is read now, or was read less than an hour ago by a backup that was
interrupted, and of the rest what the last snapshot holds.
*/
export async function readSettings(options: ReadSettingsOptions): Promise<void> {
	const {tree, last, isTurn, drafting, problems, progress} = options;
	const wanted = kindsToRead(last, isTurn);
	const readings = new Map<string, Reading>();

	for (const [index, kind] of settingsKinds.entries()) {
		const file = fileOf(kind);
		if (!wanted.has(kind.name)) {
			tree.keep(file);
			continue;
		}

		progress('settings', index, settingsKinds.length, 'kinds');
		const drafted = await findDrafted(file, options);
		const reading = drafted ?? (await readKind(kind, readings, options));
		readings.set(kind.name, reading);
		if (reading.kind === 'read') {
			tree.write(file, stableJson(reading.value));
		} else if (reading.kind === 'unreadable') {
			tree.keep(file);
			problems.add(file, reading.problem);
		}

		if (drafted === undefined && reading.kind !== 'unreadable') {
			await drafting.finished([fileUnit(file, file)]);
		}
	}

	drafting.settled('settings');
}

/** Settings do not say when they changed: a draft's are believed while they are young. */
async function findDrafted(
	file: string,
	{mirror, drafting, clock}: ReadSettingsOptions,
): Promise<Reading | undefined> {
	const drafted = drafting.left?.units.get(file);
	if (drafted === undefined || !isYoung(drafted.readAt, clock.now())) {
		return undefined;
	}

	const id = drafted.files.get('');
	if (id === undefined) {
		return {kind: 'absent'};
	}

	const value = await readJson(mirror, id);
	return value === undefined ? undefined : {kind: 'read', value};
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
