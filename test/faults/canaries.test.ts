import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from '../commands/connection.ts';
import {type Ended, openTestHome, type TestHome} from '../commands/program-process.ts';
import {createSecretCanary, type SecretCanary} from './secret-canary.ts';

/*
Secrets that are looked for wherever they have no business, while a person has everything on that makes git and Node.js talk: in a
run, a verification, a push and what fails, with credentials of every kind.
*/

describe('no secret gets out', () => {
	const labels = ['primary', 'bot-2', 'ci-token', 'revoked'];
	let box: Sandbox;
	let home: TestHome;
	let canary: SecretCanary;
	let slug: string;

	before(async () => {
		box = await startSandbox({repositories: 2, pullRequests: 2});
		home = await openTestHome();
		canary = createSecretCanary(box.credentials);
		slug = box.world.repositories[0]?.slug ?? '';
		box.addRepository('restored');
		box.control.grantScope('primary', 'write:repository:bitbucket');
		const connect = connector(home, box);
		const kinds = new Map(box.credentials.map(({label, kind}) => [kind, label]));
		assert.equal((await connect.addOrganization()).code, 0);
		for (const label of new Set([...labels.slice(1), ...kinds.values()])) {
			if (label !== 'primary' && box.credentials.some(one => one.label === label)) {
				const {code, stderr} = await connect.addCredential(label, ['--no-check']);
				assert.equal(code, 0, stderr);
			}
		}

		const plan = ['plan', 'add', 'nightly', '--organization', box.workspace];
		const {code, stderr} = await home.run([
			...[...plan, '--destination', join(home.folder, 'mirrors'), '--additional-credentials', 'all'],
		]);
		assert.equal(code, 0, stderr);
		mkdirSync(join(home.folder, 'traces', 'events'), {recursive: true});
	});
	after(async () => {
		canary.close();
		await home.close();
		await box.close();
	});

	/** Everything that makes git and Node.js talk, into files or onto standard error. */
	const talkative = (where: 'files' | 'screen'): Record<string, string> => {
		const to = (name: string): string => (where === 'files' ? join(home.folder, 'traces', name) : '1');
		const names = [
			'TRACE',
			'TRACE_CURL',
			'TRACE_PACKET',
			'TRACE_SETUP',
			'TRACE2',
			'TRACE2_PERF',
			'TRACE_REFS',
		];
		return {
			...Object.fromEntries(names.map(name => [`GIT_${name}`, to(name.toLowerCase())])),
			GIT_TRACE2_EVENT: where === 'files' ? join(home.folder, 'traces', 'events') : '1',
			GIT_TRANSFER_TRACE: '1',
			GIT_CURL_VERBOSE: '1',
			GIT_TRACE_REDACT: '0',
			GIT_REDACT_COOKIES: '',
			GIT_TRACE_CURL_NO_DATA: '0',
			BUCKET_BRIGADE_DEBUG: '1',
			NODE_DEBUG: 'child_process,stream,timer',
		};
	};

	const address = (name: string): string => `${box.gitUrl}/${box.workspace}/${name}.git`;
	const commands: ReadonlyArray<readonly [name: string, code: number, command: () => string[]]> = [
		['a run', 0, () => ['run', 'nightly', '--json']],
		['a verification', 0, () => ['verify', 'nightly']],
		['a push', 0, () => ['restore', 'nightly', slug, '--to', address('restored'), '--force']],
		['a push to what is not there', 1, () => ['restore', 'nightly', slug, '--to', address('not-there')]],
		['a check', 1, () => ['credential', 'check', box.workspace]],
		['a doctor', 1, () => ['doctor']],
	];
	for (const where of ['files', 'screen'] as const) {
		for (const [name, code, command] of commands) {
			test(`by ${name}, with traces to ${where}`, async () => {
				const ended: Ended = await home.run(command(), {environment: talkative(where)});
				assert.deepEqual(canary.findIn(ended.stdout), []);
				assert.deepEqual(canary.findIn(ended.stderr), []);
				assert.equal(ended.code, code, ended.stdout.slice(-1500));
			});
		}
	}

	test('by a Bitbucket that is gone, told with all its causes', async () => {
		await box.close();
		const ended = await home.run(['run', 'nightly'], {environment: talkative('screen')});
		assert.equal(ended.code, 1);
		assert.deepEqual(canary.findIn(ended.stdout + ended.stderr), []);
	});

	test('into any file, argument or environment', () => {
		const isExpected = (path: string): boolean => path.startsWith(join(home.folder, 'secret-of-'));
		assert.deepEqual(canary.findBelow(home.folder, isExpected), []);
		assert.notDeepEqual(
			canary.findBelow(home.folder, () => false),
			[],
			'what was entered is found',
		);
		assert.deepEqual(canary.seenInProcesses(), []);
		assert.ok(process.platform !== 'linux' || canary.gits() > 0, 'gits were looked at');
	});
});
