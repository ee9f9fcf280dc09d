import {rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {generateContents} from './generate/contents.ts';
import {generateSnippetContents} from './generate/snippets.ts';
import type {GeneratedWorld} from './generate-world.ts';
import {makeGitFolder, pointHead} from './git-folder.ts';
import type {FindUser} from './git-listing.ts';
import type {GitProcess} from './git-process.ts';
import {refreshContents} from './refresh-contents.ts';
import type {Repository, RepositoryContents, Snippet, SnippetContents, Uuid} from './world.ts';

/** Keeps what hangs on Git: makes it when it is first asked for, reads it again after a change. */
export type ContentsStore = {
	readonly contents: (repository: Repository) => Promise<RepositoryContents>;
	readonly snippetContents: (snippet: Snippet) => Promise<SnippetContents>;
	/** Where a repository's Git data lies, now made; named by its slug. */
	readonly gitDirectory: (repository: Repository) => Promise<string>;
	readonly snippetGitDirectory: (snippet: Snippet) => Promise<string>;
	/** To be called after refs changed: lists refs and commits again, moves open pull requests along, touches `updatedOn`. */
	readonly refresh: (repository: Repository) => Promise<void>;
	/** Changes the slug and with it the folder. */
	readonly rename: (repository: Repository, slug: string) => Promise<void>;
	/** Forgets the repository and deletes its folder. */
	readonly remove: (repository: Repository) => Promise<void>;
	readonly setMainBranch: (repository: Repository, branch: string) => Promise<void>;
	/** Waits for what is being made, however it ends. */
	readonly settle: () => Promise<void>;
};

export function createContentsStore(options: {
	readonly generated: GeneratedWorld;
	readonly git: GitProcess;
	/** Git data go to `<folder>/git/<workspace>/<slug>.git`, those of snippets to `<folder>/git/snippets/<id>.git`. */
	readonly folder: string;
	readonly findUser: FindUser;
	readonly now: () => number;
}): ContentsStore {
	const {generated, git, folder, findUser, now} = options;
	const {world, random, people, blueprints} = generated;
	const made = new Map<Uuid, Promise<RepositoryContents>>();
	const madeSnippets = new Map<string, Promise<SnippetContents>>();

	const directoryFor = (slug: string) => path.join(folder, 'git', world.workspace.slug, `${slug}.git`);
	const snippetDirectoryFor = ({id}: Snippet) => path.join(folder, 'git', 'snippets', `${id}.git`);

	const make = async (repository: Repository): Promise<RepositoryContents> => {
		const gitDirectory = directoryFor(repository.slug);
		const blueprint = blueprints.get(repository.uuid) ?? blankBlueprint(repository);
		// A folder that is kept from one start to the next holds what an earlier world did to it.
		await rm(gitDirectory, {recursive: true, force: true});
		await makeGitFolder(gitDirectory, repository.mainBranch ?? blueprint.trunk);
		return generateContents({random, repository, blueprint, people, git, gitDirectory, findUser});
	};

	const makeSnippet = async (snippet: Snippet): Promise<SnippetContents> => {
		const gitDirectory = snippetDirectoryFor(snippet);
		await rm(gitDirectory, {recursive: true, force: true});
		await makeGitFolder(gitDirectory, 'master');
		const position = world.snippets.indexOf(snippet);
		return generateSnippetContents({random, snippet, position, people, git, gitDirectory, findUser});
	};

	const contents = (repository: Repository) => onceFor(made, repository.uuid, () => make(repository));
	const snippetContents = (snippet: Snippet) => onceFor(madeSnippets, snippet.id, () => makeSnippet(snippet));
	const gitDirectory = async (repository: Repository) => {
		await contents(repository);
		return directoryFor(repository.slug);
	};

	const setMainBranch = async (repository: Repository, branch: string) => {
		await pointHead(await gitDirectory(repository), branch);
		repository.mainBranch = branch;
	};

	return {
		contents,
		snippetContents,
		gitDirectory,
		async snippetGitDirectory(snippet) {
			await snippetContents(snippet);
			return snippetDirectoryFor(snippet);
		},
		async refresh(repository) {
			const current = await contents(repository);
			await refreshContents({
				repository,
				contents: current,
				git,
				gitDirectory: directoryFor(repository.slug),
				findUser,
				now,
			});
			// The first branch that is pushed to an empty repository becomes its main branch.
			const first = current.refs.find(({kind}) => kind === 'branch');
			if (repository.mainBranch === undefined && first) {
				await setMainBranch(repository, first.name);
			}
		},
		async rename(repository, slug) {
			const before = await gitDirectory(repository);
			await rename(before, directoryFor(slug));
			repository.slug = slug;
		},
		async remove(repository) {
			const gone = await gitDirectory(repository);
			world.repositories.splice(world.repositories.indexOf(repository), 1);
			made.delete(repository.uuid);
			await rm(gone, {recursive: true, force: true});
		},
		setMainBranch,
		async settle() {
			await Promise.allSettled([...made.values(), ...madeSnippets.values()]);
		},
	};
}

/** Two that ask at once wait for the same making. */
function onceFor<Key, Value>(
	made: Map<Key, Promise<Value>>,
	key: Key,
	make: () => Promise<Value>,
): Promise<Value> {
	const known = made.get(key);
	if (known !== undefined) {
		return known;
	}

	const making = make();
	made.set(key, making);
	return making;
}

/** Of a repository that was added to a running sandbox: empty, as it comes from Bitbucket's hands. */
function blankBlueprint(repository: Repository) {
	const start = Date.parse(repository.createdOn);
	return {
		ordinal: 50_000,
		slug: repository.slug,
		language: repository.language,
		trunk: repository.mainBranch ?? 'main',
		commits: 0,
		pullRequests: 0,
		lfs: false,
		notes: false,
		start,
		end: start,
	};
}
