import assert from 'node:assert/strict';
import {test} from 'node:test';
import {usersGitEnvironment} from '../../source/system/users-git-environment.ts';

test('a git that works for the user has their keys and helpers, and nothing that leads it astray or is ours', () => {
	const environment = usersGitEnvironment(
		{
			PATH: '/bin',
			HOME: '/home/ada',
			SSH_AUTH_SOCK: '/run/agent',
			GIT_SSH_COMMAND: 'ssh -i key',
			GIT_ASKPASS: 'ask',
			GIT_CONFIG_GLOBAL: '/home/ada/other',
			GIT_DIR: '/elsewhere',
			GIT_WORK_TREE: '/elsewhere',
			GIT_INDEX_FILE: '/elsewhere',
			GIT_OBJECT_DIRECTORY: '/elsewhere',
			GIT_TRACE_CURL: '1',
			GIT_TRACE: '1',
			GIT_ALLOW_PROTOCOL: 'ext',
			GIT_TERMINAL_PROMPT: '1',
			BUCKET_BRIGADE_PASSWORD_COMMAND: 'pass',
			CREDENTIALS_DIRECTORY: '/run/credentials',
			LC_ALL: 'de_DE.UTF-8',
		},
		false,
		{EXTRA: '1'},
	);
	assert.deepEqual(environment, {
		PATH: '/bin',
		HOME: '/home/ada',
		SSH_AUTH_SOCK: '/run/agent',
		GIT_SSH_COMMAND: 'ssh -i key',
		GIT_ASKPASS: 'ask',
		GIT_CONFIG_GLOBAL: '/home/ada/other',
		LC_ALL: 'C.UTF-8',
		GIT_TERMINAL_PROMPT: '0',
		GIT_ALLOW_PROTOCOL: 'https:ssh',
		EXTRA: '1',
	});
	assert.equal(usersGitEnvironment({}, true)['GIT_ALLOW_PROTOCOL'], 'https:ssh:http');
});
