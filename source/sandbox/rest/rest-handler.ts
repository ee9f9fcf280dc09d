import type {IncomingMessage, ServerResponse} from 'node:http';
import {sendFault} from '../faults.ts';
import {judgeScopes} from '../scopes.ts';
import {sendJson, sendText} from '../send.ts';
import type {SandboxAccount, SandboxServices} from '../service-types.ts';
import {answerOAuth} from './oauth-endpoint.ts';
import {notFound, problemJson, RestProblem} from './problem.ts';
import {setAnonymousRateLimitHeaders, setRateLimitHeaders} from './rate-limit-headers.ts';
import type {Call, Route} from './route.ts';
import {createRouteTable, type FoundRoute} from './route-table.ts';
import {routes} from './routes.ts';
import {sendAnswer} from './send-answer.ts';

/**
 * The REST half of the sandbox: everything below `/2.0`, and the OAuth token address below `/site/`. A request signs in (or gets 401,
 * which nobody pays for), is charged to its account (or gets 429), must bring the operation's scopes (or gets 403), and only then
 * finds out what there is.
 */
export function createRestHandler(
	services: SandboxServices,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
	const find = createRouteTable(routes);
	return async (request, response) => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		if (url.pathname.startsWith('/site')) {
			await answerOAuth(services, request, response);
			return;
		}

		const pathname = url.pathname.slice('/2.0'.length);
		try {
			await answer(services, find(pathname), {request, response, url});
		} catch (error) {
			if (!(error instanceof RestProblem)) {
				throw error;
			}

			if (error.status === 401) {
				response.setHeader('WWW-Authenticate', 'Basic realm="Bitbucket.org HTTP"');
			}

			sendJson(response, error.status, problemJson(error));
		}
	};
}

type Exchange = {readonly request: IncomingMessage; readonly response: ServerResponse; readonly url: URL};

async function answer(
	services: SandboxServices,
	found: FoundRoute | undefined,
	{request, response, url}: Exchange,
): Promise<void> {
	const route = found?.route;
	const account = signIn(services, request, route);
	if (!route?.removed && !charge(services, account, route, request, response)) {
		sendText(response, 429, 'Rate limit for this resource has been exceeded');
		return;
	}

	const fault = services.faultFor(request);
	if (fault) {
		sendFault(request, response, fault);
		return;
	}

	if (!found || !route) {
		throw notFound();
	}

	if (request.method !== 'GET' && request.method !== 'HEAD') {
		throw new RestProblem(405, `The sandbox cannot ${request.method} anything: it is for reading.`);
	}

	if (account) {
		checkScopes(account, route, response);
	}

	const call: Call = {
		services,
		account,
		parameter: found.parameter,
		query: url.searchParams,
		headers: request.headers,
	};
	sendAnswer(
		response,
		await route.answer(call),
		`${services.apiUrl}${url.pathname.slice(4)}`,
		url.searchParams,
	);
}

/** Who has no credential gets no further than what is public. */
function signIn(
	services: SandboxServices,
	request: IncomingMessage,
	route: Route | undefined,
): SandboxAccount | undefined {
	const result = services.signIn(request, 'api');
	if (result.signedIn) {
		return result.account;
	}

	if (result.reason !== 'absent' || !(route?.anonymous ?? route === undefined)) {
		throw new RestProblem(401, result.message);
	}

	return undefined;
}

/** False when the account has used up what it may ask of this resource. */
function charge(
	services: SandboxServices,
	account: SandboxAccount | undefined,
	route: Route | undefined,
	request: IncomingMessage,
	response: ServerResponse,
): boolean {
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

function checkScopes(account: SandboxAccount, route: Route, response: ServerResponse): void {
	const {granted, required, has} = judgeScopes(account.credential, route.scopes);
	if (account.credential.kind === 'api-token') {
		response.setHeader('X-Oauth-Scopes', has.join(', '));
		response.setHeader('X-Accepted-Oauth-Scopes', required.join(', '));
		response.setHeader('X-Credential-Type', 'api_token');
	}

	if (!granted || (route.notForTokens && account.kind === 'access-token')) {
		throw new RestProblem(403, 'Your credentials lack one or more required privilege scopes.', {
			required,
			granted: has,
		});
	}
}
