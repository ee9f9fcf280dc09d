import type {OrganizationSummary} from '../../../actions/organizations.ts';
import {useShell} from '../../shell.ts';
import {type Loaded, useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {type FirstStep, firstSteps, nextStep, stepText} from './first-steps.ts';

/** What the forms on the way ask for, to say where one is. */
const stepKey = 'first steps';
const skippedKey = 'first steps without additional credentials';

export type FirstSteps = {
	readonly steps: readonly FirstStep[];
	readonly next: FirstStep | undefined;
	/** The organization that the steps are about. */
	readonly organization: string | undefined;
	readonly plan: string | undefined;
	readonly isReady: boolean;
	/** The first of what could not be read, else the organizations. */
	readonly loaded: Loaded<readonly unknown[]>;
	readonly skip: () => void;
};

/** How far the way to the first backup was gone: read from what there is each time. */
export function useFirstSteps(): FirstSteps {
	const {services, cache} = useShell();
	const [isSkipped, setSkipped] = useRemembered('skipped', cache.get(skippedKey) === true);
	const organizations = useLoaded('organizations', async () => services.organizations());
	const plans = useLoaded('plans', async () => services.plans());
	const runs = useLoaded('runs', async () => services.runs());
	const [organization] = organizations.value ?? [];
	const steps = firstSteps({
		organizations: organizations.value?.length ?? 0,
		additionalCredentials: additionalOf(organizations.value),
		plans: plans.value?.length ?? 0,
		runs: runs.value?.length ?? 0,
		isSkipped,
	});
	const all = [organizations, plans, runs];
	const isReady = all.every(({value}) => value !== undefined);
	const next = nextStep(steps);
	if (isReady) {
		cache.set(stepKey, next === undefined ? '' : stepText(steps));
	}

	return {
		steps,
		next,
		organization: organization?.workspace,
		plan: plans.value?.[0]?.name,
		isReady,
		loaded: all.find(({problem}) => problem !== undefined) ?? organizations,
		skip: () => {
			cache.set(skippedKey, true);
			setSkipped(true);
		},
	};
}

function additionalOf(organizations: readonly OrganizationSummary[] | undefined): number {
	return (organizations ?? []).reduce((sum, one) => sum + one.additionalCredentials.length, 0);
}

/** Where one is on the way to the first backup, for the forms that are steps of it; empty for everybody else. */
export function useStepText(): string {
	return (useShell().cache.get(stepKey) as string | undefined) ?? '';
}
