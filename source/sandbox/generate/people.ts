import type {Random} from '../random.ts';
import type {Group, Member, User} from '../world.ts';
import {day, hour, isoTime, present} from './timeline.ts';
import {developerNames, formerDeveloperName} from './vocabulary.ts';

export type People = {
	readonly users: User[];
	readonly groups: Group[];
	readonly members: Member[];
	/** Those who write code, without the backup's own accounts. */
	readonly developers: readonly User[];
	/** Writes old code; is no member any more. */
	readonly former: User;
};

/**
 * Everyone in the workspace. `Backup Primary` and as many `Backup Bot N` as asked for administer it through the group `backup`;
 * `Backup Limited` only reads, through the group `auditors`.
 */
export function generatePeople(random: Random, bots: number): People {
	const user = (displayName: string, emailName: string, active = true): User => {
		const own = random.derive(`user/${emailName}`);
		return {
			uuid: own.uuid(),
			accountId: `${own.integer(100_000, 999_999)}:${own.uuid().slice(1, -1)}`,
			displayName,
			nickname: displayName.split(' ')[0] ?? displayName,
			username: emailName.replaceAll('.', '-'),
			email: `${emailName}@acme.example`,
			createdOn: isoTime(present - own.integer(900, 2500) * day),
			active,
		};
	};

	const developers = developerNames.map((name, index) => user(name, `developer-${index + 1}`));
	const former = user(formerDeveloperName, 'derek.hale', false);
	const primary = user('Backup Primary', 'backup-primary');
	const backupBots = Array.from({length: bots}, (_, index) =>
		user(`Backup Bot ${index + 1}`, `backup-bot-${index + 1}`),
	);
	const limited = user('Backup Limited', 'backup-limited');

	const group = (slug: string, name: string, members: readonly User[]): Group => ({
		slug,
		name,
		fullSlug: `acme:${slug}`,
		members: members.map(({uuid}) => uuid),
	});
	const member = ({uuid, createdOn}: User, permission: Member['permission']): Member => ({
		user: uuid,
		permission,
		addedOn: createdOn,
		lastAccessed: isoTime(present - random.integer(1, 200) * hour),
	});

	return {
		users: [...developers, former, primary, ...backupBots, limited],
		groups: [
			group('administrators', 'Administrators', developers.slice(0, 2)),
			group('developers', 'Developers', developers),
			group('backup', 'Backup', [primary, ...backupBots]),
			group('auditors', 'Auditors', [limited]),
		],
		members: [
			...developers.map((developer, index) => member(developer, index < 2 ? 'owner' : 'member')),
			...[primary, ...backupBots].map(account => member(account, 'owner')),
			member(limited, 'member'),
		],
		developers,
		former,
	};
}
