import type {SandboxCredential} from './service-types.ts';

/** What an operation wants of a credential, all of it: by the new names of API tokens, and by the classic ones of all others. */
export type RequiredScopes = {readonly api: readonly string[]; readonly classic: readonly string[]};

/** What a classic scope opens besides itself. The new ones open nothing but themselves. */
const implied: Readonly<Record<string, readonly string[]>> = {
	'account:write': ['account', 'email'],
	account: ['email'],
	project: ['repository'],
	'project:admin': ['project', 'repository'],
	'repository:write': ['repository'],
	'pullrequest:write': ['pullrequest', 'repository', 'repository:write'],
	pullrequest: ['repository'],
	'pipeline:write': ['pipeline'],
	'pipeline:variable': ['pipeline', 'pipeline:write'],
	'runner:write': ['runner'],
	'snippet:write': ['snippet'],
};

export type ScopeVerdict = {
	readonly granted: boolean;
	readonly required: readonly string[];
	/** What the credential has, as it was given. */
	readonly has: readonly string[];
};

export function judgeScopes({kind, scopes}: SandboxCredential, required: RequiredScopes): ScopeVerdict {
	const isApiToken = kind === 'api-token';
	const wanted = isApiToken ? required.api : required.classic;
	const held = new Set(isApiToken ? scopes : scopes.flatMap(scope => [scope, ...(implied[scope] ?? [])]));
	return {granted: wanted.every(scope => held.has(scope)), required: wanted, has: scopes};
}
