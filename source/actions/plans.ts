import {resolve} from 'node:path';
import type * as z from 'zod';
import {allCredentials} from '../model/organization.ts';
import {type Plan, PlanSchema} from '../model/plan.ts';
import type {StoreContents} from '../store/store.ts';
import {UserError} from '../system/user-error.ts';
import {ChangedMeanwhile, mergeEdit} from './changed-meanwhile.ts';
import {findOrganization, findPlan} from './find.ts';
import {formatKeep, parseKeep} from './keep-text.ts';
import {lockPlan} from './plan-lock.ts';
import {parseSchedule} from './schedule/schedule.ts';
import {validated} from './validated.ts';
import type {Workplace} from './workplace.ts';

export {listPlans, type PlanSummary, planSummary} from './list-plans.ts';
export {
	type AdditionalCredentialsChoice,
	chooseAdditionalCredentials,
	credentialsOfPlan,
} from './plan-credentials.ts';

/** A plan as a person enters it: name and organization, and whatever is not as by default. */
export type PlanDraft = z.input<typeof PlanSchema>;

/** @throws UserError where the name is taken or something is not valid. */
export async function addPlan(workplace: Workplace, draft: PlanDraft): Promise<Plan> {
	const contents = await workplace.store.update(before => ({
		...before,
		plans: [...before.plans, usablePlan(before, draft)],
	}));
	return findPlan(contents, draft.name);
}

/** Changes to a plan; what is left out stays, `undefined` goes back to the default. */
export type PlanChanges = {[Key in keyof PlanDraft]?: PlanDraft[Key] | undefined};

/**
@param opened The plan as it was when somebody began to edit it: what they left as it was stays as others made it since.
@throws ChangedMeanwhile where others have changed the same since it was opened; UserError
*/
export async function editPlan(
	workplace: Workplace,
	name: string,
	changes: PlanChanges,
	opened?: Plan,
): Promise<Plan> {
	const contents = await workplace.store.update(before => {
		const plan = findPlan(before, name);
		const own = opened === undefined ? changes : ownChanges(plan, changes, opened);
		const edited = usablePlan(before, {...plan, ...own} as PlanDraft, plan);
		return {...before, plans: before.plans.map(other => (other === plan ? edited : other))};
	});
	return findPlan(contents, changes.name ?? name);
}

/** What people call a field where its own name does not say it. */
const fieldNames: {readonly [Field in keyof PlanDraft]?: string} = {
	include: 'repositories',
	exclude: 'repositories that are left out',
	advanced: 'advanced settings',
};

/** @throws ChangedMeanwhile */
function ownChanges(current: Plan, changes: PlanChanges, opened: Plan): PlanChanges {
	const merged = mergeEdit<PlanChanges>(opened, current, {...opened, ...changes});
	if (merged.conflicts.length > 0) {
		const fields = merged.conflicts.map(field => fieldNames[field] ?? field);
		throw new ChangedMeanwhile(`The plan "${current.name}"`, fields, current);
	}

	return merged.changes;
}

/** Forgets a plan; its backups and the journals of its runs stay. @throws UserError while it runs. */
export async function removePlan(workplace: Workplace, name: string): Promise<void> {
	findPlan(await workplace.store.read(), name);
	const lock = await lockPlan(workplace.home, name);
	try {
		await workplace.store.update(contents => {
			const plan = findPlan(contents, name);
			return {...contents, plans: contents.plans.filter(other => other !== plan)};
		});
	} finally {
		lock.release();
	}
}

/** @throws UserError (wrong usage) where there is none of that name. */
export async function getPlan(workplace: Workplace, name: string): Promise<Plan> {
	return findPlan(await workplace.store.read(), name);
}

function usablePlan(contents: StoreContents, draft: PlanDraft, before?: Plan): Plan {
	const plan = validated(PlanSchema, draft, `the plan "${draft.name}"`);
	const organization = findOrganization(contents, plan.organization);
	const rival = contents.plans.find(
		other => other !== before && other.name.toLowerCase() === plan.name.toLowerCase(),
	);
	if (rival !== undefined) {
		throw new UserError(`There is a plan called "${rival.name}" already. Choose another name.`);
	}

	// Written and read again, so that what a form or a file brought is held to the same rules.
	parseKeep(formatKeep(plan.keep));

	const known = new Set(allCredentials(organization).map(credential => credential.id));
	const chosen = plan.advanced.additionalCredentials;
	return {
		...plan,
		...(plan.destination === undefined ? {} : {destination: resolve(plan.destination)}),
		...(plan.schedule === undefined ? {} : {schedule: parseSchedule(plan.schedule)}),
		advanced: {
			...plan.advanced,
			additionalCredentials: {
				...chosen,
				// A credential removed in the meantime, or one of another organization, is not used.
				credentials: [...new Set(chosen.credentials)].filter(id => known.has(id)),
			},
		},
	};
}
