import {Command} from 'commander';
import {
	forgetRecoveryKeys,
	lockVaultKey,
	makeRecoveryKey,
	rekeyVault,
	rotateVaultKey,
	showVault,
	unlockVaultKey,
	type VaultStatus,
} from '../actions/vault.ts';
import type {Workplace} from '../actions/workplace.ts';
import {countOf} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Shell} from './shell.ts';
import {withWorkplace} from './with-workplace.ts';

export function vaultCommand(shell: Shell): Command {
	const command = new Command('vault').description('look after the key that opens the secrets');
	const tell = async (work: (workplace: Workplace) => Promise<readonly string[]>): Promise<void> =>
		withWorkplace(shell, async workplace => {
			(await work(workplace)).map(sanitize).forEach(shell.line);
			return 0;
		});

	command
		.command('show')
		.description('where the key comes from, what else opens the vault, and how many secrets it holds')
		.option('--json', 'print JSON')
		.action(async ({json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const status = await showVault(workplace);
				if (json) {
					shell.json(status);
				} else {
					statusLines(status, workplace.home.vault).map(sanitize).forEach(shell.line);
				}

				return 0;
			});
		});

	command
		.command('rotate')
		.description("make a new key in the place of the home's own")
		.option('--own', 'also where the old key comes from elsewhere: a recovery key, a password command')
		.action(async ({own}: {own?: boolean}) =>
			tell(async workplace => [
				`The vault has a new key, in ${await rotateVaultKey(workplace, own ?? false)}. Copies of the old key open it no more: replace them.`,
			]),
		);

	command
		.command('rekey')
		.description('hand the vault over to the age identity in a file')
		.argument('<file>', 'made with age-keygen, readable by you alone')
		.action(async (file: string) =>
			tell(async workplace => {
				const path = await rekeyVault(workplace, file);
				return [
					`The vault opens with the key in ${path} alone. Set BUCKET_BRIGADE_KEY_FILE=${path} from now on (or have a password command or systemd give that key).`,
				];
			}),
		);

	command
		.command('lock')
		.description(
			"lock the home's own key with a passphrase: the one that $BUCKET_BRIGADE_PASSWORD_COMMAND prints, else one that is typed twice; a locked one gets a new one",
		)
		.action(async () =>
			tell(async workplace => [
				`The key is locked, in ${await lockVaultKey(workplace)}. At a terminal you are asked for the passphrase from now on; what has none (cron, timers) needs BUCKET_BRIGADE_PASSWORD_COMMAND.`,
			]),
		);

	command
		.command('unlock')
		.description("put the home's own key, which a passphrase locks, into clear")
		.action(async () =>
			tell(async workplace => [
				`The key lies in clear in ${await unlockVaultKey(workplace)}. BUCKET_BRIGADE_PASSWORD_COMMAND is not needed any more: unset it where it is set.`,
			]),
		);

	command
		.command('recovery-key')
		.description('make a second key that always opens the vault too, for a safe place elsewhere')
		.argument('<file>', 'a new file for it')
		.action(async (file: string) =>
			tell(async workplace => {
				const {path, recipient} = await makeRecoveryKey(workplace, file);
				return [
					`The recovery key ${recipient} is in ${path}. Move it to a safe place: whoever has it and a copy of the vault can read the secrets.`,
					`To use it: age --decrypt --identity ${path} ${workplace.home.vault}, or BUCKET_BRIGADE_KEY_FILE=${path}`,
				];
			}),
		);

	command
		.command('forget-recovery-keys')
		.description('let no key but its own open the vault')
		.action(async () =>
			tell(async workplace => [
				`${countOf(await forgetRecoveryKeys(workplace), 'recovery key opens', 'recovery keys open')} the vault no more. Copies of the vault made before can still be opened with them.`,
			]),
		);

	return command;
}

function statusLines(status: VaultStatus, path: string): readonly string[] {
	const {source, own, passphrase, recipient, secrets, recovery} = status;
	const kinds = {
		clear: ', in clear: it protects copies of the vault, not against who works as the same user',
		locked:
			passphrase === 'typed'
				? ', locked with a passphrase that is typed in'
				: ', locked with the passphrase that BUCKET_BRIGADE_PASSWORD_COMMAND prints',
		elsewhere: '',
	};
	return [
		`Vault          ${path}`,
		`Secrets        ${secrets}`,
		`Key            ${source}${kinds[own ?? 'elsewhere']}`,
		`Public half    ${recipient}`,
		...(recovery.length === 0
			? ['Recovery keys  none; make one with: bucket-brigade vault recovery-key FILE']
			: recovery.map((each, index) => `${index === 0 ? 'Recovery keys' : '             '}  ${each}`)),
	];
}
