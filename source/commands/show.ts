import {Command} from 'commander';
import {listPullRequests, showPullRequest} from '../actions/show-pull-request.ts';
import {pullRequestMarkdown} from '../backup/reading/pull-request-markdown.ts';
import {UserError} from '../system/user-error.ts';
import {printTable} from './organization.ts';
import type {Shell} from './shell.ts';
import {stoppable} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type ShowOptions = {
	readonly snapshot: string;
	readonly destination?: string;
	readonly json?: boolean;
};

export function showCommand(shell: Shell): Command {
	return new Command('show')
		.description('read a saved pull request as Markdown; without a number: list the pull requests')
		.argument('<plan>')
		.argument('<repository>', 'slug, uuid or name of the folder; also one that is gone upstream')
		.argument('[kind]', 'pull-request')
		.argument('[number]', 'of the pull request')
		.option(
			'--snapshot <id>',
			'an id, the beginning of one, or a date or time in UTC: the newest one until then',
			'latest',
		)
		.option('--destination <dir>', "where the backups lie, instead of the plan's own destination")
		.option('--json', 'print what was saved as JSON')
		.action(
			async (
				plan: string,
				repository: string,
				kind: string | undefined,
				number: string | undefined,
				options: ShowOptions,
			) => {
				const wanted = parseWanted(kind, number);
				await withWorkplace(shell, async workplace =>
					stoppable(async signal => {
						const {snapshot, destination, json} = options;
						const of = {plan, repository, snapshot, destination, signal};
						if (wanted === undefined) {
							printList(shell, await listPullRequests(workplace, of), json ?? false);
						} else {
							printOne(shell, await showPullRequest(workplace, {...of, number: wanted}), json ?? false);
						}

						return 0;
					}),
				);
			},
		);
}

/** @returns undefined where all are to be listed. @throws UserError (wrong usage) */
function parseWanted(kind: string | undefined, number: string | undefined): number | undefined {
	if (kind !== undefined && kind !== 'pull-request' && kind !== 'pull-requests') {
		throw new UserError(`"${kind}" cannot be shown: write pull-request and its number.`, {exitCode: 2});
	}

	if (number === undefined) {
		return undefined;
	}

	const [, digits] = /^#?(\d{1,15})$/.exec(number) ?? [];
	if (digits === undefined) {
		throw new UserError(`"${number}" is no number of a pull request.`, {exitCode: 2});
	}

	return Number(digits);
}

function printList(
	shell: Shell,
	{snapshot, pullRequests}: Awaited<ReturnType<typeof listPullRequests>>,
	json: boolean,
): void {
	if (json) {
		shell.json(pullRequests);
		return;
	}

	printTable(
		shell,
		['number', 'state', 'title', 'author', 'updated'],
		pullRequests.map(({number, state, title, author, updated}) => [
			`#${number}`,
			state ?? '?',
			title ?? '(cannot be read)',
			author ?? '?',
			updated?.slice(0, 10) ?? '?',
		]),
		`There are no pull requests in the snapshot ${snapshot}.`,
	);
}

function printOne(
	shell: Shell,
	{repository, snapshot, number, patch, files, place}: Awaited<ReturnType<typeof showPullRequest>>,
	json: boolean,
): void {
	if (json) {
		const {pullRequest, comments, tasks, activity, statuses, commits} = files;
		const or = (value: unknown): unknown => value ?? null;
		shell.json({
			repository,
			snapshot,
			number,
			pullRequest: or(pullRequest),
			comments: or(comments),
			tasks: or(tasks),
			activity: or(activity),
			statuses: or(statuses),
			commits: or(commits),
			patch: patch ?? null,
		});
		return;
	}

	for (const line of pullRequestMarkdown(files, place).trimEnd().split('\n')) {
		shell.line(line);
	}
}
