import {type FindUser, readCommits} from '../git-listing.ts';
import type {GitProcess} from '../git-process.ts';
import type {Random} from '../random.ts';
import type {Snippet, SnippetContents, User, Uuid} from '../world.ts';
import {createHistoryBuilder} from './history-builder.ts';
import type {FileContent} from './history-plan.ts';
import {importHistory} from './import-history.ts';
import type {People} from './people.ts';
import {phrase} from './phrase.ts';
import {day, hour, isoTime, present} from './timeline.ts';
import {generalRemarks} from './vocabulary.ts';

const drafts: ReadonlyArray<{
	readonly title: string;
	readonly versions: ReadonlyArray<Readonly<Record<string, string>>>;
}> = [
	{
		title: 'Find the slow queries 🐢',
		versions: [
			{'slow.sql': 'SELECT query FROM log WHERE seconds > 5;\n'},
			{
				'slow.sql': 'SELECT query, seconds FROM log\nWHERE seconds > 2\nORDER BY seconds DESC;\n',
				'README.md': 'Run it on the replica!\n',
			},
		],
	},
	{title: 'Release checklist', versions: [{'checklist.md': '- [ ] tag\n- [ ] announce\n- [ ] Kuchen 🍰\n'}]},
	{title: '', versions: [{'untitled.txt': 'just a line\n'}]},
];

/** The workspace's snippets, without their Git data. */
export function generateSnippets(random: Random, people: People, owner: Uuid): Snippet[] {
	return drafts.map(({title}, index) => {
		const own = random.derive(`snippet/${index}`);
		const created = present - own.integer(40, 400) * day;
		const digits = Array.from({length: 6}, () => own.pick([...'abcdefghjkLMnpqrstuvwxyzABCDEFG456789'])).join(
			'',
		);
		return {
			id: digits,
			uuid: own.uuid(),
			title,
			isPrivate: index !== 1,
			creator: own.pick(people.developers).uuid,
			owner,
			createdOn: isoTime(created),
			updatedOn: isoTime(created + own.integer(1, 30) * day),
		};
	});
}

/** Makes a snippet's Git data in an empty bare repository. `position` is the snippet's among those that were generated. */
export async function generateSnippetContents(options: {
	readonly random: Random;
	readonly snippet: Snippet;
	readonly position: number;
	readonly people: People;
	readonly git: GitProcess;
	readonly gitDirectory: string;
	readonly findUser: FindUser;
}): Promise<SnippetContents> {
	const {random, snippet, position, people, git, gitDirectory, findUser} = options;
	const own = random.derive(`snippet-contents/${position}`);
	const creator = people.users.find(({uuid}) => uuid === snippet.creator) ?? people.former;
	const versions = drafts[position]?.versions ?? [];
	const builder = createHistoryBuilder(own);
	let mark = 0;
	for (const [index, version] of versions.entries()) {
		const message = index === 0 ? 'Add snippet\n' : 'Edit snippet\n';
		const parents = mark === 0 ? [] : [mark];
		mark = builder.commit({parents, author: creator, message, changes: new Map(Object.entries(version))});
	}

	const {commits} = builder.finish({
		start: Date.parse(snippet.createdOn),
		end: Date.parse(snippet.updatedOn),
	});
	const hashOf = await importHistory(git, gitDirectory, {
		commits,
		refs: new Map([['refs/heads/master', mark]]),
		tags: [],
		notes: [],
		pullRequests: [],
		trunk: 'master',
		trunkMarks: commits.map(commit => commit.mark),
		lfsObjects: new Map(),
		filesAt: builder.filesAt,
	});
	return {
		head: hashOf(mark),
		commits: await readCommits(git, gitDirectory, ['refs/heads/master'], findUser),
		files: [...builder.filesAt(mark)].map(([path, content]) => ({path, content: bytes(content)})),
		comments: position === 0 ? [snippetComment(own, people.developers, Date.parse(snippet.updatedOn))] : [],
		watchers: [snippet.creator],
	};
}

function bytes(content: FileContent): Uint8Array {
	return typeof content === 'string' ? Buffer.from(content) : content;
}

function snippetComment(
	random: Random,
	developers: readonly User[],
	after: number,
): SnippetContents['comments'][number] {
	const on = isoTime(after + hour);
	return {
		id: 400_000_001,
		user: random.pick(developers).uuid,
		createdOn: on,
		updatedOn: on,
		raw: phrase(random, generalRemarks),
		deleted: false,
		pending: false,
	};
}
