import assert from 'node:assert/strict';
import {test} from 'node:test';
import {judgeScopes} from '../../source/sandbox/scopes.ts';
import type {SandboxCredential} from '../../source/sandbox/service-types.ts';

const required = {api: ['read:repository:bitbucket'], classic: ['repository']};

const cases: ReadonlyArray<[SandboxCredential['kind'], readonly string[], boolean]> = [
	['api-token', ['read:repository:bitbucket'], true],
	// New scopes never open one another.
	['api-token', ['write:repository:bitbucket', 'admin:repository:bitbucket'], false],
	['api-token', ['repository'], false],
	['workspace-access-token', ['repository'], true],
	['workspace-access-token', ['repository:write'], true],
	['oauth-consumer', ['pullrequest'], true],
	['repository-access-token', ['project'], true],
	// Administration alone does not let anybody read.
	['repository-access-token', ['repository:admin'], false],
	['repository-access-token', ['read:repository:bitbucket'], false],
	['workspace-access-token', [], false],
];

for (const [kind, scopes, granted] of cases) {
	test(`${kind} with ${scopes.join(', ') || 'nothing'} ${granted ? 'reads' : 'does not read'} repositories`, () => {
		const credential = {label: 'x', kind, secret: 'x', account: 'x', scopes};
		assert.deepEqual(judgeScopes(credential, required), {
			granted,
			required: kind === 'api-token' ? required.api : required.classic,
			has: scopes,
		});
	});
}

test('an operation may want several at once', () => {
	const both = {api: [], classic: ['repository', 'repository:admin']};
	const credential = {label: 'x', kind: 'workspace-access-token', secret: 'x', account: 'x'} as const;
	assert.equal(judgeScopes({...credential, scopes: ['repository']}, both).granted, false);
	assert.equal(judgeScopes({...credential, scopes: ['repository', 'repository:admin']}, both).granted, true);
});
