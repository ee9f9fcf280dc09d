import type {AccountPool} from '../accounts/pool-types.ts';
import {RepositorySchema} from '../bitbucket/resources.ts';
import type {DescriptionFile, DescriptionPlace} from './description-file.ts';

/** What a run keeps in memory of every repository that it is to back up: some 200 bytes. */
export type ListedRepository = {
	/** With its braces: the repository's identity. */
	readonly uuid: string;
	/** A name that may change. */
	readonly slug: string;
	/** ISO-8601: when Bitbucket last saw it change, where it says so. */
	readonly updatedAt: string | undefined;
	/** Where all that Bitbucket says of it is put aside. */
	readonly description: DescriptionPlace;
};

/** The repositories of a workspace, as a run found them listed; the list is whole. */
export type RepositoryList = {
	/** Those that the plan covers, by uuid, in the order of the list. */
	readonly covered: ReadonlyMap<string, ListedRepository>;
	/** Uuids of all that are listed, whether the plan covers them or not. */
	readonly uuids: ReadonlySet<string>;
	/** Elements of the list that are no repositories as far as can be told. */
	readonly unreadable: number;
	/** Takes in one that the list left out. @param description The bytes in which Bitbucket gave it. */
	readonly add: (element: unknown, description: Uint8Array) => Promise<void>;
};

export type ListOptions = {
	readonly pool: Pick<AccountPool, 'listPages'>;
	readonly workspace: string;
	/** Whether the plan covers the repository of a slug. */
	readonly covers: (slug: string) => boolean;
	readonly descriptions: DescriptionFile;
};

/**
Lists the repositories of a workspace, each once. However many they are, no more than a page of them is in memory at a time
with all that Bitbucket says of it.

@throws RequestFailed when the list cannot be read to its end; the file system's error when a description cannot be put aside.
*/
export async function listRepositories({
	pool,
	workspace,
	covers,
	descriptions,
}: ListOptions): Promise<RepositoryList> {
	const covered = new Map<string, ListedRepository>();
	const uuids = new Set<string>();
	let unreadable = 0;
	const add: RepositoryList['add'] = async (element, description) => {
		const repository = RepositorySchema.safeParse(element).data;
		if (repository === undefined) {
			unreadable += 1;
			return;
		}

		const {uuid, slug, updated_on: updatedAt} = repository;
		uuids.add(uuid);
		if (covers(slug)) {
			covered.set(uuid, {uuid, slug, updatedAt, description: await descriptions.add(description)});
		} else {
			// It may have been listed before under another slug.
			covered.delete(uuid);
		}
	};

	const url = `/repositories/${encodeURIComponent(workspace)}?pagelen=100`;
	for await (const {elements} of pool.listPages({url, only: 'workspace'})) {
		for (const {value, raw} of elements) {
			await add(value, raw);
		}
	}

	return {
		covered,
		uuids,
		get unreadable() {
			return unreadable;
		},
		add,
	};
}
