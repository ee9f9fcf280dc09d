import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gitEnvironment} from '../../source/system/git-environment.ts';

const own = {
	PATH: '/usr/bin',
	HOME: '/home/ada',
	XDG_CONFIG_HOME: '/home/ada/.config',
	LD_PRELOAD: '/tmp/evil.so',
	SSH_ASKPASS: '/usr/bin/ask',
	GIT_ASKPASS: '/usr/bin/ask',
	GIT_TRACE_CURL: '/tmp/trace',
	GIT_SSL_NO_VERIFY: '1',
	GIT_DIR: '/elsewhere',
	GIT_CONFIG_COUNT: '1',
	GIT_CONFIG_PARAMETERS: "'core.hooksPath=/tmp'",
	BUCKET_BRIGADE_PASSWORD_COMMAND: 'pass show key',
	HTTPS_PROXY: 'http://proxy.acme.example:3128',
	SSL_CERT_FILE: '/etc/acme.pem',
};

test('git environment: takes over the way to programs, proxies and certificates, and nothing else', () => {
	assert.deepEqual(gitEnvironment(own, false), {
		PATH: '/usr/bin',
		HTTPS_PROXY: 'http://proxy.acme.example:3128',
		GIT_SSL_CAINFO: '/etc/acme.pem',
		// Not left out: libcurl would look for `.netrc` in the home that the user database names.
		HOME: '/dev/null',
		LC_ALL: 'C.UTF-8',
		TZ: 'UTC',
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_TERMINAL_PROMPT: '0',
		GIT_ALLOW_PROTOCOL: 'https',
		GIT_NO_REPLACE_OBJECTS: '1',
		GIT_OPTIONAL_LOCKS: '0',
	});
});

test('git environment: plain http only where it was asked for, further variables last', () => {
	const environment = gitEnvironment({}, true, {GIT_AUTHOR_DATE: '1 +0000'});
	assert.equal(environment['GIT_ALLOW_PROTOCOL'], 'https:http');
	assert.equal(environment['GIT_AUTHOR_DATE'], '1 +0000');
});
