import type {GitProcess} from './git-process.ts';
import type {Commit, Ref, Signature, Uuid} from './world.ts';

/** Finds who belongs to an e-mail address. */
export type FindUser = (email: string) => Uuid | undefined;

const refFields = [
	'%(refname)',
	'%(objectname)',
	'%(objecttype)',
	'%(*objectname)',
	'%(taggername) %(taggeremail)',
	'%(taggerdate:iso-strict)',
	'%(contents)',
];
const commitFields = ['%H', '%P', '%an <%ae>', '%aI', '%cn <%ce>', '%cI', '%B'];

/** Branches first, then tags, each sorted by name. What is neither (notes, hidden refs) is left out. */
export async function readRefs(git: GitProcess, gitDirectory: string, findUser: FindUser): Promise<Ref[]> {
	const format = `${refFields.join('%00')}%00`;
	const output = await git.run(gitDirectory, [
		'for-each-ref',
		`--format=${format}`,
		'refs/heads',
		'refs/tags',
	]);
	return records(output.toString(), refFields.length).map(
		([name = '', hash = '', type, target = '', tagger = '', date = '', message = '']): Ref => {
			if (name.startsWith('refs/heads/')) {
				return {kind: 'branch', name: name.slice('refs/heads/'.length), hash};
			}

			const tag = {kind: 'tag', name: name.slice('refs/tags/'.length)} as const;
			return type === 'tag'
				? {
						...tag,
						hash: target,
						annotation: {hash, message, tagger: signature(tagger, findUser), date: utc(date)},
					}
				: {...tag, hash};
		},
	);
}

/** Newest first. `parameters` say which: `--all`, hashes, `--max-count=…`. */
export async function readCommits(
	git: GitProcess,
	gitDirectory: string,
	parameters: readonly string[],
	findUser: FindUser,
): Promise<Commit[]> {
	const format = `${commitFields.join('%x00')}%x00`;
	const output = await git.run(gitDirectory, ['log', `--format=tformat:${format}`, ...parameters]);
	return records(output.toString(), commitFields.length).map(
		([
			hash = '',
			parents = '',
			author = '',
			date = '',
			committer = '',
			committerDate = '',
			message = '',
		]) => ({
			hash,
			author: signature(author, findUser),
			date: utc(date),
			committer: signature(committer, findUser),
			committerDate: utc(committerDate),
			message,
			parents: parents.split(' ').filter(parent => parent !== ''),
		}),
	);
}

/** Every commit there is, those that only hidden refs reach too; what notes are made of is left out. */
export async function readAllCommits(
	git: GitProcess,
	gitDirectory: string,
	findUser: FindUser,
): Promise<Map<string, Commit>> {
	const commits = await readCommits(git, gitDirectory, ['--exclude=refs/notes/*', '--all'], findUser);
	return new Map(commits.map(commit => [commit.hash, commit]));
}

/** Fields end with NUL, a record with a line break behind its last NUL. */
function records(text: string, fields: number): string[][] {
	const parts = text.split('\0');
	const list: string[][] = [];
	for (let at = 0; at + fields < parts.length; at += fields) {
		const [first = '', ...further] = parts.slice(at, at + fields);
		list.push([first.replace(/^\n/, ''), ...further]);
	}

	return list;
}

function signature(raw: string, findUser: FindUser): Signature {
	const user = findUser(/<([^>]*)>$/.exec(raw)?.[1] ?? '');
	return {raw, ...(user !== undefined && {user})};
}

function utc(date: string): string {
	return new Date(date).toISOString();
}
