import type {ReachMemory} from './reach-memory.ts';

/** Why an account may not do something, as far as answers told. */
export type Denial = {
	readonly missingScopes: readonly string[];
	/** Set where it does not reach the repository at all, whatever it wants of it. */
	readonly isOfRepository?: boolean;
};

/** What is known of who can read what; learned from answers and remembered, so that a refusal is paid for once. */
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
	/** The account sees these repositories (slugs) and no others. */
	readonly limit: (account: string, repositories: readonly string[]) => void;
	/** Undefined where nothing speaks against trying. */
	readonly denial: (account: string, operation: string, repository: string | undefined) => Denial | undefined;
	/**
	Nobody is left to try: takes back what only earlier runs say against this account.

	@returns whether there was anything.
	*/
	readonly reconsider: (account: string, operation: string, repository: string | undefined) => boolean;
};

const anywhere = '';
const anything = '';

export function createReach(memory: ReachMemory): Reach {
	const confirmed = new Set<string>();
	const denials = new Map<string, Denial>();
	/** Denials of earlier runs. */
	const remembered = new Set<string>();
	const limits = new Map<string, Set<string>>();
	const key = (account: string, operation: string, repository: string): string =>
		JSON.stringify([account, operation, repository]);

	for (const {account, operation, repository, missingScopes} of memory.denials()) {
		denials.set(key(account, operation, repository), {missingScopes});
		remembered.add(key(account, operation, repository));
	}

	const deny = (account: string, operation: string, repository: string, denial: Denial): void => {
		const name = key(account, operation, repository);
		remembered.delete(name);
		denials.set(name, denial);
		memory.deny({account, operation, repository, ...denial});
	};

	/** Under which names something may be denied, the widest first. */
	const places = (operation: string, repository: string | undefined): ReadonlyArray<[string, string]> => [
		[operation, anywhere],
		...(repository === undefined
			? []
			: ([
					[operation, repository],
					[anything, repository],
				] as Array<[string, string]>)),
	];

	const isBeyond = (account: string, repository: string | undefined): boolean =>
		repository !== undefined && limits.get(account)?.has(repository) === false;

	return {
		confirm: (account, repository) => {
			if (repository !== undefined) {
				confirmed.add(key(account, anything, repository));
			}
		},
		isConfirmed: (account, repository) =>
			repository !== undefined && confirmed.has(key(account, anything, repository)),
		denyRepository: (account, repository) => {
			deny(account, anything, repository, {missingScopes: []});
		},
		denyOperation: (account, operation, repository, denial) => {
			const where = denial.missingScopes.length > 0 ? anywhere : (repository ?? anywhere);
			deny(account, operation, where, denial);
		},
		limit: (account, repositories) => {
			limits.set(account, new Set(repositories));
		},
		denial: (account, operation, repository) => {
			for (const [what, where] of places(operation, repository)) {
				const found = denials.get(key(account, what, where));
				if (found !== undefined) {
					return what === anything ? {...found, isOfRepository: true} : found;
				}
			}

			return isBeyond(account, repository) ? {missingScopes: [], isOfRepository: true} : undefined;
		},
		reconsider: (account, operation, repository) => {
			const doubtful = places(operation, repository).filter(([what, where]) =>
				remembered.has(key(account, what, where)),
			);
			for (const [what, where] of doubtful) {
				remembered.delete(key(account, what, where));
				denials.delete(key(account, what, where));
				memory.allow({account, operation: what, repository: where});
			}

			const wasBeyond = repository !== undefined && isBeyond(account, repository);
			if (wasBeyond) {
				limits.get(account)?.add(repository);
			}

			return doubtful.length > 0 || wasBeyond;
		},
	};
}
