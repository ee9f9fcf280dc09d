import type {
	BranchRestriction,
	DeployKey,
	GroupPermission,
	Project,
	Repository,
	UserPermission,
	Webhook,
} from '../../world.ts';
import {accountJson, groupJson, groupsJson} from './people.ts';
import {projectApi, projectStubJson, repositoryStubJson} from './repository.ts';
import {linkTo, moment, repositoryApi, type ShapeSource, workspaceApi} from './source.ts';
import {workspaceStubJson} from './workspace.ts';

export function branchRestrictionJson(
	source: ShapeSource,
	repository: Repository,
	restriction: BranchRestriction,
) {
	const {id, kind, branchMatchKind, pattern, branchType, value, users, groups} = restriction;
	const isAboutPeople = kind === 'push' || kind === 'restrict_merges';
	return {
		type: 'branchrestriction',
		id,
		kind,
		branch_match_kind: branchMatchKind,
		pattern,
		...(branchType !== undefined && {branch_type: branchType}),
		value,
		...(isAboutPeople && {
			users: users.map(uuid => accountJson(source, uuid)),
			groups: groupsJson(source, groups),
		}),
		links: {self: linkTo(`${repositoryApi(source, repository)}/branch-restrictions/${id}`)},
	};
}

export function deployKeyJson(source: ShapeSource, repository: Repository, key: DeployKey) {
	return {
		...keyJson(key),
		type: 'deploy_key',
		owner: accountJson(source, key.owner),
		repository: repositoryStubJson(source, repository),
		links: {self: linkTo(`${repositoryApi(source, repository)}/deploy-keys/${key.id}`)},
	};
}

export function projectDeployKeyJson(source: ShapeSource, project: Project, key: DeployKey) {
	return {
		...keyJson(key),
		type: 'project_deploy_key',
		created_by: accountJson(source, key.owner),
		project: projectStubJson(source, project),
		links: {self: linkTo(`${projectApi(source, project)}/deploy-keys/${key.id}`)},
	};
}

function keyJson({id, key, label, comment, addedOn, lastUsed}: DeployKey) {
	return {
		id,
		key,
		label,
		comment,
		added_on: moment(addedOn),
		last_used: lastUsed === null ? null : moment(lastUsed),
	};
}

/** A webhook of a repository, or of the workspace without one. The secret itself is never told. */
export function webhookJson(source: ShapeSource, webhook: Webhook, repository?: Repository) {
	const home = repository ? repositoryApi(source, repository) : workspaceApi(source);
	return {
		type: 'webhook_subscription',
		uuid: webhook.uuid,
		url: webhook.url,
		description: webhook.description,
		subject_type: webhook.subjectType,
		subject: repository ? repositoryStubJson(source, repository) : workspaceStubJson(source),
		active: webhook.active,
		created_at: moment(webhook.createdAt),
		events: webhook.events,
		secret_set: webhook.secretSet,
		skip_cert_verification: webhook.skipCertVerification,
		history_enabled: false,
		links: {self: linkTo(`${home}/hooks/${encodeURIComponent(webhook.uuid)}`)},
	};
}

/** Where a permission was given; its address and its name in the JSON. */
export type PermissionHome =
	| {readonly kind: 'repository'; readonly repository: Repository}
	| {readonly kind: 'project'; readonly project: Project};

export function userPermissionJson(source: ShapeSource, home: PermissionHome, grant: UserPermission) {
	return {
		type: `${home.kind}_user_permission`,
		permission: grant.permission,
		user: accountJson(source, grant.user),
		...homeJson(source, home),
		links: {
			self: linkTo(`${homeApi(source, home)}/permissions-config/users/${encodeURIComponent(grant.user)}`),
		},
	};
}

export function groupPermissionJson(source: ShapeSource, home: PermissionHome, grant: GroupPermission) {
	const group = source.world.groups.find(({slug}) => slug === grant.group);
	return {
		type: `${home.kind}_group_permission`,
		permission: grant.permission,
		...(group && {group: groupJson(source, group)}),
		...homeJson(source, home),
		links: {self: linkTo(`${homeApi(source, home)}/permissions-config/groups/${grant.group}`)},
	};
}

function homeJson(source: ShapeSource, home: PermissionHome) {
	return home.kind === 'repository'
		? {repository: repositoryStubJson(source, home.repository)}
		: {project: projectStubJson(source, home.project)};
}

function homeApi(source: ShapeSource, home: PermissionHome): string {
	return home.kind === 'repository'
		? repositoryApi(source, home.repository)
		: projectApi(source, home.project);
}
