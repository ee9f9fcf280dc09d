import {Command} from 'commander';
import {findOrganization} from '../actions/find.ts';
import {forecastPlan} from '../actions/forecast-plan.ts';
import {
	addPlan,
	editPlan,
	getPlan,
	listPlans,
	type PlanDraft,
	type PlanSummary,
	planSummary,
	removePlan,
} from '../actions/plans.ts';
import {forecastJson, forecastLines} from './forecast-texts.ts';
import {printTable} from './organization.ts';
import {type PlanOptions, planChanges, withPlanOptions} from './plan-options.ts';
import {accountsText, lastRunText, nextRunText, planJson, planRows, repositoriesText} from './plan-texts.ts';
import type {Shell} from './shell.ts';
import {tableLines} from './table.ts';
import {withWorkplace} from './with-workplace.ts';

type Json = {readonly json?: boolean};

export function planCommand(shell: Shell): Command {
	const command = new Command('plan').description('say what is backed up, when, where to, and by whom');

	withPlanOptions(command.command('add').description('make a plan').argument('<name>'))
		.requiredOption('--organization <workspace>', 'the workspace to back up')
		.action(async (name: string, options: PlanOptions & {readonly organization: string}) => {
			await withWorkplace(shell, async workplace => {
				const organization = findOrganization(await workplace.store.read(), options.organization);
				const changes = planChanges(options, organization, {});
				const draft = {...changes, name, organization: organization.workspace} as PlanDraft;
				const plan = await addPlan(workplace, draft);
				const summary = await planSummary(workplace, plan);
				shell.line(
					`Added the plan "${plan.name}": ${repositoriesText(summary)} of ${plan.organization}, with ${accountsText(summary)}.`,
				);
				shell.line(`Run it with: bucket-brigade run ${plan.name}`);
				tellSchedule(shell, summary);
				return 0;
			});
		});

	command
		.command('list')
		.description('list the plans')
		.option('--json', 'print JSON')
		.action(async ({json}: Json) => {
			await withWorkplace(shell, async workplace => {
				const plans = await listPlans(workplace);
				if (json) {
					shell.json(plans.map(planJson));
					return 0;
				}

				printTable(
					shell,
					['plan', 'organization', 'repositories', 'accounts', 'schedule', 'next run', 'last run'],
					plans.map(summary => [
						summary.name,
						summary.organization,
						repositoriesText(summary),
						String(summary.accounts),
						summary.plan.schedule ?? '–',
						nextRunText(summary),
						lastRunText(summary.lastRun),
					]),
					'There is no plan yet. Make one with: bucket-brigade plan add',
				);
				return 0;
			});
		});

	command
		.command('show')
		.description("show a plan's settings")
		.argument('<name>')
		.option('--json', 'print JSON')
		.action(async (name: string, {json}: Json) => {
			await withWorkplace(shell, async workplace => {
				const summary = await planSummary(workplace, await getPlan(workplace, name));
				if (json) {
					shell.json(planJson(summary));
				} else {
					tableLines(planRows(summary)).forEach(shell.line);
				}

				return 0;
			});
		});

	command
		.command('forecast')
		.description(
			'say what the next run would take, and how long with one account more or fewer; asks Bitbucket nothing',
		)
		.argument('<name>')
		.option('--json', 'print JSON')
		.action(async (name: string, {json}: Json) => {
			await withWorkplace(shell, async workplace => {
				const forecast = await forecastPlan(workplace, await getPlan(workplace, name));
				if (json) {
					shell.json(forecastJson(forecast, workplace.clock.now()));
				} else {
					forecastLines(forecast).forEach(shell.line);
				}

				return 0;
			});
		});

	withPlanOptions(
		command
			.command('edit')
			.description('change a plan: what is not mentioned stays; an empty text ("") goes back to the default')
			.argument('<name>'),
	)
		.option('--name <name>', 'what to call it from now on')
		.option('--json', 'print the plan as JSON')
		.action(async (name: string, options: PlanOptions & Json & {readonly name?: string}) => {
			await withWorkplace(shell, async workplace => {
				const before = await getPlan(workplace, name);
				const organization = findOrganization(await workplace.store.read(), before.organization);
				const plan = await editPlan(workplace, name, {
					...planChanges(options, organization, before),
					...(options.name === undefined ? {} : {name: options.name}),
				});
				const summary = await planSummary(workplace, plan);
				if (options.json) {
					shell.json(planJson(summary));
				} else {
					shell.line(`Changed the plan "${plan.name}".`);
					tellSchedule(shell, summary);
				}

				return 0;
			});
		});

	command
		.command('remove')
		.description('forget a plan; its backups stay where they are')
		.argument('<name>')
		.action(async (name: string) => {
			await withWorkplace(shell, async workplace => {
				await removePlan(workplace, name);
				shell.line(`Removed the plan "${name}". Its backups stay where they are.`);
				return 0;
			});
		});

	return command;
}

function tellSchedule(shell: Shell, summary: PlanSummary): void {
	if (summary.nextRunAt !== undefined) {
		shell.line(`It is due next ${nextRunText(summary)}, and is started by: bucket-brigade scheduler`);
	}
}
