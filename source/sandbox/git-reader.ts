import {type FindUser, readCommits} from './git-listing.ts';
import type {GitProcess} from './git-process.ts';
import type {DiffstatEntry, FolderEntry, GitReader} from './service-types.ts';
import type {Repository} from './world.ts';

/** `directoryOf` makes the Git data first where it is not there yet. */
export function createGitReader(
	git: GitProcess,
	directoryOf: (repository: Repository) => Promise<string>,
	findUser: FindUser,
): GitReader {
	const run = async (repository: Repository, parameters: readonly string[]) =>
		git.run(await directoryOf(repository), parameters);

	return {
		async log(repository, {include, exclude = [], maximum}) {
			const range = [...include.map(known), ...exclude.map(hash => `^${known(hash)}`)];
			const limit = maximum === undefined ? [] : [`--max-count=${maximum}`];
			return readCommits(git, await directoryOf(repository), [...limit, ...range, '--'], findUser);
		},
		diff: async (repository, from, to) =>
			run(repository, ['diff', '--full-index', `${known(from)}...${known(to)}`, '--']),
		patch: async (repository, from, to) =>
			run(repository, [
				'format-patch',
				'--stdout',
				'--full-index',
				'--no-signature',
				`${known(from)}..${known(to)}`,
				'--',
			]),
		async diffstat(repository, from, to) {
			const range = `${known(from)}...${known(to)}`;
			const numbers = await run(repository, ['diff', '--numstat', '--no-renames', '-z', range, '--']);
			const states = await run(repository, ['diff', '--name-status', '--no-renames', '-z', range, '--']);
			return diffstatEntries(numbers.toString(), states.toString());
		},
		async file(repository, commit, path) {
			const entry = (await folderEntries(run, repository, commit, path)).find(found => found.path === path);
			return entry?.type === 'commit_file' ? run(repository, ['cat-file', 'blob', entry.hash]) : undefined;
		},
		folder: async (repository, commit, path) =>
			folderEntries(run, repository, commit, path === '' ? '' : `${path.replace(/\/$/, '')}/`),
	};
}

/** Without renames a file is added, removed or modified, and both listings name the files in the same order. */
function diffstatEntries(numbers: string, states: string): DiffstatEntry[] {
	const parts = states.split('\0');
	return numbers
		.split('\0')
		.filter(record => record !== '')
		.map((record, index) => {
			const [added = '', removed = '', path = ''] = record.split('\t');
			const letter = parts[index * 2];
			const status = letter === 'A' ? 'added' : letter === 'D' ? 'removed' : 'modified';
			return {
				status,
				oldPath: status === 'added' ? null : path,
				newPath: status === 'removed' ? null : path,
				// Binary files have a hyphen for a number.
				linesAdded: Number(added) || 0,
				linesRemoved: Number(removed) || 0,
			};
		});
}

async function folderEntries(
	run: (repository: Repository, parameters: readonly string[]) => Promise<Buffer>,
	repository: Repository,
	commit: string,
	path: string,
): Promise<FolderEntry[]> {
	const below = path === '' ? [] : [path];
	const listing = await run(repository, [
		'--literal-pathspecs',
		'ls-tree',
		'--long',
		'-z',
		known(commit),
		'--',
		...below,
	]);
	return listing
		.toString()
		.split('\0')
		.filter(record => record !== '')
		.map(record => {
			const tab = record.indexOf('\t');
			const [mode = '', type, hash = '', size = '-'] = record.slice(0, tab).split(/ +/);
			return {
				type: type === 'tree' ? 'commit_directory' : 'commit_file',
				path: record.slice(tab + 1),
				mode,
				hash,
				size: size === '-' ? null : Number(size),
			};
		});
}

/** A hash from a request must not be taken for an option of git. */
function known(hash: string): string {
	if (!/^[0-9a-f]{7,40}$/.test(hash)) {
		throw new Error(`“${hash}” is no commit hash.`);
	}

	return hash;
}
