import {createHash} from 'node:crypto';
import {finished} from 'node:stream/promises';
import {userAgent} from '../../accounts/user-agent.ts';
import {createHttpClient} from '../../bitbucket/http-client.ts';
import type {Clock} from '../../system/clock.ts';
import {GitFailed} from '../../system/git.ts';
import {forEachAtOnce} from '../at-once.ts';
import type {ContentStore} from '../content-store.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import {looksLikeDamage, MirrorDamaged} from '../mirror-damaged.ts';
import type {MirrorRefs} from '../mirror-refs.ts';
import {isOwnFailure} from '../own-failure.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {RefList} from '../ref-list.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import type {TransferSlots} from '../transfer-slots.ts';
import type {Upstream} from '../upstream.ts';
import {fetchObjects} from './fetch-objects.ts';
import {lfsListPath, readKnownObjects, unsearchedPath} from './known-objects.ts';
import type {LfsObject} from './pointer.ts';
import {scanForPointers} from './scan.ts';

export type LfsStepOptions = {
	readonly mirror: Mirror;
	/** The mirror's refs when it was opened. */
	readonly before: MirrorRefs;
	readonly upstream: Upstream;
	readonly refs: RefList;
	readonly haveRefsChanged: boolean;
	/** Whether all history is searched anew, also what was searched before. */
	readonly isFullPass: boolean;
	/** Whether the mirror was found damaged, and repaired as far as it could be. */
	readonly isDamageKnown: boolean;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly store: ContentStore;
	readonly transfers: TransferSlots;
	readonly problems: Problems;
	readonly progress: ReportProgress;
	readonly clock: Clock;
	readonly signal: AbortSignal;
};

/**
Fetches the LFS objects that a repository's history points to, and those of what upstream lost and the mirror keeps, as far as they
are not here yet; puts the list of all of them into a snapshot. They lie in git-lfs's own layout beside the mirror.

@returns how many objects there are.
@throws MirrorDamaged when the mirror should be repaired first.
*/
export async function fetchLfsObjects(options: LfsStepOptions): Promise<number> {
	const {mirror, before, haveRefsChanged, isFullPass, tree, last, store, problems, progress} = options;
	const known = await readKnownObjects(mirror, last, before.snapshots);
	if (known?.isOfLast === true && !haveRefsChanged && !known.isLacking && !isFullPass) {
		tree.keep(lfsListPath);
		return new Set(known.objects.map(({oid}) => oid)).size;
	}

	progress('lfs', 0, 0);
	const found = await search(options, isFullPass ? [] : (known?.tips ?? []));
	// What only forgotten history pointed to goes from the list when all that is left was searched, and then only.
	const stays = isFullPass && found.isWhole ? [] : (known?.objects ?? []);
	const sizes = sizesById([...stays, ...found.objects]);
	const here = await findHere(sizes, store);
	const wanted = new Map([...sizes].filter(([oid]) => !here.has(oid)));
	if (wanted.delete(emptyObject)) {
		await store.add(async ({open}) => finished(open(0, undefined).end()), {hash: emptyObject, size: 0});
		here.set(emptyObject, 0);
	}

	const fetched = await fetchObjects(wanted, {...options, http: createHttpClient({userAgent})});
	for (const problem of fetched.problems) {
		problems.add(lfsListPath, problem);
	}

	const lacking = [...wanted].filter(([oid]) => !fetched.here.has(oid));
	await store.sweepParts(new Set(lacking.map(([oid]) => oid)));
	tree.write(lfsListPath, stableJson(listOf([...here, ...fetched.here], lacking)));
	return sizes.size;
}

type Found = {
	readonly objects: readonly LfsObject[];
	/** Whether nothing had to be passed over. */
	readonly isWhole: boolean;
};

/**
Searches history for pointers. Of a mirror that is damaged for good, what is left is searched; where that cannot be
either, it is a problem, and what is known stays.

@param known Tips whose history was searched before.
@throws MirrorDamaged when the mirror should be repaired first.
*/
async function search(
	{mirror, refs, problems, isDamageKnown}: LfsStepOptions,
	known: Iterable<string>,
): Promise<Found> {
	let failure: GitFailed | undefined;
	for (const passOver of ['nothing', 'missing', 'lost history'] as const) {
		try {
			const objects = await scanForPointers(mirror, refs.refs.values(), known, passOver);
			return {objects, isWhole: passOver === 'nothing'};
		} catch (error) {
			if (!(error instanceof GitFailed) || isOwnFailure(error)) {
				throw error;
			}

			if (!isDamageKnown && looksLikeDamage(error)) {
				throw new MirrorDamaged(`its history cannot be searched: ${error.message}`, {cause: error});
			}

			failure ??= error;
		}
	}

	problems.add(unsearchedPath, `the history could not be searched for LFS objects: ${failure?.message}`);
	return {objects: [], isWhole: false};
}

/** What has no bytes is nothing to be fetched. */
const emptyObject = createHash('sha256').digest('hex');

/** Every size that a pointer says, by id, in the order in which they were found. */
function sizesById(objects: readonly LfsObject[]): ReadonlyMap<string, readonly number[]> {
	const sizes = new Map<string, number[]>();
	for (const {oid, size} of objects) {
		const others = sizes.get(oid);
		if (others === undefined) {
			sizes.set(oid, [size]);
		} else if (!others.includes(size)) {
			others.push(size);
		}
	}

	return sizes;
}

const looksAtOnce = 16;

/** Sizes of those that lie in the store, by id. One of a size that no pointer says is damaged. */
async function findHere(
	sizes: ReadonlyMap<string, readonly number[]>,
	store: ContentStore,
): Promise<Map<string, number>> {
	const here = new Map<string, number>();
	await forEachAtOnce(sizes, looksAtOnce, async ([oid, said]) => {
		const size = await store.sizeOf(oid);
		if (size !== undefined && said.includes(size)) {
			here.set(oid, size);
		}
	});
	return here;
}

function listOf(
	here: ReadonlyArray<readonly [string, number]>,
	lacking: ReadonlyArray<readonly [string, readonly number[]]>,
): readonly LfsObject[] {
	return [
		...here.map(([oid, size]) => ({oid, size})),
		...lacking.flatMap(([oid, said]) => said.map(size => ({oid, size}))),
	].sort((left, right) => (left.oid === right.oid ? left.size - right.size : left.oid < right.oid ? -1 : 1));
}
