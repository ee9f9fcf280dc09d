import {judgeScopes, type RequiredScopes} from './scopes.ts';
import type {Access, SandboxAccount} from './service-types.ts';
import type {Permission, Project, Repository, Uuid, World} from './world.ts';

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

	return userAccessTo(world, account.user, repository);
}

/** What a user may do with a repository, whatever credential they come with. */
export function userAccessTo(world: World, user: Uuid | undefined, repository: Repository): Access {
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

/** What an account may do with a project. */
export function projectAccessTo(world: World, account: SandboxAccount, project: Project): Access {
	if (account.kind !== 'user') {
		const {reach = {}} = account.credential;
		return reach.repository === undefined && (reach.project ?? project.key) === project.key
			? 'admin'
			: 'none';
	}

	if (workspaceRole(world, account) === 'owner') {
		return 'admin';
	}

	return strongest([
		...(project.isPrivate ? [] : ['read' as const]),
		...permissionsOn(project, world, account.user),
	]);
}

/** What an account may do over Git: its access, as far as the credential's scopes go. */
export function gitAccessTo(world: World, account: SandboxAccount, repository: Repository): Access {
	const has = (required: RequiredScopes) => judgeScopes(account.credential, required).granted;
	const allowed = !has(readScopes) ? 'none' : has(writeScopes) ? 'admin' : 'read';
	return weaker(accessTo(world, account, repository), allowed);
}

const readScopes: RequiredScopes = {api: ['read:repository:bitbucket'], classic: ['repository']};
const writeScopes: RequiredScopes = {api: ['write:repository:bitbucket'], classic: ['repository:write']};

export function isAtLeast(access: Access, needed: Access): boolean {
	return strength[access] >= strength[needed];
}

/** What an account is in the workspace as a whole; undefined for strangers and for tokens of a repository or project. */
export function workspaceRole(world: World, account: SandboxAccount): 'owner' | 'member' | undefined {
	if (account.kind !== 'user') {
		const {repository, project} = account.credential.reach ?? {};
		return repository === undefined && project === undefined ? 'owner' : undefined;
	}

	const membership = world.members.find(({user}) => user === account.user);
	return membership && (membership.permission === 'owner' ? 'owner' : 'member');
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
