import {listOrganizations} from '../actions/organizations.ts';
import {listPlans} from '../actions/plans.ts';
import {listRuns} from '../actions/runs.ts';
import type {Workplace} from '../actions/workplace.ts';
import {lastRunText, repositoriesText} from './plan-texts.ts';
import {tableLines} from './table.ts';

const mostRuns = 5;

/** What the full-screen app shows first, as plain lines: for pipes, logs and terminals that cannot show it. */
export async function overviewLines(workplace: Workplace): Promise<string[]> {
	const organizations = await listOrganizations(workplace);
	const plans = await listPlans(workplace);
	const runs = await listRuns(workplace);
	return [
		...section(
			['workspace', 'credentials'],
			organizations.map(one => [
				one.workspace,
				[one.primaryCredential, ...one.additionalCredentials].join(', '),
			]),
			'No workspace is connected yet. Connect one with: bucket-brigade organization add',
		),
		'',
		...section(
			['plan', 'workspace', 'repositories', 'last run'],
			plans.map(one => [one.name, one.organization, repositoriesText(one), lastRunText(one.lastRun)]),
			'There is no plan yet. Make one with: bucket-brigade plan add',
		),
		'',
		...section(
			['run', 'status'],
			runs.slice(0, mostRuns).map(one => [one.run, one.status]),
			'Nothing was run yet. Run a plan with: bucket-brigade run PLAN',
		),
		'',
		'The full-screen app needs a terminal. All commands: bucket-brigade --help',
	];
}

function section(head: readonly string[], rows: readonly string[][], whenEmpty: string): string[] {
	return rows.length === 0 ? [whenEmpty] : tableLines([head, ...rows]);
}
