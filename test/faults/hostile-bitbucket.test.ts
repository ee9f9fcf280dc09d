import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {openTestHome, type TestHome} from '../commands/program-process.ts';
import {hostilities, startHostileBitbucket} from './hostile-bitbucket.ts';

/* The real program against a Bitbucket that means ill: no token leaves, nothing is written elsewhere, everything is told in a sentence. */

const secret = 'ATATT3xFfGF0-canary/+=1A2B3C4D5E6F';
const forms = [
	secret,
	encodeURIComponent(secret),
	Buffer.from(`ada@acme.example:${secret}`).toString('base64'),
];

let home: TestHome;
before(async () => {
	home = await openTestHome();
});
after(async () => {
	await home.close();
});

test('whatever it answers', async context => {
	const bitbucket = await startHostileBitbucket(context);
	const destination = join(home.folder, 'mirrors');
	const file = await home.secretFile('primary', secret);
	for (const command of [
		[
			...['organization', 'add', 'acme', '--kind', 'api-token', '--username', 'ada@acme.example'],
			...['--secret-file', file, '--api-url', bitbucket.apiUrl, '--git-url', bitbucket.gitUrl],
		],
		[
			...['plan', 'add', 'nightly', '--organization', 'acme', '--destination', destination],
			...['--data', 'git,pull-requests'],
		],
		['run', 'nightly'],
	]) {
		const {code, stderr} = await home.run(command);
		assert.ok(code === 0 || code === 3, stderr);
	}

	for (const hostility of hostilities) {
		await context.test(hostility.name, async () => {
			bitbucket.be(hostility);
			const {code, stdout, stderr} = await home.run(['run', 'nightly', '--from-start'], {
				environment: {
					GIT_TRACE: '1',
					GIT_TRACE_CURL: '1',
					GIT_CURL_VERBOSE: '1',
					NODE_OPTIONS: '--max-old-space-size=200',
				},
			});
			const said = stdout + stderr;
			assert.equal(code, hostility.exitCode, said);
			assert.match(said, hostility.told);
			assert.doesNotMatch(said, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
			assert.doesNotMatch(said, /\n +at .*\.js:\d+/, 'no stack trace');
			assert.ok(
				forms.every(form => !said.includes(form)),
				'no secret',
			);
			assert.deepEqual(
				bitbucket.trapped.filter(({authorization}) => authorization !== undefined),
				[],
				'no token came to the trap',
			);
			const strays = bitbucket.seen.map(({path}) => path).filter(path => !/^\/(2\.0|acme)\//.test(path));
			assert.deepEqual(strays, [], 'nothing beside the API and the repositories was asked for');
			assert.equal(existsSync('/tmp/escaped'), false);
			assert.deepEqual(readdirSync(destination), ['acme'], 'nothing beside the workspace');
		});
	}

	bitbucket.be(undefined);
	const {code, stderr} = await home.run(['run', 'nightly', '--from-start']);
	assert.ok(code === 0 || code === 3, stderr);
	for (const path of filesBelow(home.home).filter(name => !/secret|primary$/.test(name))) {
		const contents = readFileSync(path, 'latin1');
		assert.ok(
			forms.every(form => !contents.includes(form)),
			path,
		);
	}
});

function filesBelow(folder: string): string[] {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name));
}
