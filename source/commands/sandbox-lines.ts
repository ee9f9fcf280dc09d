import {tableLines} from './table.ts';

/** What a started sandbox tells whoever wants to connect to it; `sandbox --json` prints this as one line. */
export type SandboxDescription = {
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly workspace: string;
	readonly folder: string;
	/** Limit of `api` that it enforces, where it is not the documented one: `40/20s`. */
	readonly apiLimit?: string;
	readonly credentials: ReadonlyArray<{
		readonly label: string;
		readonly kind: string;
		readonly username?: string;
		readonly account: string;
		/** File that holds the secret, readable by its owner alone. */
		readonly secretFile: string;
		readonly reach?: {readonly repository?: string; readonly project?: string};
	}>;
};

type DescribedCredential = SandboxDescription['credentials'][number];

/** What `sandbox` prints for people: addresses, accounts, and commands ready to copy. */
export function sandboxLines(description: SandboxDescription): string[] {
	const {apiUrl, gitUrl, workspace, credentials} = description;
	return [
		'A Bitbucket Cloud stand-in is listening.',
		'',
		`  REST API   ${apiUrl}`,
		`  Git        ${gitUrl}/${workspace}/<repository>.git`,
		`  Workspace  ${workspace}`,
		'',
		...tableLines([
			['credential', 'kind', 'account', 'secret file'],
			...credentials.map(one => [one.label, one.kind, accountText(one), one.secretFile]),
		]).map(line => `  ${line}`),
		'',
		'Connect it:',
		'',
		...connectLines(description).map(line => `  ${line}`),
		'',
		'Ctrl-C ends it.',
	];
}

/** The commands that connect the workspace with its primary credential and the ones made to help it. */
export function connectLines(description: SandboxDescription): string[] {
	const {apiUrl, gitUrl, apiLimit, workspace} = description;
	const [primary, ...others] = description.credentials.filter(({label}) =>
		/^(primary|bot-.*|ci-token)$/.test(label),
	);
	if (primary === undefined) {
		return [];
	}

	const addresses = `--api-url ${apiUrl} --git-url ${gitUrl}${apiLimit === undefined ? '' : ` --api-limit ${apiLimit}`}`;
	return [
		`bucket-brigade organization add ${workspace} ${signInOptions(primary)} ${addresses}`,
		...others.map(
			one => `bucket-brigade credential add ${workspace} --label ${one.label} ${signInOptions(one)}`,
		),
		`bucket-brigade plan add nightly --organization ${workspace} --additional-credentials all`,
		'bucket-brigade run nightly',
	];
}

function signInOptions({kind, username, secretFile}: DescribedCredential): string {
	const user = username === undefined ? '' : ` --username ${quoted(username)}`;
	return `--kind ${kind}${user} --secret-file ${quoted(secretFile)}`;
}

function accountText({account, reach}: DescribedCredential): string {
	if (reach?.repository !== undefined) {
		return `${account} (repository ${reach.repository} only)`;
	}

	return reach?.project === undefined ? account : `${account} (project ${reach.project} only)`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
