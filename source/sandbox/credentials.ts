import {createRandom, type Random} from './random.ts';
import type {SandboxCredential} from './service-types.ts';
import type {User, World} from './world.ts';

/** All that a read-only backup uses, by the names of API tokens. */
const apiTokenScopes = [
	'read:user:bitbucket',
	'read:workspace:bitbucket',
	'read:project:bitbucket',
	'read:repository:bitbucket',
	'read:pullrequest:bitbucket',
	'read:pipeline:bitbucket',
	'read:runner:bitbucket',
	'read:webhook:bitbucket',
	'read:snippet:bitbucket',
	'admin:repository:bitbucket',
] as const;

/** The same by the classic names. Nobody can give an access token the scopes for accounts and snippets. */
const classicScopes = [
	'repository',
	'repository:admin',
	'pullrequest',
	'pipeline',
	'runner',
	'webhook',
] as const;

/**
 * The workspace's credentials, the same for the same seed. First those of a backup: the primary one, of each bot one (of the first
 * bot two), a workspace access token; then some of every other kind and condition.
 */
export function createCredentials(world: World): readonly SandboxCredential[] {
	const random = createRandom(`credentials/${world.seed}`);
	const bots = world.users.filter(({displayName}) => /^Backup Bot \d+$/.test(displayName));
	const [firstBot, ...otherBots] = bots;
	const primary = world.users.find(({displayName}) => displayName === 'Backup Primary');
	const limited = world.users.find(({displayName}) => displayName === 'Backup Limited');
	const apiToken = (label: string, user: User | undefined, further: Partial<SandboxCredential> = {}) =>
		user ? [apiTokenOf(random.derive(label), label, user, further)] : [];
	const [repository] = world.repositories;
	const [project] = world.projects;

	return [
		...apiToken('primary', primary),
		...apiToken('bot-1', firstBot),
		...apiToken('bot-1-second', firstBot),
		...otherBots.flatMap((bot, index) => apiToken(`bot-${index + 2}`, bot)),
		accessToken(random, 'ci-token', 'workspace-access-token', ['project', ...classicScopes]),
		...(repository
			? [
					accessToken(random, 'repository-token', 'repository-access-token', classicScopes, {
						repository: repository.slug,
					}),
				]
			: []),
		...(project
			? [
					accessToken(random, 'project-token', 'project-access-token', ['project', ...classicScopes], {
						project: project.key,
					}),
				]
			: []),
		consumer(random, 'consumer'),
		...apiToken('revoked', primary, {revoked: true}),
		...apiToken('limited', limited, {
			scopes: apiTokenScopes.filter(scope => !/^admin:|webhook|pullrequest/.test(scope)),
		}),
		{...consumer(random, 'expiring-consumer'), tokenLifetimeSeconds: 2},
	];
}

function apiTokenOf(
	random: Random,
	label: string,
	{email, displayName}: User,
	further: Partial<SandboxCredential>,
): SandboxCredential {
	const secret = `ATATT3xFfGF0${letters(random, 168)}=${random.hexadecimal(8).toUpperCase()}`;
	return {
		label,
		kind: 'api-token',
		username: email,
		secret,
		account: displayName,
		scopes: apiTokenScopes,
		...further,
	};
}

function accessToken(
	random: Random,
	label: string,
	kind: SandboxCredential['kind'],
	scopes: readonly string[],
	reach?: NonNullable<SandboxCredential['reach']>,
): SandboxCredential {
	const own = random.derive(label);
	const secret = `ATCTT3xFfGN0${letters(own, 168)}=${own.hexadecimal(8).toUpperCase()}`;
	return {label, kind, secret, account: label, scopes, ...(reach && {reach})};
}

function consumer(random: Random, label: string): SandboxCredential {
	const own = random.derive(label);
	const scopes = ['account', 'project', ...classicScopes];
	return {
		label,
		kind: 'oauth-consumer',
		username: letters(own, 18),
		secret: letters(own, 32),
		account: label,
		scopes,
	};
}

function letters(random: Random, length: number): string {
	const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
	return Array.from({length}, () => alphabet[random.integer(0, alphabet.length - 1)]).join('');
}
