import type {IncomingMessage, ServerResponse} from 'node:http';
import {judgeScopes} from '../scopes.ts';
import type {SandboxAccount, SandboxServices} from '../service-types.ts';
import {RestProblem} from './problem.ts';
import {setAnonymousRateLimitHeaders, setRateLimitHeaders} from './rate-limit-headers.ts';
import type {Route} from './route.ts';

/** The account that a request comes from; undefined for a stranger, where strangers may come. Throws 401. */
export function identify(
	{signIn}: SandboxServices,
	request: IncomingMessage,
	route: Route | undefined,
): SandboxAccount | undefined {
	const result = signIn(request, 'api');
	if (result.signedIn) {
		return result.account;
	}

	const isOpen = route === undefined || route.anonymous === true;
	if (result.reason !== 'absent' || !isOpen) {
		throw new RestProblem(401, result.message);
	}

	return undefined;
}

/** Counts the request, and tells of the limit what Bitbucket tells. False when the account's quota is used up. */
export function charge(
	services: SandboxServices,
	account: SandboxAccount | undefined,
	route: Route | undefined,
	{request, response}: {readonly request: IncomingMessage; readonly response: ServerResponse},
): boolean {
	if (route?.removed) {
		return true;
	}

	if (!account) {
		const charged = services.chargeAnonymous(request.socket.remoteAddress ?? '');
		setAnonymousRateLimitHeaders(response, charged);
		return charged.allowed;
	}

	const resource = route?.resource ?? 'api';
	const charged = services.charge(account, resource);
	setRateLimitHeaders(response, account, resource, charged);
	return charged.allowed;
}

/** Tells API tokens of their scopes, and throws 403 when the operation wants others. */
export function checkScopes(
	{credential, kind}: SandboxAccount,
	route: Route,
	response: ServerResponse,
): void {
	const {granted, required, has} = judgeScopes(credential, route.scopes);
	if (credential.kind === 'api-token') {
		response.setHeader('X-Oauth-Scopes', has.join(', '));
		response.setHeader('X-Accepted-Oauth-Scopes', required.join(', '));
		response.setHeader('X-Credential-Type', 'api_token');
	}

	if (!granted || (route.notForTokens && kind === 'access-token')) {
		throw new RestProblem(403, 'Your credentials lack one or more required privilege scopes.', {
			required,
			granted: has,
		});
	}
}
