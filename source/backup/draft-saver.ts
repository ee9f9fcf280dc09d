import {type DraftChunk, type DraftOwner, writeChunk} from './draft-chunk.ts';
import type {Mirror} from './mirror.ts';
import type {SnapshotTree} from './snapshot-tree.ts';

/** Saves the chunks of one draft, one after the other. */
export type DraftSaver = {
	/**
	Saves what `take` gives when those before it are saved; never fails.

	@param take Gives nothing where somebody else has saved it in the meantime.
	*/
	readonly save: (take: () => DraftChunk | undefined) => Promise<void>;
	/** Waits for what is being saved. */
	readonly settle: () => Promise<void>;
	/** @throws what the first chunk failed with that could not be saved; later ones are not tried. */
	readonly assertSaved: () => void;
	/** Whether there is a draft in the mirror. */
	readonly isThere: () => boolean;
};

export type DraftSaverOptions = {
	readonly mirror: Mirror;
	/** The snapshot that is being made. */
	readonly tree: SnapshotTree;
	readonly owner: DraftOwner;
	/** Ids of the chunks that there are already, by their names, oldest first. */
	readonly chunks: ReadonlyMap<string, string>;
};

export function createDraftSaver(options: DraftSaverOptions): DraftSaver {
	let {chunks} = options;
	let saving = Promise.resolve();
	let failure: {readonly error: unknown} | undefined;
	return {
		save: async take => {
			saving = saving.then(async () => {
				const chunk = failure === undefined ? take() : undefined;
				try {
					chunks = chunk === undefined ? chunks : await writeChunk(chunk, chunks, options);
				} catch (error) {
					failure = {error};
				}
			});
			await saving;
		},
		settle: async () => saving,
		assertSaved: () => {
			if (failure !== undefined) {
				throw failure.error;
			}
		},
		isThere: () => chunks.size > 0,
	};
}
