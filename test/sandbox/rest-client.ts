import assert from 'node:assert/strict';
import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import type {SandboxCredential} from '../../source/sandbox/service-types.ts';

export type RestAnswer = {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** The body as JSON; fails where it is none. */
	readonly json: () => Readonly<Record<string, unknown>>;
};

export type RestClient = {
	/** `path` is below `/2.0`, or an absolute address. Redirects are not followed. */
	readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<RestAnswer>;
	/** The elements of every page, by way of `next`. */
	readonly all: (path: string) => Promise<Array<Readonly<Record<string, unknown>>>>;
};

/** Asks as the credential with this label; without a label as nobody. */
export function restClient(sandbox: Sandbox, label?: string): RestClient {
	const get: RestClient['get'] = async (path, headers = {}) => {
		const authorization = label === undefined ? undefined : await restAuthorization(sandbox, label);
		return ask(path.startsWith('/') ? `${sandbox.apiUrl}${path}` : path, {
			...(authorization !== undefined && {authorization}),
			...headers,
		});
	};

	return {
		get,
		async all(path) {
			const elements: Array<Readonly<Record<string, unknown>>> = [];
			let next: unknown = path;
			while (typeof next === 'string') {
				const answer = await get(next);
				assert.equal(answer.status, 200, answer.text);
				const page = answer.json();
				elements.push(...(page['values'] as typeof elements));
				next = page['next'];
			}

			return elements;
		},
	};
}

export async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<RestAnswer> {
	const response = await fetch(url, {headers: {...headers}, redirect: 'manual'});
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		text,
		json: () => JSON.parse(text) as Readonly<Record<string, unknown>>,
	};
}

export function credentialOf(sandbox: Sandbox, label: string): SandboxCredential {
	const found = sandbox.credentials.find(credential => credential.label === label);
	assert.ok(found, `The sandbox has no credential ${label}.`);
	return found;
}

export function basicHeader(username: string, password: string): string {
	return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** What a well-behaved client sends with this credential. */
export async function restAuthorization(sandbox: Sandbox, label: string): Promise<string> {
	const {kind, username = '', secret} = credentialOf(sandbox, label);
	switch (kind) {
		case 'api-token':
			return basicHeader(username, secret);
		case 'oauth-consumer':
			return `Bearer ${(await askForAccessToken(sandbox, username, secret)).access_token}`;
		default:
			return `Bearer ${secret}`;
	}
}

export type TokenAnswer = {
	readonly status: number;
	readonly access_token: string;
	readonly expires_in: number;
	readonly scopes: string;
	readonly token_type: string;
	readonly refresh_token: string;
};

export async function askForAccessToken(
	sandbox: Sandbox,
	key: string,
	secret: string,
	grantType = 'client_credentials',
): Promise<TokenAnswer> {
	const response = await fetch(`${sandbox.gitUrl}/site/oauth2/access_token`, {
		method: 'POST',
		headers: {authorization: basicHeader(key, secret)},
		body: new URLSearchParams({grant_type: grantType}),
	});
	return {status: response.status, ...((await response.json()) as Omit<TokenAnswer, 'status'>)};
}
