import assert from 'node:assert/strict';
import test from 'node:test';
import {connectLines, sandboxLines} from '../../source/commands/sandbox-lines.ts';

const description = {
	apiUrl: 'http://127.0.0.1:4000/2.0',
	gitUrl: 'http://127.0.0.1:4000',
	workspace: 'acme',
	folder: '/tmp/box',
	apiLimit: '40/20s',
	credentials: [
		{
			label: 'primary',
			kind: 'api-token',
			username: 'primary@acme.example',
			account: 'Backup Primary',
			secretFile: '/tmp/box/secrets/primary',
		},
		{
			label: 'bot-1',
			kind: 'api-token',
			username: "o'bot@acme.example",
			account: 'Backup Bot 1',
			secretFile: '/tmp/my box/bot-1',
		},
		{
			label: 'ci-token',
			kind: 'workspace-access-token',
			account: 'ci',
			secretFile: '/tmp/box/secrets/ci-token',
		},
		{
			label: 'revoked',
			kind: 'api-token',
			username: 'r@acme.example',
			account: 'r',
			secretFile: '/tmp/box/secrets/revoked',
		},
	],
};

test('the commands that connect a sandbox are ready to copy', () => {
	assert.deepEqual(connectLines(description), [
		'bucket-brigade organization add acme --kind api-token --username primary@acme.example --secret-file /tmp/box/secrets/primary --api-url http://127.0.0.1:4000/2.0 --git-url http://127.0.0.1:4000 --api-limit 40/20s',
		"bucket-brigade credential add acme --label bot-1 --kind api-token --username 'o'\\''bot@acme.example' --secret-file '/tmp/my box/bot-1'",
		'bucket-brigade credential add acme --label ci-token --kind workspace-access-token --secret-file /tmp/box/secrets/ci-token',
		'bucket-brigade plan add nightly --organization acme --additional-credentials all',
		'bucket-brigade run nightly',
	]);
});

test('every account is listed, also those that are there to fail', () => {
	assert.ok(sandboxLines(description).some(line => line.includes('revoked')));
});
