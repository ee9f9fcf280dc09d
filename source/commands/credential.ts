import {Command} from 'commander';
import {
	type AddedCredential,
	addCredential,
	type CredentialSummary,
	checkCredentials,
	editCredential,
	listCredentials,
	removeCredential,
} from '../actions/credentials.ts';
import {type CredentialKind, credentialKindDescriptions, credentialKinds} from '../model/credential-kind.ts';
import {formatNumber} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
import {checkLines, sameAccountText, stateWord} from './credential-texts.ts';
import {printTable} from './organization.ts';
import {parseDate, parseKind} from './parse.ts';
import {readSecret} from './read-secret.ts';
import type {Shell} from './shell.ts';
import {withWorkplace} from './with-workplace.ts';

type AddOptions = {
	readonly kind: CredentialKind;
	readonly username?: string;
	readonly label: string;
	readonly secretFile: string;
	readonly expires?: string;
	readonly check: boolean;
};

type EditOptions = Partial<AddOptions> & {readonly check: boolean};

const usernameHelp = 'e-mail address of an API token, key of an OAuth consumer';
const secretHelp = 'file that holds the secret; - reads standard input';

export function credentialCommand(shell: Shell): Command {
	const command = new Command('credential').description('manage what signs in to a workspace');

	command
		.command('add')
		.description('add an additional credential; no plan is changed by it')
		.argument('<workspace>')
		.requiredOption('--kind <kind>', `kind of the credential: ${credentialKinds.join(', ')}`, parseKind)
		.option('--username <username>', usernameHelp)
		.requiredOption('--label <label>', 'what to call it')
		.requiredOption('--secret-file <file>', secretHelp)
		.option('--expires <date>', 'date on which it expires', parseDate)
		.option('--no-check', 'do not ask Bitbucket about it first')
		.action(async (workspace: string, {secretFile, expires, ...options}: AddOptions) => {
			await withWorkplace(shell, async workplace => {
				const secret = await readSecret(shell, secretFile);
				const added = await addCredential(workplace, workspace, {...options, secret, expiresAt: expires});
				tell(shell, `Added the credential "${added.credential.label}" to ${workspace}.`, added);
				return 0;
			});
		});

	command
		.command('edit')
		.description('change a credential: a new secret, another name')
		.argument('<workspace>')
		.argument('<label>', 'the credential as it is called now')
		.option('--label <label>', 'what to call it from now on')
		.option('--kind <kind>', 'another kind', parseKind)
		.option('--username <username>', usernameHelp)
		.option('--secret-file <file>', secretHelp)
		.option('--expires <date>', 'date on which it expires', parseDate)
		.option('--no-check', 'do not ask Bitbucket about it first')
		.action(async (workspace: string, label: string, {secretFile, expires, ...options}: EditOptions) => {
			await withWorkplace(shell, async workplace => {
				const edited = await editCredential(workplace, workspace, label, {
					...options,
					...(secretFile === undefined ? {} : {secret: await readSecret(shell, secretFile)}),
					...(expires === undefined ? {} : {expiresAt: expires}),
				});
				tell(shell, `Changed the credential "${edited.credential.label}" of ${workspace}.`, edited);
				return 0;
			});
		});

	command
		.command('list')
		.description('list the credentials of a workspace, the primary one first')
		.argument('<workspace>')
		.option('--json', 'print JSON')
		.action(async (workspace: string, {json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const credentials = await listCredentials(workplace, workspace);
				if (json) {
					shell.json(credentials);
				} else {
					printTable(
						shell,
						['label', 'kind', 'signs in as', 'state', 'used', 'expires', 'plans', ''],
						credentials.map(credentialRow),
						'',
					);
				}

				return 0;
			});
		});

	command
		.command('check')
		.description(
			'ask Bitbucket about every credential, or one (exit code 1: one does not work, 3: data would be missing)',
		)
		.argument('<workspace>')
		.argument('[label]')
		.option('--json', 'print JSON')
		.action(async (workspace: string, label: string | undefined, {json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const checked = await checkCredentials(workplace, workspace, label);
				if (json) {
					shell.json(checked.map(one => ({label: one.label, ...one.check})));
				} else {
					checked
						.flatMap(one => checkLines(one.label, one.check))
						.map(sanitize)
						.forEach(shell.line);
				}

				const states = checked.map(one => one.check.state);
				if (states.includes('refused') || states.includes('unreachable')) {
					return 1;
				}

				return states.includes('missing-scopes') ? 3 : 0;
			});
		});

	command
		.command('remove')
		.description('remove an additional credential, from the plans that use it too')
		.argument('<workspace>')
		.argument('<label>')
		.action(async (workspace: string, label: string) => {
			await withWorkplace(shell, async workplace => {
				const {plans} = await removeCredential(workplace, workspace, label);
				shell.line(`Removed the credential "${label}" and its secret from ${workspace}.`);
				if (plans.length > 0) {
					shell.line(`These plans used it and now do without: ${plans.join(', ')}.`);
				}

				return 0;
			});
		});

	return command;
}

function tell(shell: Shell, sentence: string, {credential, check, sameAccountAs}: AddedCredential): void {
	const lines = [
		sentence,
		...(check === undefined ? [] : checkLines(credential.label, check)),
		...(sameAccountAs === undefined ? [] : [`Note: ${sameAccountText(sameAccountAs)}.`]),
	];
	lines.map(sanitize).forEach(shell.line);
}

function credentialRow(credential: CredentialSummary): string[] {
	const {limit, used, sameAccountAs, isPrimary} = credential;
	return [
		credential.label,
		credentialKindDescriptions[credential.kind].name,
		credential.account?.name ?? credential.username ?? '–',
		stateWord(credential.state, credential.check),
		sameAccountAs === undefined ? `${formatNumber(used ?? 0)}/${formatNumber(limit.requests)}` : '–',
		credential.expiresAt ?? '–',
		credential.plans.join(', ') || '–',
		sameAccountAs === undefined ? (isPrimary ? 'primary credential' : '') : sameAccountText(sameAccountAs),
	];
}
