import type {FaultOrder, Faults} from './faults.ts';
import type {Limiter, SandboxResource, SignInDesk} from './service-types.ts';

/** What a test does to a running sandbox behind its clients' backs. Credentials go by their labels. */
export type SandboxControl = {
	/** Another tool uses this much of the quota of the credential's account, as far as it is free. */
	readonly burst: (label: string, resource: SandboxResource, requests: number) => void;
	/** The next requests that match are charged as always, and then fail so. */
	readonly failNext: (order: FaultOrder) => void;
	/** The credential signs nobody in any more (401). */
	readonly revoke: (label: string) => void;
	/** Ends the access tokens that an OAuth consumer was given so far. */
	readonly expireAccessTokens: (label: string) => void;
	readonly grantScope: (label: string, scope: string) => void;
	readonly ungrantScope: (label: string, scope: string) => void;
};

export function createControl(parts: {
	readonly desk: SignInDesk;
	readonly limiter: Limiter;
	readonly faults: Faults;
}): SandboxControl {
	const {desk, limiter, faults} = parts;
	return {
		burst: (label, resource, requests) => limiter.burst(desk.accountOf(label), resource, requests),
		failNext: order => faults.order(order),
		revoke: label => desk.change(label, credential => ({...credential, revoked: true})),
		expireAccessTokens: label => desk.expireAccessTokens(label),
		grantScope: (label, scope) =>
			desk.change(label, credential => ({
				...credential,
				scopes: [...new Set([...credential.scopes, scope])],
			})),
		ungrantScope: (label, scope) =>
			desk.change(label, credential => ({
				...credential,
				scopes: credential.scopes.filter(held => held !== scope),
			})),
	};
}
