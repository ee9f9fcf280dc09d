import * as z from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import type {Clock} from '../../system/clock.ts';
import {isYoung} from '../draft.ts';
import {fileUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import {type LastSnapshot, readFiles} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {elementsIn, listsFile} from './list-file.ts';
import {fillIn, isDue, type MetadataKind, type Names, type Sign} from './metadata-kind.ts';
import {type Reading, readKind} from './read-kind.ts';

export type SaveKindsPlace = {
	readonly pool: AccountPool;
	/** What the data belong to, by the names in the table's paths. */
	readonly names: Names;
	/** What tells of changes. */
	readonly signs: ReadonlySet<Sign>;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly problems: Problems;
	readonly mirror: Mirror;
	/** Saves what is read on the way, where that is done; the clock tells how old it is. */
	readonly drafts?: {readonly drafting: Drafting; readonly clock: Pick<Clock, 'now'>};
	/** Told before a kind is asked for: how many of all are behind it. */
	readonly onKind?: (done: number) => void;
};

/**
Puts kinds of data into a snapshot: what is due is asked for, or was less than an hour ago by a backup that was interrupted; the rest
is taken over from the last snapshot. What cannot be read costs nothing but itself.

@returns what came of those that were due, by their names.
*/
export async function saveKinds(
	kinds: ReadonlyMap<string, MetadataKind>,
	place: SaveKindsPlace,
): Promise<ReadonlyMap<string, Reading>> {
	const {names, tree, drafts} = place;
	const due = dueKinds(kinds, place);
	const readings = new Map<string, Reading>();
	let done = 0;
	for (const [name, kind] of kinds) {
		const file = fillIn(kind.file, names);
		if (due.has(name)) {
			place.onKind?.(done);
			const drafted = await findDrafted(file, place);
			const reading = drafted ?? (await readEach(kind, readings, place));
			readings.set(name, reading);
			putReading(file, reading, place);
			if (drafted === undefined && reading.kind !== 'unreadable') {
				await drafts?.drafting.finished([fileUnit(file, file)]);
			}
		} else {
			tree.keep(file);
		}

		done += 1;
	}

	return readings;
}

/** Puts what came of one kind into a snapshot. What could not be read is taken over, and named as a problem. */
export function putReading(
	file: string,
	reading: Reading,
	{tree, problems}: Pick<SaveKindsPlace, 'tree' | 'problems'>,
): void {
	if (reading.kind === 'read') {
		tree.write(file, reading.contents);
	} else if (reading.kind === 'unreadable') {
		tree.keep(file);
		problems.add(file, reading.problem);
	}
}

/** Names of the kinds that are due, each with the kind whose elements it is read for. */
function dueKinds(
	kinds: ReadonlyMap<string, MetadataKind>,
	{names, signs, last}: SaveKindsPlace,
): ReadonlySet<string> {
	const lacking = new Set(last?.record?.incomplete.map(({path}) => path));
	const due = [...kinds].filter(([, kind]) =>
		isDue(kind, signs, last?.record === undefined || lacking.has(fillIn(kind.file, names))),
	);
	return new Set(due.flatMap(([name, {each}]) => (each === undefined ? [name] : [name, each])));
}

/** These kinds do not say when they changed: a draft's are believed while they are young. */
async function findDrafted(file: string, {mirror, drafts}: SaveKindsPlace): Promise<Reading | undefined> {
	const drafted = drafts?.drafting.left?.units.get(file);
	if (drafts === undefined || drafted === undefined || !isYoung(drafted.readAt, drafts.clock.now())) {
		return undefined;
	}

	const id = drafted.files.get('');
	if (id === undefined) {
		return {kind: 'absent'};
	}

	const [contents] = await readFiles(mirror, [id]);
	return contents === undefined ? undefined : {kind: 'read', contents};
}

const ElementSchema = z.looseObject({uuid: z.string()});

async function readEach(
	kind: MetadataKind,
	readings: ReadonlyMap<string, Reading>,
	{pool, names}: SaveKindsPlace,
): Promise<Reading> {
	if (kind.each === undefined) {
		return readKind(pool, kind, names);
	}

	const elements = readings.get(kind.each) ?? {kind: 'absent'};
	if (elements.kind !== 'read') {
		return elements;
	}

	const lists = new Map<string, Buffer>();
	for (const {value} of elementsIn(elements.contents)) {
		const uuid = ElementSchema.safeParse(value).data?.uuid;
		if (uuid === undefined) {
			continue;
		}

		const reading = await readKind(pool, kind, {...names, uuid});
		if (reading.kind === 'unreadable') {
			return reading;
		}

		if (reading.kind === 'read') {
			lists.set(uuid, reading.contents);
		}
	}

	return {kind: 'read', contents: listsFile(lists)};
}
