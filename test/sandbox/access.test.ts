import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accessTo, gitAccessTo, isAtLeast, workspaceRole} from '../../source/sandbox/access.ts';
import {generateWorld} from '../../source/sandbox/generate-world.ts';
import type {SandboxAccount, SandboxCredential} from '../../source/sandbox/service-types.ts';

const {world, people} = generateWorld();
const find = (slug: string) => {
	const repository = world.repositories.find(candidate => candidate.slug === slug);
	assert.ok(repository);
	return repository;
};

const credential: SandboxCredential = {label: 'x', kind: 'api-token', secret: 'x', account: 'x', scopes: []};
const userNamed = (displayName: string, scopes: readonly string[] = []): SandboxAccount => {
	const user = world.users.find(candidate => candidate.displayName === displayName);
	assert.ok(user);
	return {id: user.uuid, displayName, kind: 'user', user: user.uuid, credential: {...credential, scopes}};
};

const token = (
	reach: NonNullable<SandboxCredential['reach']>,
	scopes: readonly string[] = [],
): SandboxAccount => ({
	id: 'token',
	displayName: 'token',
	kind: 'access-token',
	credential: {...credential, kind: 'workspace-access-token', reach, scopes},
});

test('owners administer, groups of the project give what they give, strangers see what is public', () => {
	const billing = find('billing-service');
	assert.equal(accessTo(world, userNamed('Backup Primary'), billing), 'admin');
	assert.equal(accessTo(world, userNamed('Backup Bot 3'), billing), 'admin');
	assert.equal(accessTo(world, userNamed('Backup Limited'), billing), 'read');
	assert.equal(accessTo(world, userNamed(people.former.displayName), billing), 'none');
	assert.equal(accessTo(world, userNamed(people.former.displayName), find('design-system')), 'read');
});

test('a permission of the repository adds to those of its project', () => {
	const billing = find('billing-service');
	const limited = userNamed('Backup Limited');
	const changed = {...billing, userPermissions: [{user: limited.id, permission: 'write' as const}]};
	assert.equal(accessTo(world, limited, changed), 'write');
});

test('a token reaches what it is bound to', () => {
	assert.equal(accessTo(world, token({}), find('billing-service')), 'admin');
	assert.equal(accessTo(world, token({project: 'PAY'}), find('billing-service')), 'admin');
	assert.equal(accessTo(world, token({project: 'PAY'}), find('web-frontend')), 'none');
	assert.equal(accessTo(world, token({repository: 'web-frontend'}), find('web-frontend')), 'admin');
	assert.equal(accessTo(world, token({repository: 'web-frontend'}), find('billing-service')), 'none');
});

test('over Git, scopes narrow what access allows', () => {
	const billing = find('billing-service');
	const cases = [
		[[], 'none'],
		[['read:user:bitbucket'], 'none'],
		[['read:repository:bitbucket'], 'read'],
		[['write:repository:bitbucket'], 'none'],
		[['read:repository:bitbucket', 'write:repository:bitbucket'], 'admin'],
		[['repository:write'], 'none'],
	] as const;
	for (const [scopes, expected] of cases) {
		assert.equal(gitAccessTo(world, userNamed('Backup Primary', scopes), billing), expected, scopes.join());
	}

	for (const [scopes, expected] of [
		[['pipeline'], 'none'],
		[['repository'], 'read'],
		[['repository:write'], 'admin'],
	] as const) {
		assert.equal(gitAccessTo(world, token({}, scopes), billing), expected, scopes.join());
	}

	const both = ['read:repository:bitbucket', 'write:repository:bitbucket'];
	assert.equal(gitAccessTo(world, userNamed('Backup Limited', both), billing), 'read');
});

test('the workspace knows its members and its own tokens', () => {
	assert.equal(workspaceRole(world, userNamed('Backup Primary')), 'owner');
	assert.equal(workspaceRole(world, userNamed('Backup Limited')), 'member');
	assert.equal(workspaceRole(world, userNamed(people.former.displayName)), undefined);
	assert.equal(workspaceRole(world, token({})), 'owner');
	assert.equal(workspaceRole(world, token({project: 'PAY'})), undefined);
	assert.equal(workspaceRole(world, token({repository: 'web-frontend'})), undefined);
});

test('access has an order', () => {
	const order = ['none', 'read', 'write', 'admin'] as const;
	for (const [index, access] of order.entries()) {
		for (const [needed, name] of order.entries()) {
			assert.equal(isAtLeast(access, name), index >= needed, `${access} ${name}`);
		}
	}
});
