import type {Clock} from '../system/clock.ts';
import {type Draft, kindOf} from './draft.ts';
import {draftBounds, isDraftDue} from './draft-bounds.ts';
import {type DraftChunk, type DraftOwner, type DraftUnit, sizeOfChunk} from './draft-chunk.ts';
import {removeDraft} from './draft-reading.ts';
import {createDraftSaver} from './draft-saver.ts';
import type {Mirror} from './mirror.ts';
import type {SnapshotTree} from './snapshot-tree.ts';

/** Makes durable from time to time what a repository's backup has read, so that the next one need not ask for it again. */
export type Drafting = {
	/** What an interrupted backup left; undefined where there is nothing. */
	readonly left: Draft | undefined;
	/**
	Says that units of one kind were read to their end. When much has come together, it is on disk when this returns, and the tree has
	let go of its contents.

	@throws GitFailed when it could not be saved, now or earlier in the background.
	*/
	readonly finished: (units: readonly DraftUnit[]) => Promise<void>;
	/** Says that a download file is in the store. @param download What the list said of it. @throws GitFailed */
	readonly fetched: (download: string, hash: string) => Promise<void>;
	/** Says that all data of a kind were read: what a draft holds of them is of no more use once there is a snapshot. */
	readonly settled: (...kinds: readonly string[]) => void;
	/** Saves nothing more in the background. @throws GitFailed when that failed before. */
	readonly end: () => Promise<void>;
	/** Takes the draft away, unless it holds a kind of data that was not settled: that is still good for a later backup. */
	readonly discard: () => Promise<void>;
	/** Saves the rest of a backup that failed, as far as that is possible. To be called before the mirror is closed. */
	readonly close: () => Promise<void>;
};

export type DraftingOptions = {
	readonly mirror: Mirror;
	/** The snapshot that is being made. */
	readonly tree: SnapshotTree;
	readonly left: Draft | undefined;
	readonly clock: Clock;
	readonly owner: DraftOwner;
};

export function createDrafting(options: DraftingOptions): Drafting {
	const {mirror, tree, left, clock} = options;
	const saver = createDraftSaver({...options, chunks: left?.chunks ?? new Map()});
	const stop = new AbortController();
	const background = AbortSignal.any([mirror.signal, stop.signal]);
	const settled = new Set<string>();
	const kinds = kindsIn(left);
	let next: DraftChunk | undefined;
	let isWaiting = false;

	const save = async (): Promise<void> =>
		saver.save(() => {
			const chunk = next;
			next = undefined;
			return chunk;
		});

	/** Quota that is used up comes back within an hour: what is here by then does not wait for that. */
	const saveLater = async (): Promise<void> => {
		isWaiting = true;
		try {
			await clock.wait(draftBounds.milliseconds, background);
		} catch {
			return;
		} finally {
			isWaiting = false;
		}

		await save();
	};

	const add = async (kind: string, more: Pick<DraftChunk, 'units' | 'downloads'>): Promise<void> => {
		saver.assertSaved();
		kinds.add(kind);
		next = {
			since: next?.since ?? clock.now(),
			units: [...(next?.units ?? []), ...more.units],
			downloads: new Map([...(next?.downloads ?? []), ...more.downloads]),
		};
		if (isDraftDue(sizeOfChunk(next, tree))) {
			await save();
			saver.assertSaved();
		} else if (!isWaiting) {
			void saveLater();
		}
	};

	return {
		left,
		finished: async units => {
			const [first] = units;
			if (first !== undefined) {
				await add(kindOf(first.path), {units, downloads: new Map()});
			}
		},
		fetched: async (download, hash) => add('downloads', {units: [], downloads: new Map([[download, hash]])}),
		settled: (...names) => {
			for (const name of names) {
				settled.add(name);
			}
		},
		end: async () => {
			stop.abort();
			await saver.settle();
			saver.assertSaved();
		},
		discard: async () => {
			next = undefined;
			if (saver.isThere() && [...kinds].every(kind => settled.has(kind))) {
				await removeDraft(mirror);
			}
		},
		close: async () => {
			stop.abort();
			await (mirror.signal.aborted ? saver.settle() : save());
		},
	};
}

function kindsIn(draft: Draft | undefined): Set<string> {
	const kinds = new Set([...(draft?.units.keys() ?? [])].map(kindOf));
	return (draft?.downloads.size ?? 0) > 0 ? kinds.add('downloads') : kinds;
}
