import {Command} from 'commander';
import {compareSnapshots, listRepositorySnapshots, listSnapshots} from '../actions/snapshots.ts';
import type {Workplace} from '../actions/workplace.ts';
import {sanitize} from '../system/sanitize.ts';
import {UserError} from '../system/user-error.ts';
import {printTable} from './organization.ts';
import type {Shell} from './shell.ts';
import {stoppable} from './signals.ts';
import {changesJson, comparisonLines, historyRows, overviewRows} from './snapshot-texts.ts';
import {withWorkplace} from './with-workplace.ts';

type SnapshotsOptions = {
	readonly changes?: string;
	readonly destination?: string;
	readonly json?: boolean;
};

export function snapshotsCommand(shell: Shell): Command {
	return new Command('snapshots')
		.description('list the snapshots of a plan; of one repository with what changed from one to the next')
		.argument('<plan>')
		.argument('[repository]', 'slug, uuid or name of the folder; also one that is gone upstream')
		.option(
			'--changes <snapshots>',
			'everything that changed: since the one before ("latest", the beginning of an id, a date), or between two ("2026-11-01..latest")',
		)
		.option('--destination <dir>', "where the backups lie, instead of the plan's own destination")
		.option('--json', 'print JSON')
		.action(async (plan: string, repository: string | undefined, options: SnapshotsOptions) => {
			await withWorkplace(shell, async workplace =>
				stoppable(async signal => {
					const of = {plan, destination: options.destination, signal};
					if (options.changes !== undefined) {
						if (repository === undefined) {
							throw new UserError('To see what changed, name a repository too.', {exitCode: 2});
						}

						return compare(shell, workplace, {...of, repository, range: options.changes}, options);
					}

					return repository === undefined
						? listAll(shell, workplace, of, options)
						: listOne(shell, workplace, {...of, repository}, options);
				}),
			);
		});
}

async function listAll(
	shell: Shell,
	workplace: Workplace,
	of: Parameters<typeof listSnapshots>[1],
	{json}: SnapshotsOptions,
): Promise<number> {
	const {snapshots, empty, problems} = await listSnapshots(workplace, of);
	if (json) {
		shell.json(snapshots);
	} else {
		printTable(
			shell,
			['repository', 'snapshots', 'newest', 'refs', 'pull requests', 'verified', 'problems'],
			overviewRows(snapshots, empty),
			`Nothing was backed up yet. Run the plan with: bucket-brigade run ${of.plan}`,
		);
	}

	for (const problem of problems) {
		shell.note(sanitize(problem));
	}

	return problems.length > 0 ? 3 : 0;
}

async function listOne(
	shell: Shell,
	workplace: Workplace,
	of: Parameters<typeof listRepositorySnapshots>[1],
	{json}: SnapshotsOptions,
): Promise<number> {
	const snapshots = await listRepositorySnapshots(workplace, of);
	if (json) {
		shell.json(
			snapshots.map(({changes, ...summary}) => ({
				...summary,
				changes: changes === null ? null : changesJson(changes),
			})),
		);
	} else {
		printTable(
			shell,
			['snapshot', 'refs', 'pull requests', 'verified', 'since the one before'],
			historyRows(snapshots),
			'There is no snapshot yet: no backup of it has come to its end.',
		);
	}

	return 0;
}

async function compare(
	shell: Shell,
	workplace: Workplace,
	of: Parameters<typeof compareSnapshots>[1],
	{json}: SnapshotsOptions,
): Promise<number> {
	const compared = await compareSnapshots(workplace, of);
	if (json) {
		const {changes, details, ...rest} = compared;
		shell.json({...rest, changes: changesJson(changes), details});
	} else {
		comparisonLines(compared).forEach(shell.line);
	}

	return 0;
}
