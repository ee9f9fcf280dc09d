import {Command} from 'commander';
import {
	addOrganization,
	editOrganization,
	listOrganizations,
	removeOrganization,
} from '../actions/organizations.ts';
import {type CredentialKind, credentialKinds} from '../model/credential-kind.ts';
import {sanitize} from '../system/sanitize.ts';
import {checkLines} from './credential-texts.ts';
import {parseDate, parseKind, parseLimit, parsePercent} from './parse.ts';
import {readSecret} from './read-secret.ts';
import type {Shell} from './shell.ts';
import {tableLines} from './table.ts';
import {withWorkplace} from './with-workplace.ts';

type AddOptions = {
	readonly kind: CredentialKind;
	readonly username?: string;
	readonly label?: string;
	readonly secretFile: string;
	readonly apiUrl?: string;
	readonly gitUrl?: string;
	readonly apiLimit?: string;
	readonly reserve?: number;
	readonly expires?: string;
	readonly check: boolean;
};

type EditOptions = {
	readonly apiUrl?: string;
	readonly gitUrl?: string;
	readonly apiLimit?: string;
	readonly reserve?: number;
};

export function organizationCommand(shell: Shell): Command {
	const command = new Command('organization').description('connect Bitbucket workspaces');

	command
		.command('add')
		.description('connect a workspace, with its primary credential')
		.argument('<workspace>', 'slug of the workspace, as in https://bitbucket.org/<workspace>/')
		.requiredOption(
			'--kind <kind>',
			`kind of the primary credential: ${credentialKinds.join(', ')}`,
			parseKind,
		)
		.option('--username <username>', 'e-mail address of an API token, key of an OAuth consumer')
		.option('--label <label>', 'what to call the credential (default: primary)')
		.requiredOption('--secret-file <file>', 'file that holds the secret; - reads standard input')
		.option('--api-url <url>', 'address of the REST API (default: https://api.bitbucket.org/2.0)')
		.option('--git-url <url>', 'address that clones come from (default: https://bitbucket.org)')
		.option('--api-limit <limit>', 'API requests that each account may send: 1000/1h', parseLimit)
		.option(
			'--reserve <percent>',
			"percent of each quota left for the accounts' other tools (default: 5)",
			parsePercent,
		)
		.option('--expires <date>', 'date on which the credential expires', parseDate)
		.option('--no-check', 'do not ask Bitbucket about the credential first')
		.action(async (workspace: string, options: AddOptions) => {
			await withWorkplace(shell, async workplace => {
				const secret = await readSecret(shell, options.secretFile);
				const {reserve, expires, secretFile: _, ...draft} = options;
				const {organization, check} = await addOrganization(workplace, {
					...draft,
					workspace,
					secret,
					reservePercent: reserve,
					expiresAt: expires,
				});
				shell.line(`Connected the workspace ${organization.workspace}.`);
				for (const line of check === undefined
					? []
					: checkLines(organization.primaryCredential.label, check)) {
					shell.line(sanitize(line));
				}

				return 0;
			});
		});

	command
		.command('edit')
		.description('change where a workspace is found and how much its accounts may send')
		.argument('<workspace>')
		.option('--api-url <url>', 'address of the REST API')
		.option('--git-url <url>', 'address that clones come from')
		.option(
			'--api-limit <limit>',
			'API requests that each account may send: 1000/1h, or "documented"',
			text => (text === 'documented' ? text : parseLimit(text)),
		)
		.option('--reserve <percent>', "percent of each quota left for the accounts' other tools", parsePercent)
		.action(async (workspace: string, {reserve, apiLimit, ...changes}: EditOptions) => {
			await withWorkplace(shell, async workplace => {
				await editOrganization(workplace, workspace, {
					...changes,
					apiLimit: apiLimit === 'documented' ? null : apiLimit,
					reservePercent: reserve,
				});
				shell.line(`Changed the workspace ${workspace}.`);
				return 0;
			});
		});

	command
		.command('list')
		.description('list the connected workspaces')
		.option('--json', 'print JSON')
		.action(async ({json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const organizations = await listOrganizations(workplace);
				if (json) {
					shell.json(organizations);
					return 0;
				}

				const rows = organizations.map(organization => [
					organization.workspace,
					String(1 + organization.additionalCredentials.length),
					organization.plans.join(', ') || '–',
					organization.apiLimit ?? 'as documented',
					`${organization.reservePercent} %`,
					organization.apiUrl,
				]);
				printTable(
					shell,
					['workspace', 'credentials', 'plans', 'API limit', 'reserve', 'API'],
					rows,
					'No workspace is connected yet. Connect one with: bucket-brigade organization add',
				);
				return 0;
			});
		});

	command
		.command('remove')
		.description('forget a workspace and its secrets; backups stay where they are')
		.argument('<workspace>')
		.action(async (workspace: string) => {
			await withWorkplace(shell, async workplace => {
				await removeOrganization(workplace, workspace);
				shell.line(`Removed the workspace ${workspace} and its secrets. Backups stay where they are.`);
				return 0;
			});
		});

	return command;
}

/** A table with its head, or a sentence where there are no rows. */
export function printTable(
	shell: Shell,
	head: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
	whenEmpty: string,
): void {
	for (const line of rows.length === 0 ? [whenEmpty] : tableLines([head, ...rows])) {
		shell.line(line);
	}
}
