import type {Access, SandboxAccount} from './service-types.ts';
import type {Permission, Project, Repository, World} from './world.ts';

const strength: Readonly<Record<Access, number>> = {none: 0, read: 1, write: 2, admin: 3};

/**
 * What an account may do with a repository: a user by ownership of the workspace, own permission or group, on the repository
 * or its project; a token or consumer by what it is bound to. Scopes narrow this further, see `gitAccessTo`.
 */
export function accessTo(world: World, account: SandboxAccount, repository: Repository): Access {
	if (account.kind !== 'user') {
		const {reach = {}} = account.credential;
		const inside =
			(reach.repository === undefined || reach.repository === repository.slug) &&
			(reach.project === undefined || reach.project === repository.project);
		return inside ? 'admin' : 'none';
	}

	const user = account.user;
	if (world.members.some(member => member.user === user && member.permission === 'owner')) {
		return 'admin';
	}

	const project = world.projects.find(({key}) => key === repository.project);
	return strongest([
		...(repository.isPrivate ? [] : ['read' as const]),
		...permissionsOn(repository, world, user),
		...(project ? permissionsOn(project, world, user) : []),
	]);
}

/** What an account may do over Git: its access, as far as the credential's scopes go. */
export function gitAccessTo(world: World, account: SandboxAccount, repository: Repository): Access {
	const {scopes} = account.credential;
	const has = (...names: readonly string[]) => names.some(name => scopes.includes(name));
	// Classic scopes (of tokens and consumers) imply the weaker one, those of API tokens do not.
	const write = has('write:repository:bitbucket', 'repository:write');
	const read = has('read:repository:bitbucket', 'repository', 'repository:write', 'repository:admin');
	const allowed = write ? 'admin' : read ? 'read' : 'none';
	return weaker(accessTo(world, account, repository), allowed);
}

function permissionsOn(
	owner: Pick<Project | Repository, 'userPermissions' | 'groupPermissions'>,
	world: World,
	user: string | undefined,
): Access[] {
	const groups = world.groups
		.filter(({members}) => members.some(member => member === user))
		.map(({slug}) => slug);
	return [
		...owner.userPermissions.filter(grant => grant.user === user),
		...owner.groupPermissions.filter(grant => groups.includes(grant.group)),
	].map(({permission}): Permission => (permission === 'create-repo' ? 'write' : permission));
}

function strongest(list: readonly Access[]): Access {
	return list.reduce<Access>((one, other) => (strength[one] >= strength[other] ? one : other), 'none');
}

function weaker(one: Access, other: Access): Access {
	return strength[one] <= strength[other] ? one : other;
}
