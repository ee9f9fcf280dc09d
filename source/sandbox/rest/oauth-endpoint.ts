import type {IncomingMessage, ServerResponse} from 'node:http';
import {parseAuthorization} from '../authorization-header.ts';
import {readBody} from '../read-body.ts';
import {sendJson} from '../send.ts';
import type {SandboxServices} from '../service-types.ts';

const maximumFormBytes = 64 * 1024;

/**
 * Gives an OAuth consumer an access token for its key and secret. Nothing here is charged to anybody. Errors have OAuth's own
 * shape, not that of the rest of the API.
 */
export async function answerOAuth(
	services: SandboxServices,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const refuse = (status: number, error: string, description: string) =>
		sendJson(response, status, {error, error_description: description});
	const {pathname} = new URL(request.url ?? '/', 'http://localhost');
	if (pathname !== '/site/oauth2/access_token' || request.method !== 'POST') {
		refuse(404, 'not_found', 'There is nothing here.');
		return;
	}

	const form = new URLSearchParams((await readBody(request, maximumFormBytes))?.toString() ?? '');
	const grantType = form.get('grant_type');
	if (grantType !== 'client_credentials') {
		refuse(400, 'unsupported_grant_type', `Unsupported grant type: ${grantType}`);
		return;
	}

	const authorization = parseAuthorization(request.headers.authorization);
	const issued =
		authorization?.scheme === 'basic'
			? services.issueAccessToken(authorization.username, authorization.password)
			: undefined;
	if (!issued) {
		refuse(401, 'unauthorized_client', 'Invalid OAuth client credentials');
		return;
	}

	sendJson(response, 200, {
		access_token: issued.accessToken,
		scopes: issued.scopes.join(' '),
		expires_in: issued.expiresInSeconds,
		token_type: 'bearer',
		state: 'client_credentials',
		refresh_token: issued.accessToken.slice(0, 18),
	});
}
