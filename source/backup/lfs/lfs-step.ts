import {z} from 'zod';
import {RequestFailed} from '../../bitbucket/failures.ts';
import type {Clock} from '../../system/clock.ts';
import {forEachAtOnce} from '../at-once.ts';
import {type ContentStore, WrongContents} from '../content-store.ts';
import {type LastSnapshot, readSnapshotJson} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {RefList} from '../ref-list.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import type {Upstream} from '../upstream.ts';
import {askForLinks, batchLength, type LfsLink} from './batch.ts';
import {downloadObject, LfsDownloadFailed} from './download.ts';
import type {LfsObject} from './pointer.ts';
import {scanForPointers} from './scan.ts';

export type LfsStepOptions = {
	readonly mirror: Mirror;
	readonly upstream: Upstream;
	readonly refs: RefList;
	readonly haveRefsChanged: boolean;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly store: ContentStore;
	readonly problems: Problems;
	readonly progress: ReportProgress;
	readonly clock: Clock;
	readonly signal: AbortSignal;
};

/** The file `lfs.json`: every LFS object that the history up to this snapshot points to, sorted by id. */
const file = 'lfs.json';
const LfsListSchema = z.array(z.looseObject({oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number()}));

/** How often what failed on the way is asked for; the pause before each further time, in milliseconds. */
const rounds = 3;
const pauseMilliseconds = 2000;
const atOnce = 4;

/**
Fetches the LFS objects that a repository's history points to and that are not here yet, and puts the list of all of them
into a snapshot. They lie in git-lfs's own layout beside the mirror.

@returns how many objects there are.
*/
export async function fetchLfsObjects(options: LfsStepOptions): Promise<number> {
	const {mirror, refs, haveRefsChanged, tree, last, store, problems, progress} = options;
	const known = LfsListSchema.safeParse(await readSnapshotJson(mirror, last, file)).data;
	const isLacking = last?.record?.incomplete.some(({path}) => path === file) ?? true;
	if (known !== undefined && !haveRefsChanged && !isLacking) {
		tree.keep(file);
		return known.length;
	}

	progress('lfs', 0, 0, 'objects');
	const scanned = known === undefined ? [] : (last?.refs?.refs.values() ?? []);
	const objects = new Map((known ?? []).map(({oid, size}) => [oid, {oid, size}]));
	for (const object of await scanForPointers(mirror, refs.refs.values(), scanned)) {
		objects.set(object.oid, object);
	}

	const wanted: LfsObject[] = [];
	for (const object of objects.values()) {
		if ((await store.sizeOf(object.oid)) !== object.size) {
			wanted.push(object);
		}
	}

	for (const problem of await fetchObjects(wanted, options)) {
		problems.add(file, problem);
	}

	const all = [...objects.values()].sort((left, right) => (left.oid < right.oid ? -1 : 1));
	tree.write(file, stableJson(all));
	return all.length;
}

/** @returns what is missing in the end, in sentences. */
async function fetchObjects(
	wanted: readonly LfsObject[],
	options: LfsStepOptions,
): Promise<readonly string[]> {
	const {progress, clock, signal} = options;
	let done = 0;
	let missing = 0;
	let remaining = wanted;
	let lastFailure = '';

	for (let round = 1; remaining.length > 0 && round <= rounds; round += 1) {
		if (round > 1) {
			await clock.wait(pauseMilliseconds * 2 ** round, signal);
		}

		const failed: LfsObject[] = [];
		for (let start = 0; start < remaining.length; start += batchLength) {
			const batch = remaining.slice(start, start + batchLength);
			const links = await linksFor(batch, options);
			if (typeof links === 'string') {
				const rest = remaining.length - start + failed.length;
				return [...missingText(missing), `${rest} LFS objects could not be fetched: ${links}`];
			}

			await forEachAtOnce(batch, atOnce, async object => {
				const link = links.get(object.oid) ?? {kind: 'missing'};
				const outcome = await fetchObject(object, link, options);
				if (outcome === 'missing') {
					missing += 1;
				} else if (outcome !== undefined) {
					failed.push(object);
					lastFailure = outcome.failure;
				}

				done += outcome === undefined ? 1 : 0;
				progress('lfs', done, wanted.length, 'objects');
			});
		}

		remaining = failed;
	}

	const failures =
		remaining.length === 0 ? [] : [`${remaining.length} LFS objects could not be fetched: ${lastFailure}`];
	return [...missingText(missing), ...failures];
}

function missingText(missing: number): readonly string[] {
	return missing === 0
		? []
		: [`${missing} LFS ${missing === 1 ? 'object is' : 'objects are'} missing upstream`];
}

/** @returns why nobody may ask, where that is so. */
async function linksFor(
	objects: readonly LfsObject[],
	{upstream, signal}: LfsStepOptions,
): Promise<ReadonlyMap<string, LfsLink> | string> {
	const {name, pool, cloneUrl} = upstream;
	try {
		return await pool.withGit({repository: name, requests: 1}, async ({signIn}) =>
			askForLinks({cloneUrl, signIn, objects, signal}),
		);
	} catch (error) {
		if (error instanceof RequestFailed && error.reason !== 'no-account') {
			return error.message;
		}

		throw error;
	}
}

/** @returns undefined once it is here. */
async function fetchObject(
	object: LfsObject,
	link: LfsLink,
	{store, signal}: LfsStepOptions,
): Promise<undefined | 'missing' | {readonly failure: string}> {
	if (link.kind !== 'link') {
		return link.kind === 'missing' ? 'missing' : {failure: link.message};
	}

	try {
		await store.add(async open => downloadObject(link, open, signal), {hash: object.oid, size: object.size});
		return undefined;
	} catch (error) {
		if (error instanceof LfsDownloadFailed || error instanceof WrongContents) {
			return {failure: error.message};
		}

		throw error;
	}
}
