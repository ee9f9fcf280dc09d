import {createPullRequestChanges, type PullRequestChanges} from './change-pull-requests.ts';
import {createRefChanges, type RefChanges} from './change-refs.ts';
import type {HandleSurroundings} from './handle-surroundings.ts';
import type {Repository, RepositoryContents} from './world.ts';

/** Lets a test, or a curious person, do to a running sandbox's repository what people do to one on Bitbucket. */
export type RepositoryHandle = RefChanges &
	PullRequestChanges & {
		readonly repository: Repository;
		readonly contents: () => Promise<RepositoryContents>;
		readonly rename: (slug: string) => Promise<void>;
		readonly remove: () => Promise<void>;
		/** The server has lost this LFS object: batches answer 404 for it. */
		readonly loseLfsObject: (oid: string) => Promise<void>;
	};

export function createRepositoryHandle(
	repository: Repository,
	surroundings: HandleSurroundings,
): RepositoryHandle {
	const {store, now} = surroundings;
	const contents = () => store.contents(repository);
	return {
		repository,
		contents,
		...createRefChanges(repository, surroundings),
		...createPullRequestChanges(repository, surroundings),
		async rename(slug) {
			await store.rename(repository, slug);
			repository.name = slug;
			repository.updatedOn = new Date(now()).toISOString();
		},
		remove: () => store.remove(repository),
		async loseLfsObject(oid) {
			const object = (await contents()).lfsObjects.find(candidate => candidate.oid === oid);
			if (!object) {
				throw new Error(`${repository.slug} has no LFS object ${oid}.`);
			}

			object.missing = true;
		},
	};
}
