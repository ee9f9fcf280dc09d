import type {HttpClient} from '../../bitbucket/http-client.ts';
import type {Clock} from '../../system/clock.ts';
import {forEachAtOnce} from '../at-once.ts';
import type {ContentStore} from '../content-store.ts';
import type {ReportProgress} from '../progress.ts';
import type {TransferSlots} from '../transfer-slots.ts';
import type {Upstream} from '../upstream.ts';
import {batchLength, type LfsLink} from './batch.ts';
import {createBatchAsker} from './batch-asker.ts';
import {fetchObject} from './fetch-object.ts';
import type {LfsObject} from './pointer.ts';

export type FetchObjectsOptions = {
	readonly http: HttpClient;
	readonly upstream: Upstream;
	readonly store: ContentStore;
	/** Bound what all repositories of a run fetch at once. */
	readonly transfers: TransferSlots;
	readonly progress: ReportProgress;
	readonly clock: Clock;
	readonly signal: AbortSignal;
};

export type FetchedObjects = {
	/** Sizes of those that are here now, by id. */
	readonly here: ReadonlyMap<string, number>;
	/** What is missing in the end, in sentences. */
	readonly problems: readonly string[];
};

/** How often what failed on the way is asked for; the pause before each further time, in milliseconds. */
const rounds = 3;
const pauseMilliseconds = 2000;

/** So many objects of one repository come at once. */
const atOnce = 4;

/**
Fetches objects: asks for links in batches and follows them, several at once.

@param wanted Sizes that pointers say, by id. Where they contradict each other, one after the other is tried.
@throws what is our own failure, or ends the run.
*/
export async function fetchObjects(
	wanted: ReadonlyMap<string, readonly number[]>,
	options: FetchObjectsOptions,
): Promise<FetchedObjects> {
	const {transfers, progress, clock, signal} = options;
	const askForBatch = createBatchAsker(options);
	const here = new Map<string, number>();
	const lost = new Set<string>();
	const failures = new Map<string, string>();
	const otherSizes = new Map([...wanted].map(([oid, sizes]) => [oid, sizes.slice(1)]));
	const bytes = createByteCount(wanted, (done, total) => progress('lfs', done, total, 'bytes'));
	let remaining: LfsObject[] = [...wanted].map(([oid, [size = 0]]) => ({oid, size}));

	/** Whether another pointer says something else of it, which is tried at once. */
	const triesAnotherSize = (oid: string, queue: LfsObject[]): boolean => {
		const size = otherSizes.get(oid)?.shift();
		if (size !== undefined) {
			queue.push({oid, size});
		}

		return size !== undefined;
	};

	const work = async (
		object: LfsObject,
		link: LfsLink,
		queue: LfsObject[],
		failed: LfsObject[],
	): Promise<void> => {
		const {oid} = object;
		const outcome = await fetchObject(object, link, {
			...options,
			askForBatch,
			onBytes: count => bytes.set(oid, count),
		});
		switch (outcome.kind) {
			case 'here':
				here.set(oid, outcome.bytes);
				failures.delete(oid);
				bytes.finish(oid);
				return;
			case 'missing':
				if (!triesAnotherSize(oid, queue)) {
					lost.add(oid);
				}

				return;
			case 'refused':
				failures.set(oid, outcome.message);
				triesAnotherSize(oid, queue);
				return;
			case 'wrong':
			case 'failed':
				failures.set(oid, outcome.message);
				if (outcome.kind === 'failed' || !triesAnotherSize(oid, queue)) {
					failed.push(object);
				}
		}
	};

	for (let round = 1; remaining.length > 0 && round <= rounds; round += 1) {
		if (round > 1) {
			await clock.wait(pauseMilliseconds * 2 ** round, signal);
		}

		const queue = remaining;
		const failed: LfsObject[] = [];
		while (queue.length > 0) {
			const batch = queue.splice(0, batchLength);
			const links = await askForBatch(batch);
			if (typeof links === 'string') {
				const rest = wanted.size - here.size - lost.size;
				return {here, problems: [...missingText(lost.size), ...failureText(rest, links)]};
			}

			await forEachAtOnce(batch, atOnce, async object =>
				transfers.use(async () => work(object, links.get(object.oid) ?? {kind: 'missing'}, queue, failed)),
			);
		}

		remaining = failed;
	}

	const [message = ''] = failures.values();
	return {here, problems: [...missingText(lost.size), ...failureText(failures.size, message)]};
}

function missingText(count: number): readonly string[] {
	return count === 0 ? [] : [`${count} LFS ${count === 1 ? 'object is' : 'objects are'} missing upstream`];
}

function failureText(count: number, message: string): readonly string[] {
	return count === 0
		? []
		: [`${count} LFS ${count === 1 ? 'object' : 'objects'} could not be fetched: ${message}`];
}

/** Adds up how many bytes of all objects are here. */
function createByteCount(
	wanted: ReadonlyMap<string, readonly number[]>,
	onChange: (done: number, total: number) => void,
): {readonly set: (oid: string, count: number) => void; readonly finish: (oid: string) => void} {
	let total = 0;
	for (const [size = 0] of wanted.values()) {
		total += size;
	}

	const counts = new Map<string, number>();
	let done = 0;
	const set = (oid: string, count: number): void => {
		done += count - (counts.get(oid) ?? 0);
		counts.set(oid, count);
		onChange(done, total);
	};

	return {
		set,
		finish: oid => set(oid, wanted.get(oid)?.[0] ?? 0),
	};
}
