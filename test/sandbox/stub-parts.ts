import type {IncomingMessage} from 'node:http';
import {composeSandbox, type Sandbox, type SandboxParts} from '../../source/sandbox/compose-sandbox.ts';
import type {SandboxOptions} from '../../source/sandbox/sandbox-options.ts';
import type {
	AccountStatistics,
	Limiter,
	SandboxAccount,
	SandboxCredential,
	SandboxLimits,
	SandboxResource,
	SignInResult,
} from '../../source/sandbox/service-types.ts';
import type {World} from '../../source/sandbox/world.ts';

/** Credentials as plain as can be: what is tested here is Git and LFS, not who may sign in how. */
export const credentials: readonly SandboxCredential[] = [
	credential('admin', 'Backup Primary', ['read:repository:bitbucket', 'write:repository:bitbucket']),
	credential('reader', 'Backup Limited', ['read:repository:bitbucket']),
	credential('scopeless', 'Backup Bot 1', ['read:user:bitbucket']),
	{
		...credential('bound', 'Bound token', ['repository', 'repository:write']),
		kind: 'repository-access-token',
		reach: {repository: 'billing-service'},
	},
];

/** `parts` replace the plain ones. */
export async function startStubSandbox(
	options: SandboxOptions = {},
	parts: Partial<SandboxParts> = {},
): Promise<Sandbox> {
	return composeSandbox(options, {...stubParts, ...parts});
}

/** The value of a Basic Authorization header. */
export function basic(label: string, secret = `secret-of-${label}`): string {
	return `Basic ${Buffer.from(`${label}:${secret}`).toString('base64')}`;
}

const stubParts: SandboxParts = {
	createCredentials: () => credentials,
	createSignIn: ({world}) => ({
		signIn: request => signIn(world, request),
		issueAccessToken: () => undefined,
		expireAccessTokens() {},
		change() {},
		accountOf: () => {
			throw new Error('not needed here');
		},
	}),
	createLimiter: ({limits}) => createLimiter(limits),
	createRestHandler: () => async (_request, response) => {
		response.end('rest');
	},
};

function credential(label: string, account: string, scopes: readonly string[]): SandboxCredential {
	return {label, kind: 'api-token', username: label, secret: `secret-of-${label}`, account, scopes};
}

function signIn(world: World, {headers}: IncomingMessage): SignInResult {
	const {authorization} = headers;
	const found = credentials.find(({label}) => authorization === basic(label));
	if (!found) {
		const reason = authorization === undefined ? 'absent' : 'wrong';
		return {signedIn: false, reason, message: 'Invalid credentials'};
	}

	const user = world.users.find(({displayName}) => displayName === found.account)?.uuid;
	const account: SandboxAccount = {
		id: user ?? found.label,
		displayName: found.account,
		kind: user ? 'user' : 'access-token',
		...(user && {user}),
		credential: found,
	};
	return {signedIn: true, account};
}

function createLimiter(limits: SandboxLimits): Limiter {
	const counts = new Map<string, AccountStatistics>();
	return {
		charge(account, resource: SandboxResource) {
			const key = `${account.id} ${resource}`;
			const {requests = 0, throttled = 0} = counts.get(key) ?? {};
			const limit = limits[resource]?.requests ?? 1_000_000;
			const allowed = requests < limit;
			counts.set(key, {
				id: account.id,
				account: account.displayName,
				resource,
				requests: requests + 1,
				throttled: throttled + (allowed ? 0 : 1),
			});
			return {allowed, limit, remaining: Math.max(0, limit - requests - 1), windowMilliseconds: 3_600_000};
		},
		chargeAnonymous: () => ({allowed: true, limit: 60, remaining: 59, windowMilliseconds: 3_600_000}),
		burst() {},
		statistics: () => [...counts.values()],
	};
}
