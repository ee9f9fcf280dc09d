import {Command} from 'commander';
import {listPullRequests, showPullRequest} from '../actions/show-pull-request.ts';
import {listSnapshotFiles, readSnapshotFile, type SnapshotFiles} from '../actions/snapshot-files.ts';
import {pullRequestMarkdown} from '../backup/reading/pull-request-markdown.ts';
import {formatBytes} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
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
		.description(
			'read a saved pull request as Markdown, or a file of a snapshot; without its name: list them',
		)
		.argument('<plan>')
		.argument(
			'<repository>',
			'slug, uuid or name of the folder, a snippet’s id, or "workspace"; also one that is gone upstream',
		)
		.argument('[kind]', 'pull-request, or file')
		.argument('[name]', 'number of the pull request, or path of the file')
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
				name: string | undefined,
				options: ShowOptions,
			) => {
				const wanted = parseWanted(kind, name);
				await withWorkplace(shell, async workplace =>
					stoppable(async signal => {
						const {snapshot, destination, json} = options;
						const of = {plan, repository, snapshot, destination, signal};
						switch (wanted.kind) {
							case 'files':
								printFiles(shell, await listSnapshotFiles(workplace, of), json ?? false);
								break;
							case 'file':
								printText(shell, await readSnapshotFile(workplace, {...of, path: wanted.path}));
								break;
							case 'pull-requests':
								printList(shell, await listPullRequests(workplace, of), json ?? false);
								break;
							case 'pull-request':
								printOne(
									shell,
									await showPullRequest(workplace, {...of, number: wanted.number}),
									json ?? false,
								);
						}

						return 0;
					}),
				);
			},
		);
}

type Wanted =
	| {readonly kind: 'files' | 'pull-requests'}
	| {readonly kind: 'file'; readonly path: string}
	| {readonly kind: 'pull-request'; readonly number: number};

/** @throws UserError (wrong usage) */
function parseWanted(kind: string | undefined, name: string | undefined): Wanted {
	if (kind === 'file' || kind === 'files') {
		return name === undefined ? {kind: 'files'} : {kind: 'file', path: name};
	}

	if (kind !== undefined && kind !== 'pull-request' && kind !== 'pull-requests') {
		throw new UserError(
			`"${kind}" cannot be shown: write pull-request and its number, or file and its path.`,
			{exitCode: 2},
		);
	}

	if (name === undefined) {
		return {kind: 'pull-requests'};
	}

	const [, digits] = /^#?(\d{1,15})$/.exec(name) ?? [];
	if (digits === undefined) {
		throw new UserError(`"${name}" is no number of a pull request.`, {exitCode: 2});
	}

	return {kind: 'pull-request', number: Number(digits)};
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

	printText(shell, pullRequestMarkdown(files, place));
}

function printFiles(shell: Shell, {snapshot, files}: SnapshotFiles, json: boolean): void {
	if (json) {
		shell.json(files);
		return;
	}

	printTable(
		shell,
		['file', 'what it is', 'size'],
		files.map(({path, label, bytes}) => [path, label, formatBytes(bytes)]),
		`There are no files in the snapshot ${snapshot}.`,
	);
}

function printText(shell: Shell, text: string): void {
	for (const line of text.trimEnd().split('\n')) {
		shell.line(sanitize(line));
	}
}
