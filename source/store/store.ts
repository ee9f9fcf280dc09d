import {dirname, join} from 'node:path';
import {Low} from 'lowdb';
import type {Clock} from '../system/clock.ts';
import {makePrivateFolder} from '../system/durable-file.ts';
import {withProcessLock} from '../system/process-lock.ts';
import {UserError} from '../system/user-error.ts';
import {createDurableAdapter} from './durable-adapter.ts';
import type {Home} from './home.ts';
import {
	currentVersion,
	emptyContents,
	firstIssue,
	type StoreContents,
	type StoreFile,
	StoreFileSchema,
} from './store-schema.ts';

export type {Settings, StoreContents} from './store-schema.ts';

/** What a person decides: organizations, credentials without secrets, plans, settings. */
export type Store = {
	/** What is on disk now. @throws UserError where it cannot be read. */
	readonly read: () => Promise<StoreContents>;
	/**
	Reads, changes and writes under a lock that all processes respect, so that no edit is lost.

	Whatever `change` throws leaves the store as it was. @throws UserError where the result is not valid.
	*/
	readonly update: (change: (contents: StoreContents) => StoreContents) => Promise<StoreContents>;
	/** What a person should know of how the store was found, in sentences. */
	readonly notices: () => readonly string[];
};

const lockTimeoutMilliseconds = 20_000;

/** Opens the store of a home, making its folder on first use. @throws UserError where it cannot be read. */
export async function openStore(home: Home, clock: Clock): Promise<Store> {
	await makePrivateFolder(dirname(home.store));
	await makePrivateFolder(home.locks);
	const adapter = createDurableAdapter(home.store, clock);
	const withLock = async <Result>(work: () => Promise<Result>): Promise<Result> =>
		withProcessLock(
			join(home.locks, 'store.lock'),
			{clock, timeoutMilliseconds: lockTimeoutMilliseconds},
			work,
		);

	const empty = (): StoreFile => ({
		version: currentVersion,
		generation: 0,
		savedAt: new Date(clock.now()).toISOString(),
		...structuredClone(emptyContents),
	});

	const load = async (): Promise<Low<StoreFile>> => {
		const file = new Low<StoreFile>(adapter, empty());
		await file.read();
		return file;
	};

	const store: Store = {
		read: async () => {
			const sound = await adapter.readIfSound();
			return contentsOf(sound === undefined ? (await withLock(load)).data : (sound.file ?? empty()));
		},
		update: async change =>
			withLock(async () => {
				const file = await load();
				const changed = StoreFileSchema.safeParse({...file.data, ...change(contentsOf(file.data))});
				if (!changed.success) {
					throw new UserError(`That cannot be stored: ${firstIssue(changed.error)}.`, {exitCode: 2});
				}

				file.data = changed.data;
				await file.write();
				return contentsOf(changed.data);
			}),
		notices: adapter.notices,
	};
	await store.read();
	return store;
}

function contentsOf({organizations, plans, settings}: StoreFile): StoreContents {
	return {organizations, plans, settings};
}
