import type {LedgerCandidate} from '../accounts/ledger.ts';
import {believedLimit, limitOverrides, usableRequests} from '../accounts/limits.ts';
import type {QuotaSupply} from '../accounts/quota-supply.ts';
import type {Organization} from '../model/organization.ts';
import type {Plan} from '../model/plan.ts';
import type {Resource} from '../model/quota-limit.ts';
import {credentialsOfPlan} from './plan-credentials.ts';
import {type CheckedCredential, sameAccountAs} from './same-account.ts';
import type {Workplace} from './workplace.ts';

/** What the accounts of a plan may send, each account once; asks nobody. */
export type PlanSupplies = {
	/** Labels of the accounts' first credentials, the primary one first. */
	readonly accounts: readonly string[];
	readonly supplies: (resource: Resource) => readonly QuotaSupply[];
};

/**
Whom a plan's credentials sign in as, as far as their checks tell, and what the ledger holds of these accounts. A credential
that was never checked counts as an account of its own that has sent nothing; one that Bitbucket refused is left out.
*/
export function openPlanSupplies(
	{checks, ledger}: Pick<Workplace, 'checks' | 'ledger'>,
	organization: Organization,
	plan: Plan,
): PlanSupplies {
	const reserve = plan.advanced.reservePercent ?? organization.reservePercent;
	const usable: CheckedCredential[] = credentialsOfPlan(organization, plan)
		.map(credential => ({credential, check: checks.get(credential.id)}))
		.filter(({check}) => check?.state !== 'refused');
	const accounts = usable
		.filter((one, index) => sameAccountAs(one, usable.slice(0, index)) === undefined)
		.map(({credential, check}) => ({
			id: check?.account?.id ?? `credential:${credential.id}`,
			label: credential.label,
		}));

	const overrides = limitOverrides(organization);
	const candidateOf = (account: string, resource: Resource): LedgerCandidate => {
		const {limit} = believedLimit(resource, overrides, ledger.told(account, resource));
		return {account, limit, usable: usableRequests(limit.requests, reserve)};
	};

	return {
		accounts: accounts.map(({label}) => label),
		supplies: resource =>
			accounts.map(({id, label}) => ({label, ...ledger.supply(candidateOf(id, resource), resource)})),
	};
}
