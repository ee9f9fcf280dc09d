/** Variables that say where the home lies, where git is, and which key opens the vault; none of them is a secret. */
const handedOn = [
	'PATH',
	'BUCKET_BRIGADE_HOME',
	'XDG_CONFIG_HOME',
	'XDG_DATA_HOME',
	'XDG_STATE_HOME',
	'BUCKET_BRIGADE_KEY_FILE',
] as const;

const passwordCommand = 'BUCKET_BRIGADE_PASSWORD_COMMAND';

/**
The lines of a systemd unit for the scheduler, as `systemd.service(5)` and `systemd.exec(5)` describe it.

@param command The program and its first arguments.
@param environment That of whoever asks.
*/
export function serviceUnit(
	command: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
	const variables = handedOn.flatMap(name => {
		const value = environment[name] ?? '';
		return value === '' ? [] : [`Environment=${quoted(`${name}=${value}`)}`];
	});
	// What is written in such a command may be a secret, and a unit may be read by everybody.
	const missing =
		(environment[passwordCommand] ?? '') === ''
			? []
			: [
					`# ${passwordCommand} is not in here: add it with "systemctl --user edit", or use a credential of systemd.`,
				];
	return [
		'[Unit]',
		'Description=Bucket Brigade: starts backups when their plans are due',
		'',
		'[Service]',
		// Only here a dollar sign stands for a variable.
		`ExecStart=${[...command, 'scheduler'].map(word => quoted(word).replaceAll('$', '$$$$')).join(' ')}`,
		...variables,
		...missing,
		'Restart=on-failure',
		'RestartSec=60',
		'# Runs that it has started go on when it is stopped or started anew.',
		'KillMode=process',
		'',
		'[Install]',
		'WantedBy=default.target',
	];
}

function quoted(text: string): string {
	return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}
