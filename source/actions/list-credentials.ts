import type {CredentialCheck} from '../accounts/credential-check.ts';
import {believedLimit, limitOverrides} from '../accounts/limits.ts';
import type {CredentialKind} from '../model/credential-kind.ts';
import {allCredentials} from '../model/organization.ts';
import type {QuotaLimit} from '../model/quota-limit.ts';
import {findOrganization} from './find.ts';
import {type CheckedCredential, sameAccountAs} from './same-account.ts';
import type {Workplace} from './workplace.ts';

export type CredentialSummary = {
	readonly id: string;
	readonly label: string;
	readonly kind: CredentialKind;
	readonly username?: string;
	readonly isPrimary: boolean;
	/** Whom it signs in as, once it was checked. */
	readonly account?: {readonly id: string; readonly name: string};
	/** What the last check found. */
	readonly state: CredentialCheck['state'] | 'unchecked';
	readonly check?: CredentialCheck;
	/** Label of an earlier credential that is the same account: this one adds no quota. */
	readonly sameAccountAs?: string;
	/** `api` requests of its account that count now; undefined while the account is not known. */
	readonly used?: number;
	/** Limit of `api` for its account, as it is believed now. */
	readonly limit: QuotaLimit;
	/** ISO-8601 date. */
	readonly expiresAt?: string;
	/** Names of the plans whose runs use it. */
	readonly plans: readonly string[];
};

/** Every credential of an organization, the primary one first. Asks nobody: see `checkCredentials`. */
export async function listCredentials(workplace: Workplace, workspace: string): Promise<CredentialSummary[]> {
	const contents = await workplace.store.read();
	const organization = findOrganization(contents, workspace);
	const plans = contents.plans.filter(plan => plan.organization === workspace);
	const limitOf = (account: string | undefined): QuotaLimit => {
		const told = account === undefined ? undefined : workplace.ledger.told(account, 'api');
		return believedLimit('api', limitOverrides(organization), told).limit;
	};

	const checked: CheckedCredential[] = allCredentials(organization).map(credential => ({
		credential,
		check: workplace.checks.get(credential.id),
	}));

	return checked.map((one, index) => {
		const {credential, check} = one;
		const {id, label, kind, username, expiresAt} = credential;
		const isPrimary = index === 0;
		const same = sameAccountAs(one, checked.slice(0, index));
		return {
			id,
			label,
			kind,
			...(username === undefined ? {} : {username}),
			isPrimary,
			...(check?.account === undefined
				? {}
				: {
						account: check.account,
						used: workplace.ledger.usage(check.account.id, 'api').used,
					}),
			state: check?.state ?? 'unchecked',
			...(check === undefined ? {} : {check}),
			...(same === undefined ? {} : {sameAccountAs: same}),
			limit: limitOf(check?.account?.id),
			...(expiresAt === undefined ? {} : {expiresAt}),
			plans: plans
				.filter(
					({advanced: {additionalCredentials}}) =>
						isPrimary || (additionalCredentials.enabled && additionalCredentials.credentials.includes(id)),
				)
				.map(plan => plan.name),
		};
	});
}
