import type {StorageGrant} from './storage-links.ts';
import type {LfsObject, Repository, RepositoryContents, World} from './world.ts';

/** What the storage host keeps for the workspace's repositories: LFS objects and downloads. */
export type StoredFiles = {
	readonly find: (grant: StorageGrant) => Promise<Uint8Array | undefined>;
	/** An uploaded LFS object; its id was checked against its content. */
	readonly store: (grant: StorageGrant, content: Uint8Array) => Promise<void>;
};

export function createStoredFiles(
	world: World,
	contents: (repository: Repository) => Promise<RepositoryContents>,
): StoredFiles {
	const contentsOf = async (uuid: string) => {
		const repository = world.repositories.find(candidate => candidate.uuid === uuid);
		return repository && contents(repository);
	};

	return {
		async find({purpose, repository, name}) {
			const found = await contentsOf(repository);
			if (purpose === 'download') {
				return found?.downloads.find(download => download.name === name)?.content;
			}

			return found?.lfsObjects.find(({oid, missing}) => oid === name && !missing)?.content;
		},
		async store({repository, name}, content) {
			const objects = (await contentsOf(repository))?.lfsObjects;
			const object: LfsObject = {oid: name, size: content.length, content, missing: false};
			const lost = objects?.find(({oid}) => oid === name);
			if (lost) {
				Object.assign(lost, object);
			} else {
				objects?.push(object);
			}
		},
	};
}
