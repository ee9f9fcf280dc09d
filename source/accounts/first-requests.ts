import type {Outcome} from '../bitbucket/outcome.ts';

/**
Sees to it that the first request of an operation that an account sends goes alone: were it refused for a missing scope, so
would be all that many repositories want at the same moment. Once the account was answered, nothing is held back; nor is it
while it waits for quota.
*/
export type FirstRequests = {
	/** Whether the account is just finding out if it may do this. */
	readonly isTrying: (account: string, operation: string) => boolean;
	/** A request of the operation that is about to be sent. */
	readonly attempt: (operation: string) => FirstAttempt;
	/** The account was told whether it may do this. */
	readonly told: (account: string, operation: string) => void;
};

export type FirstAttempt = {
	/** It goes out through this account. */
	readonly chosen: (account: string) => void;
	/** It was answered, or failed. @returns whether others may have waited for that. */
	readonly end: () => boolean;
};

export function createFirstRequests(): FirstRequests {
	const known = new Set<string>();
	const trying = new Set<string>();
	const keyOf = (account: string, operation: string): string => `${account}\n${operation}`;
	return {
		isTrying: (account, operation) => trying.has(keyOf(account, operation)),
		attempt: operation => {
			let mine: string | undefined;
			const end = (): boolean => {
				const key = mine;
				mine = undefined;
				return key !== undefined && trying.delete(key);
			};

			return {
				chosen: account => {
					end();
					const key = keyOf(account, operation);
					if (!known.has(key)) {
						mine = key;
						trying.add(key);
					}
				},
				end,
			};
		},
		told: (account, operation) => {
			known.add(keyOf(account, operation));
		},
	};
}

/** Whether an answer tells if the account may do what it asked for, wherever it may be. */
export function tellsOfLeave({kind}: Outcome): boolean {
	return kind !== 'rate-limited' && kind !== 'unauthorized' && kind !== 'server' && kind !== 'malformed';
}
