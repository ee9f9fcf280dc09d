import assert from 'node:assert/strict';
import {test} from 'node:test';
import {operationOf, resourceOf} from '../../source/bitbucket/resource-of.ts';

const repository = 'https://api.bitbucket.org/2.0/repositories/acme/web';

const resourceTable: ReadonlyArray<readonly [string, string]> = [
	[`${repository}/pullrequests?pagelen=50`, 'api'],
	[`${repository}/hooks`, 'webhooks'],
	[`${repository}/hooks/%7B1%7D?x=y`, 'webhooks'],
	['https://api.bitbucket.org/2.0/workspaces/acme/hooks', 'webhooks'],
	[`${repository}/webhooks-of-mine`, 'api'],
	[`${repository}/downloads`, 'api'],
	[`${repository}/downloads?pagelen=100`, 'api'],
	[`${repository}/downloads/hooks.zip`, 'raw'],
	[`${repository}/src/main/README.md`, 'raw'],
	['/repositories/acme/hooks', 'webhooks'],
];

for (const [url, expected] of resourceTable) {
	test(`resource: ${url} counts as ${expected}`, () => {
		assert.equal(resourceOf(url), expected);
	});
}

const operationTable: ReadonlyArray<readonly [string, string]> = [
	[`${repository}/pullrequests/42/comments?page=2`, '/repositories/{}/{}/pullrequests/{}/comments'],
	[`${repository}/branch-restrictions`, '/repositories/{}/{}/branch-restrictions'],
	[
		'/repositories/acme/web/deployments_config/environments/%7Bab-12%7D/variables',
		'/repositories/{}/{}/deployments_config/environments/{}/variables',
	],
	['/user', '/user'],
	['/repositories/acme?pagelen=100', '/repositories/acme'],
	['/workspaces/acme', '/workspaces/{}'],
	['/workspaces/acme/projects?pagelen=100', '/workspaces/{}/projects'],
	[
		'/workspaces/acme/projects/WEB/permissions-config/users',
		'/workspaces/{}/projects/{}/permissions-config/users',
	],
	['/snippets/acme', '/snippets/{}'],
	['/snippets/acme/aBc9/comments', '/snippets/{}/{}/comments'],
];

for (const [url, expected] of operationTable) {
	test(`operation: ${url}`, () => {
		assert.equal(operationOf(url), expected);
	});
}
