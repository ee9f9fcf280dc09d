import {createHash, randomBytes} from 'node:crypto';

/** Access tokens that OAuth consumers were given, as long as the sandbox runs. */
export type OAuthTokens = {
	/** A new token for a consumer's label. */
	readonly issue: (label: string, lifetimeSeconds: number) => string;
	/** Undefined for a token that was never issued. */
	readonly find: (token: string) => {readonly label: string; readonly expired: boolean} | undefined;
	/** Ends every token of a consumer now. */
	readonly expire: (label: string) => void;
};

/** `now` in milliseconds. */
export function createOAuthTokens(now: () => number): OAuthTokens {
	const issued = new Map<string, {readonly label: string; expiresAt: number}>();
	return {
		issue(label, lifetimeSeconds) {
			const token = `${randomBytes(48).toString('base64url')}==`;
			issued.set(digest(token), {label, expiresAt: now() + lifetimeSeconds * 1000});
			return token;
		},
		find(token) {
			const found = issued.get(digest(token));
			return found && {label: found.label, expired: found.expiresAt <= now()};
		},
		expire(label) {
			for (const token of issued.values()) {
				if (token.label === label) {
					token.expiresAt = now();
				}
			}
		},
	};
}

function digest(token: string): string {
	return createHash('sha256').update(token).digest('hex');
}
