/** Why an account may not do something, as far as answers told. */
export type Denial = {readonly missingScopes: readonly string[]};

/** What is known of who can read what; learned from answers, so that a refusal is paid for once. */
export type Reach = {
	/** The account read something of this repository. */
	readonly confirm: (account: string, repository: string | undefined) => void;
	readonly isConfirmed: (account: string, repository: string | undefined) => boolean;
	/** The account does not reach the repository at all, while another one does. */
	readonly denyRepository: (account: string, repository: string) => void;
	/** The account may not do this: anywhere, where a scope is missing; else in this one repository. */
	readonly denyOperation: (
		account: string,
		operation: string,
		repository: string | undefined,
		denial: Denial,
	) => void;
	/** Undefined where nothing speaks against trying. */
	readonly denial: (account: string, operation: string, repository: string | undefined) => Denial | undefined;
};

const anywhere = '';
const anything = '';

export function createReach(): Reach {
	const confirmed = new Set<string>();
	const denials = new Map<string, Denial>();
	const key = (account: string, operation: string, repository: string): string =>
		JSON.stringify([account, operation, repository]);

	return {
		confirm: (account, repository) => {
			if (repository !== undefined) {
				confirmed.add(key(account, anything, repository));
			}
		},
		isConfirmed: (account, repository) =>
			repository !== undefined && confirmed.has(key(account, anything, repository)),
		denyRepository: (account, repository) => {
			denials.set(key(account, anything, repository), {missingScopes: []});
		},
		denyOperation: (account, operation, repository, denial) => {
			const where = denial.missingScopes.length > 0 ? anywhere : (repository ?? anywhere);
			denials.set(key(account, operation, where), denial);
		},
		denial: (account, operation, repository) =>
			denials.get(key(account, operation, anywhere)) ??
			(repository === undefined
				? undefined
				: (denials.get(key(account, operation, repository)) ??
					denials.get(key(account, anything, repository)))),
	};
}
