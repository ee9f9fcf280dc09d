import type {TestContext} from 'node:test';
import {type ContentsStore, createContentsStore} from '../../source/sandbox/contents-store.ts';
import {generateWorld, type WorldOptions} from '../../source/sandbox/generate-world.ts';
import {createGitProcess, type GitProcess} from '../../source/sandbox/git-process.ts';
import type {Repository, RepositoryContents, World} from '../../source/sandbox/world.ts';
import {temporaryFolder} from './git-client.ts';

export type MadeWorld = {
	readonly world: World;
	readonly store: ContentsStore;
	readonly git: GitProcess;
	readonly find: (slug: string) => Repository;
	readonly contentsOf: (slug: string) => Promise<RepositoryContents>;
};

/** A world with a folder for its Git data, without any server. */
export async function makeWorld(context: TestContext, options?: WorldOptions): Promise<MadeWorld> {
	const generated = generateWorld(options);
	const {world} = generated;
	const git = createGitProcess();
	const folder = await temporaryFolder(context);
	context.after(() => git.close());
	const store = createContentsStore({
		generated,
		git,
		folder,
		findUser: email => world.users.find(user => user.email === email)?.uuid,
		now: () => Date.now(),
	});
	const find = (slug: string): Repository => {
		const repository = world.repositories.find(candidate => candidate.slug === slug);
		if (!repository) {
			throw new Error(`no repository ${slug}`);
		}

		return repository;
	};
	return {world, store, git, find, contentsOf: slug => store.contents(find(slug))};
}
