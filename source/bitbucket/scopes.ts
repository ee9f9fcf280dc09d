import * as z from 'zod';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The scopes that an API token needs for a whole read-only backup, and the data that each one opens. */
export const backupScopes: ReadonlyArray<{readonly scope: string; readonly opens: string}> = [
	{scope: 'read:user:bitbucket', opens: 'whose quota a request counts against'},
	{scope: 'read:workspace:bitbucket', opens: 'workspace, members and permissions'},
	{scope: 'read:project:bitbucket', opens: 'projects'},
	{scope: 'read:repository:bitbucket', opens: 'repositories, Git, LFS and downloads'},
	{scope: 'read:pullrequest:bitbucket', opens: 'pull requests with comments and tasks'},
	{scope: 'read:pipeline:bitbucket', opens: 'pipelines, variables, schedules and environments'},
	{scope: 'read:runner:bitbucket', opens: 'pipeline runners'},
	{scope: 'read:webhook:bitbucket', opens: 'webhooks'},
	{scope: 'read:snippet:bitbucket', opens: 'snippets'},
	{
		scope: 'admin:repository:bitbucket',
		opens: 'branch restrictions, deploy keys, branching model settings and pipeline configuration',
	},
];

/** Scopes granted to the credential, as an answer to an API token tells (`X-Oauth-Scopes`); undefined where it does not. */
export function grantedScopes(headers: Headers): readonly string[] | undefined {
	return scopeList(headers['x-oauth-scopes']);
}

/** Scopes of which the operation accepts any, as the answer tells, less those that are granted. */
export function missingScopes(headers: Headers): readonly string[] {
	const granted = new Set(grantedScopes(headers));
	const accepted = scopeList(headers['x-accepted-oauth-scopes']) ?? [];
	return accepted.some(scope => granted.has(scope)) ? [] : accepted;
}

const RefusalSchema = z.looseObject({
	error: z.looseObject({
		detail: z.looseObject({required: z.array(z.string()), granted: z.array(z.string())}),
	}),
});

/** The same as the body of a refusal says, which is all that access tokens and consumers are told. */
export function missingScopesIn(body: Buffer): readonly string[] {
	try {
		const parsed = RefusalSchema.safeParse(JSON.parse(body.toString('utf8')));
		const {required, granted} = parsed.success ? parsed.data.error.detail : {required: [], granted: []};
		return required.filter(scope => !granted.includes(scope));
	} catch {
		return [];
	}
}

function scopeList(value: string | string[] | undefined): readonly string[] | undefined {
	const text = Array.isArray(value) ? value.join(',') : value;
	return text?.split(/[\s,]+/).filter(scope => scope !== '');
}
