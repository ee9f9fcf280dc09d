import {activityLines, commentLines, taskLines} from './discussion-markdown.ts';
import {code, joined, line, person, quote, time} from './markdown.ts';
import type {PullRequestFiles} from './pull-request-files.ts';
import {
	ActivitiesSchema,
	CommentsSchema,
	CommitsSchema,
	PullRequestSchema,
	type SavedCommit,
	type SavedEnd,
	type SavedParticipant,
	type SavedPullRequest,
	type SavedStatus,
	StatusesSchema,
	TasksSchema,
} from './pull-request-schemas.ts';

/** Where a pull request was read. */
export type PullRequestPlace = {
	readonly number: number;
	/** `acme/web-frontend` */
	readonly repository: string;
	readonly snapshot: string;
	/** A shell command that prints its changes; undefined where the backup does not have them. */
	readonly changesCommand: string | undefined;
};

/**
A saved pull request as a page of Markdown, to be read in a terminal. Nothing that came from outside can act on the terminal or
pass for a part of the page; what is missing or malformed is said to be, and hides nothing else.
*/
export function pullRequestMarkdown(files: PullRequestFiles, place: PullRequestPlace): string {
	const parsed = PullRequestSchema.safeParse(files.pullRequest);
	const pullRequest = parsed.data ?? PullRequestSchema.parse({});
	const comments = CommentsSchema.parse(files.comments);
	const said = comments.filter(({deleted}) => deleted !== true).length;
	const lines = [
		`# #${place.number} ${line(pullRequest.title) || '(no title)'}`,
		...(parsed.success ? [] : ['', 'The description of the pull request cannot be read.']),
		'',
		...factLines(pullRequest, place),
		...section('Description', quote(pullRequest.description), 'None.'),
		...section('Participants', pullRequest.participants.map(participantLine), 'None.'),
		...optional('Builds', files.statuses, StatusesSchema.parse(files.statuses).map(statusLine)),
		...optional('Commits', files.commits, CommitsSchema.parse(files.commits).map(commitLine)),
		...section(`Comments (${said})`, commentLines(comments), whenEmpty(files.comments, 'comments')),
		...section('Tasks', taskLines(TasksSchema.parse(files.tasks), comments), whenEmpty(files.tasks, 'tasks')),
		...section(
			'Activity',
			activityLines(ActivitiesSchema.parse(files.activity)),
			whenEmpty(files.activity, 'activity'),
		),
		...section(
			'Changes',
			place.changesCommand === undefined ? [] : [`    ${line(place.changesCommand)}`],
			'The backup has neither its commits nor a patch of them.',
		),
	];
	return `${lines.join('\n')}\n`;
}

function factLines(pullRequest: SavedPullRequest, place: PullRequestPlace): readonly string[] {
	const {state, draft, reason, author, source, destination, reviewers, links} = pullRequest;
	const closedBy = pullRequest.closed_by;
	const merge = pullRequest.merge_commit?.hash;
	const facts: ReadonlyArray<readonly [string, string]> = [
		[
			'State',
			joined(
				[
					line(state) || 'unknown',
					draft ? 'draft' : undefined,
					closedBy === undefined ? undefined : `closed by ${person(closedBy)}`,
					line(reason) === '' ? undefined : `reason: ${line(reason)}`,
				],
				', ',
			),
		],
		['Author', person(author)],
		['Branches', branchesText(source, destination)],
		['Merge commit', merge === undefined ? '' : code(merge)],
		['Created', time(pullRequest.created_on)],
		['Updated', time(pullRequest.updated_on)],
		['Reviewers', reviewers.map(person).join(', ')],
		['Address', line(links?.html?.href)],
		['Read from', `${line(place.repository)}, snapshot ${line(place.snapshot)}`],
	];
	return facts.filter(([, text]) => text !== '').map(([name, text]) => `- ${name}: ${text}`);
}

/** Repositories are named where a fork is one of them. */
function branchesText(source: SavedEnd, destination: SavedEnd): string {
	const isFork = source?.repository?.full_name !== destination?.repository?.full_name;
	return `${endText(source, isFork)} → ${endText(destination, isFork)}`;
}

function endText(end: SavedEnd, withRepository: boolean): string {
	const branch = end?.branch?.name;
	const hash = end?.commit?.hash;
	const repository = withRepository ? line(end?.repository?.full_name) || 'a repository that is gone' : '';
	return (
		joined(
			[
				branch === undefined ? undefined : code(branch),
				hash === undefined ? undefined : `at ${code(hash)}`,
				repository === '' ? undefined : `of ${repository}`,
			],
			' ',
		) || 'unknown'
	);
}

function participantLine({user, role, approved, state, participated_on: on}: SavedParticipant): string {
	const vote =
		approved === true || state === 'approved' ? 'approved' : line(state).replaceAll('_', ' ') || 'no vote';
	const roleText = line(role).toLowerCase();
	return `- ${person(user)}${roleText === '' ? '' : ` (${roleText})`}: ${joined([vote, time(on)], ', ')}`;
}

function statusLine({state, name, key, url, description, updated_on: updated}: SavedStatus): string {
	return `- ${joined(
		[joined([line(state), line(name) || line(key)], ' '), line(description), line(url), time(updated)],
		', ',
	)}`;
}

function commitLine({hash, message, date, author}: SavedCommit): string {
	const who = author?.user === undefined ? line(author?.raw).replace(/ <.*$/, '') : person(author.user);
	const [subject] = (message ?? '').split('\n');
	return `- ${joined([hash === undefined ? undefined : code(hash.slice(0, 12)), line(subject)], ' ')} (${joined([who, time(date)], ', ')})`;
}

function section(title: string, lines: readonly string[], none: string): readonly string[] {
	return ['', `## ${title}`, '', ...(lines.length === 0 ? [none] : lines)];
}

/** A part that not every plan saves: it is spoken of only where it is there. */
function optional(title: string, file: unknown, lines: readonly string[]): readonly string[] {
	return file === undefined ? [] : section(title, lines, 'None.');
}

function whenEmpty(file: unknown, what: string): string {
	if (file === undefined) {
		return `The backup has no ${what} of it.`;
	}

	return Array.isArray(file) && file.length === 0
		? 'None.'
		: `What the backup has of the ${what} cannot be read.`;
}
