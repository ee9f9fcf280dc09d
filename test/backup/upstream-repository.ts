import {execFileSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';

/** A bare repository that a test changes as people would. */
export type UpstreamRepository = {
	readonly folder: string;
	readonly git: (...arguments_: string[]) => string;
	/** Puts a new commit on top of a branch (or at its root); returns its id. */
	readonly commit: (
		branch: string,
		files: Readonly<Record<string, string>>,
		options?: {orphan?: boolean},
	) => string;
	/** Puts a new branch of one commit there, of as many files as it takes. */
	readonly importFiles: (
		branch: string,
		files: () => Iterable<readonly [name: string, text: string]>,
	) => void;
	readonly refs: () => Map<string, string>;
};

const environment = {
	PATH: process.env['PATH'],
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_AUTHOR_NAME: 'Ada',
	GIT_AUTHOR_EMAIL: 'ada@example.com',
	GIT_COMMITTER_NAME: 'Ada',
	GIT_COMMITTER_EMAIL: 'ada@example.com',
};

let seconds = 1_700_000_000;

export function runGitIn(folder: string, arguments_: readonly string[], input?: string | Uint8Array): string {
	return readGitIn(folder, arguments_, input).toString('utf8').trimEnd();
}

/** The exact bytes that git prints. */
export function readGitIn(
	folder: string,
	arguments_: readonly string[],
	input?: string | Uint8Array,
): Buffer {
	seconds += 1;
	const date = `${seconds} +0000`;
	return execFileSync('git', ['--git-dir', folder, ...arguments_], {
		env: {...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date},
		input: input ?? '',
		stdio: ['pipe', 'pipe', 'pipe'],
		maxBuffer: 256 * 1024 * 1024,
	});
}

export function refsIn(folder: string, prefix = ''): Map<string, string> {
	const output = runGitIn(folder, [
		'for-each-ref',
		'--format=%(refname) %(objectname)',
		...(prefix === '' ? [] : [prefix]),
	]);
	return new Map(
		output
			.split('\n')
			.filter(line => line !== '')
			.map(line => line.split(' ') as [string, string]),
	);
}

export function makeUpstream(folder: string): UpstreamRepository {
	mkdirSync(folder, {recursive: true});
	execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder], {env: environment});
	return openUpstream(folder);
}

/** One that exists. */
export function openUpstream(folder: string): UpstreamRepository {
	const git = (...arguments_: string[]): string => runGitIn(folder, arguments_);
	return {
		folder,
		git,
		commit: (branch, files, {orphan = false} = {}) => {
			const tree = runGitIn(
				folder,
				['mktree'],
				Object.entries(files)
					.map(
						([name, text]) =>
							`100644 blob ${runGitIn(folder, ['hash-object', '-w', '--stdin'], text)}\t${name}\n`,
					)
					.join(''),
			);
			const parent = orphan ? undefined : refsIn(folder).get(`refs/heads/${branch}`);
			const id = git(
				'commit-tree',
				tree,
				'-m',
				`Change ${branch}`,
				...(parent === undefined ? [] : ['-p', parent]),
			);
			git('update-ref', `refs/heads/${branch}`, id);
			return id;
		},
		importFiles: (branch, files) => {
			const lines = [
				`commit refs/heads/${branch}\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 5\nfiles\n`,
			];
			for (const [name, text] of files()) {
				lines.push(`M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
			}

			runGitIn(folder, ['fast-import', '--quiet', '--done'], `${lines.join('')}done\n`);
		},
		refs: () => refsIn(folder),
	};
}
