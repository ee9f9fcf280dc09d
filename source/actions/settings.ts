import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {Notifications} from '../model/notifications.ts';
import {allCredentials} from '../model/organization.ts';
import {joinWords} from '../system/command-words.ts';
import {whenText} from './notifications/notification-texts.ts';
import {isThere} from './notifications/notifications.ts';
import {type ScheduleState, scheduleState} from './schedule/schedule-state.ts';
import {heededText, unheededText} from './schedule/schedule-state-text.ts';
import type {Workplace} from './workplace.ts';

/** A line of the settings. */
export type SettingsFact = {
	/** What it belongs to: `Vault`. */
	readonly section: string;
	readonly name: string;
	readonly value: string;
	/** Something that a person has to look at. */
	readonly isProblem?: true;
};

/** Where everything lies, how it stands with the vault, and who is told of runs. */
export async function listSettings(workplace: Workplace): Promise<readonly SettingsFact[]> {
	const {home} = workplace;
	const places: ReadonlyArray<readonly [name: string, path: string]> = [
		['Organizations and plans', home.store],
		['Secrets', home.vault],
		['Key of the secrets', home.keys],
		['Ledgers and catalog', home.state],
		['Journals of runs', home.runs],
		['Locks', home.locks],
		['Backups by default', home.backups],
		['Your own keys', home.keyMap],
	];
	return [
		...places.map(([name, value]) => ({section: 'Where things lie', name, value})),
		...(await vaultFacts(workplace)),
		...scheduleFacts(await scheduleState(workplace)),
		...notificationFacts((await workplace.store.read()).settings.notifications, workplace.environment),
	];
}

async function vaultFacts(workplace: Workplace): Promise<readonly SettingsFact[]> {
	const section = 'Vault';
	const contents = await workplace.store.read();
	const credentials = contents.organizations.flatMap(allCredentials);
	if (!(await exists(workplace.home.vault))) {
		return [
			{section, name: 'State', value: 'there is none yet: it is made with the first credential'},
			{section, name: 'Its key will come from', value: await expectedSource(workplace)},
		];
	}

	try {
		const vault = await workplace.vault();
		const secrets = await Promise.all(credentials.map(async ({id}) => vault.get(id)));
		const missing = secrets.filter(secret => secret === undefined).length;
		return [
			{section, name: 'State', value: `open, with the secrets of ${countOf(secrets.length - missing)}`},
			...(missing === 0
				? []
				: [
						{
							section,
							name: 'Secrets missing',
							value: `${countOf(missing)} without: edit and enter it again`,
							isProblem: true as const,
						},
					]),
			{
				section,
				name: 'Its key comes from',
				value: `${vault.identitySource()}${(await workplace.isLocked()) ? ', with the passphrase that was typed in' : ''}`,
			},
		];
	} catch (error) {
		return [
			{
				section,
				name: 'State',
				value: `closed: ${error instanceof Error ? error.message : String(error)}`,
				isProblem: true,
			},
			{section, name: 'Its key should come from', value: await expectedSource(workplace)},
		];
	}
}

function scheduleFacts(state: ScheduleState): readonly SettingsFact[] {
	const section = 'Schedules';
	const unheeded = unheededText(state);
	return [
		unheeded === undefined
			? {section, name: 'Scheduler', value: heededText(state)}
			: {section, name: 'Scheduler', value: unheeded, isProblem: true},
	];
}

function notificationFacts(
	notifications: Notifications | undefined,
	environment: NodeJS.ProcessEnv,
): readonly SettingsFact[] {
	const section = 'Notifications';
	if (notifications === undefined) {
		return [{section, name: 'Told', value: 'nobody: a run that nobody watches tells nobody of its end'}];
	}

	const {when, command} = notifications;
	return [
		{section, name: 'Told', value: whenText(when)},
		{
			section,
			name: 'Command',
			value: joinWords(command),
			...(isThere(command[0], environment) ? {} : {isProblem: true as const}),
		},
	];
}

/** Where the vault's key is looked for first, by what the environment says. */
async function expectedSource({environment, home, isLocked}: Workplace): Promise<string> {
	const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
	if (isSet('BUCKET_BRIGADE_PASSWORD_COMMAND')) {
		return 'the command in BUCKET_BRIGADE_PASSWORD_COMMAND';
	}

	if (isSet('CREDENTIALS_DIRECTORY')) {
		return "systemd's credential bucket-brigade-key, else as without systemd";
	}

	if (isSet('BUCKET_BRIGADE_KEY_FILE')) {
		return `the file in BUCKET_BRIGADE_KEY_FILE: ${environment['BUCKET_BRIGADE_KEY_FILE']}`;
	}

	return (await isLocked())
		? `the home's own ${join(home.keys, 'identity.age')}, with a passphrase that is typed in`
		: `the home's own ${join(home.keys, 'identity.txt')}`;
}

async function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}

function countOf(credentials: number): string {
	return credentials === 1 ? '1 credential' : `${credentials} credentials`;
}
