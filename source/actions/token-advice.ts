import {backupScopes} from '../bitbucket/scopes.ts';
import {type CredentialKind, credentialKindDescriptions, isAccessToken} from '../model/credential-kind.ts';

/** How a credential of a kind is made, so that it can read everything that is backed up. */
export type TokenAdvice = {
	/** Where at Atlassian it is made, and what has to be entered here. */
	readonly where: string;
	/** What to tick there, and what each opens. */
	readonly ticks: ReadonlyArray<{readonly tick: string; readonly opens: string}>;
	/** What such a credential cannot see, whatever is ticked. */
	readonly limits?: string;
};

/** Access tokens and consumers know permissions, not scopes. */
const permissions: TokenAdvice['ticks'] = [
	{tick: 'Repositories: Read', opens: 'repositories, Git, LFS and downloads'},
	{tick: 'Pull requests: Read', opens: 'pull requests with comments and tasks'},
	{tick: 'Webhooks: Read', opens: 'webhooks'},
	{tick: 'Pipelines: Read', opens: 'pipelines, variables, schedules and environments'},
];

export function tokenAdvice(kind: CredentialKind): TokenAdvice {
	const where = credentialKindDescriptions[kind].hint;
	if (kind === 'api-token') {
		return {where, ticks: backupScopes.map(({scope, opens}) => ({tick: scope, opens}))};
	}

	return {
		where,
		ticks: permissions,
		...(isAccessToken(kind) ? {limits: 'It sees no members, permissions and snippets.'} : {}),
	};
}
