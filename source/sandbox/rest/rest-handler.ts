import type {IncomingMessage, ServerResponse} from 'node:http';
import {sendFault} from '../faults.ts';
import {sendJson, sendText} from '../send.ts';
import type {SandboxAccount, SandboxServices} from '../service-types.ts';
import {charge, checkScopes, identify} from './admission.ts';
import type {Answer} from './answers.ts';
import {answerOAuth} from './oauth-endpoint.ts';
import {notFound, problemJson, RestProblem} from './problem.ts';
import {createRouteTable, type FoundRoute} from './route-table.ts';
import {routes} from './routes.ts';
import {sendAnswer} from './send-answer.ts';

type Exchange = {readonly request: IncomingMessage; readonly response: ServerResponse; readonly url: URL};

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

		try {
			await answerApi(services, find(belowApi(url)), {request, response, url});
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

async function answerApi(
	services: SandboxServices,
	found: FoundRoute | undefined,
	exchange: Exchange,
): Promise<void> {
	const {request, response, url} = exchange;
	const account = identify(services, request, found?.route);
	// Whether a stranger gets 401, for which nobody pays, shows only when it is known what was asked for.
	const early = account || !found ? undefined : await handle(services, undefined, found, exchange);
	if (!charge(services, account, found?.route, exchange)) {
		sendText(response, 429, 'Rate limit for this resource has been exceeded');
		return;
	}

	const fault = services.faultFor(request);
	if (fault) {
		sendFault(request, response, fault);
		return;
	}

	if (!found) {
		throw notFound();
	}

	const answer = early ?? (await handle(services, account, found, exchange));
	sendAnswer(response, answer, `${services.apiUrl}${belowApi(url)}`, url.searchParams);
}

async function handle(
	services: SandboxServices,
	account: SandboxAccount | undefined,
	{route, parameter}: FoundRoute,
	{request, response, url}: Exchange,
): Promise<Answer> {
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		throw new RestProblem(405, `The sandbox cannot ${request.method} anything: it is for reading.`);
	}

	if (account) {
		checkScopes(account, route, response);
	}

	return route.answer({services, account, parameter, query: url.searchParams, headers: request.headers});
}

function belowApi({pathname}: URL): string {
	return pathname.slice('/2.0'.length);
}
