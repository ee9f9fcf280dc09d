import {allCredentials} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {RunSummary} from '../runs/run-list.ts';
import type {StoreContents} from '../store/store.ts';
import {findOrganization} from './find.ts';
import {listRuns} from './find-run.ts';
import {credentialsOfPlan} from './plan-credentials.ts';
import {type CheckedCredential, sameAccountAs} from './same-account.ts';
import {nextStartOf} from './schedule/schedule-state.ts';
import type {Workplace} from './workplace.ts';

export type PlanSummary = {
	readonly name: string;
	readonly organization: string;
	readonly plan: Plan;
	/** The folder that its mirrors lie in: its own, or the home's. */
	readonly destination: string;
	/** Labels of the credentials that its runs sign in with, the primary one first. */
	readonly credentials: readonly string[];
	/** How many accounts these are, as far as is known: what shares the load. */
	readonly accounts: number;
	readonly lastRun?: RunSummary;
	/** When it is due by its schedule, as ISO-8601. */
	readonly nextRunAt?: string;
};

/** Every plan, in the order in which they were added. */
export async function listPlans(workplace: Workplace): Promise<PlanSummary[]> {
	const contents = await workplace.store.read();
	const runs = await listRuns(workplace);
	return contents.plans.map(plan => summary(workplace, contents, plan, runs));
}

/** @throws UserError (wrong usage) where its organization is not known. */
export async function planSummary(workplace: Workplace, plan: Plan): Promise<PlanSummary> {
	const contents = await workplace.store.read();
	return summary(workplace, contents, plan, await listRuns(workplace));
}

function summary(
	workplace: Workplace,
	contents: StoreContents,
	plan: Plan,
	runs: readonly RunSummary[],
): PlanSummary {
	const organization = findOrganization(contents, plan.organization);
	const credentials = credentialsOfPlan(organization, plan);
	const checked: CheckedCredential[] = allCredentials(organization)
		.filter(credential => credentials.includes(credential))
		.map(credential => ({credential, check: workplace.checks.get(credential.id)}));
	const lastRun = runs.find(run => run.plan === plan.name);
	const nextRunAt = nextStartOf(plan, workplace.clock.now());
	return {
		name: plan.name,
		organization: plan.organization,
		plan,
		destination: plan.destination ?? workplace.home.backups,
		credentials: credentials.map(credential => credential.label),
		accounts: checked.filter((one, index) => sameAccountAs(one, checked.slice(0, index)) === undefined)
			.length,
		...(lastRun === undefined ? {} : {lastRun}),
		...(nextRunAt === undefined ? {} : {nextRunAt}),
	};
}
