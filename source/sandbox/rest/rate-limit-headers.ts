import type {ServerResponse} from 'node:http';
import type {ChargeResult, SandboxAccount, SandboxResource} from '../service-types.ts';

/** What Bitbucket tells of a limit: access tokens a little, users and OAuth consumers nothing. */
export function setRateLimitHeaders(
	response: ServerResponse,
	account: SandboxAccount,
	resource: SandboxResource,
	{limit, remaining, retryAfterSeconds}: ChargeResult,
): void {
	if (account.kind === 'access-token') {
		response.setHeader('X-RateLimit-Limit', limit);
		response.setHeader('X-RateLimit-Resource', resource);
		response.setHeader('X-RateLimit-NearLimit', String(limit - remaining > limit * 0.8));
	}

	if (retryAfterSeconds !== undefined) {
		response.setHeader('Retry-After', retryAfterSeconds);
	}
}

/** Who has no credential is told everything, by the proxy in front. */
export function setAnonymousRateLimitHeaders(
	response: ServerResponse,
	{limit, remaining, windowMilliseconds, retryAfterSeconds}: ChargeResult,
): void {
	const seconds = windowMilliseconds / 1000;
	response.setHeader('X-RateLimit-Limit', `${limit}, ${limit};w=${seconds}`);
	response.setHeader('X-RateLimit-Remaining', remaining);
	response.setHeader('X-RateLimit-Reset', retryAfterSeconds ?? seconds);
}
