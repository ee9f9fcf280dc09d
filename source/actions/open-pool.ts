import {createAccountPool} from '../accounts/create-pool.ts';
import type {AccountIdentity} from '../accounts/identify.ts';
import type {Pause} from '../accounts/pause.ts';
import type {AccountPool, PoolChange} from '../accounts/pool-types.ts';
import type {Credential} from '../model/credential.ts';
import type {Organization} from '../model/organization.ts';
import {openCredentials} from './secrets.ts';
import type {Workplace} from './workplace.ts';

export type PoolSettings = {
	readonly organization: Organization;
	/** The credentials that share the load, the primary one first; the vault gives out their secrets and no others. */
	readonly credentials: readonly Credential[];
	readonly reservePercent: number;
	readonly requestsPerSecond: number;
	readonly signal?: AbortSignal | undefined;
	readonly pause?: Pause | undefined;
	readonly onChange: (change: PoolChange) => void;
};

/** Opens secrets and makes an account pool of them. @throws UserError */
export async function openPool(workplace: Workplace, settings: PoolSettings): Promise<AccountPool> {
	const {organization, reservePercent, requestsPerSecond, signal, pause, onChange} = settings;
	const {ledger, clock, redactor} = workplace;
	return createAccountPool({
		organization,
		credentials: await openCredentials(workplace, organization, settings.credentials),
		knownAccounts: knownAccounts(workplace, settings.credentials),
		ledger,
		reachMemory: workplace.reach(organization.workspace),
		clock,
		redactor,
		reservePercent,
		requestsPerSecond,
		...(signal === undefined ? {} : {signal}),
		pause,
		onChange,
	});
}

/** Whom earlier checks found credentials to be: spares a request each. */
function knownAccounts(
	workplace: Workplace,
	credentials: readonly Credential[],
): ReadonlyMap<string, AccountIdentity> {
	return new Map(
		credentials.flatMap(({id}) => {
			const check = workplace.checks.get(id);
			const signsIn = check?.state === 'ok' || check?.state === 'missing-scopes';
			return signsIn && check.account !== undefined ? [[id, check.account] as const] : [];
		}),
	);
}
