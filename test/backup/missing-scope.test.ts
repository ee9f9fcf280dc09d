import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {operationOf} from '../../source/bitbucket/resource-of.ts';
import type {RunReport} from '../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {logRequests, type RequestLog} from './request-log.ts';
import {runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';

const plenty = {requests: 100_000, windowMilliseconds: 3_600_000};
const repositories = 10;
let sandbox: Sandbox;
let log: RequestLog;
let folder: string;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-scopes-'));
	sandbox = await startSandbox({repositories, pullRequests: 1, limits: {api: plenty, webhooks: plenty}});
	log = logRequests(new URL(sandbox.apiUrl));
	for (const label of ['bot-2', 'bot-3']) {
		sandbox.control.ungrantScope(label, 'admin:repository:bitbucket');
		sandbox.control.ungrantScope(label, 'read:webhook:bitbucket');
	}

	sandbox.control.ungrantScope('bot-3', 'read:pullrequest:bitbucket');
	sandbox.control.ungrantScope('ci-token', 'webhook');
});
after(async () => {
	log.close();
	await sandbox.close();
	rmSync(folder, {recursive: true, force: true});
});

/** Runs a plan; says what came of it and how often each operation was asked for. */
async function run(name: string, labels: readonly string[], plan: SandboxRun['plan'] = {}) {
	const credentials = labels.map(label => {
		const found = sandbox.credentials.find(credential => credential.label === label);
		assert.ok(found, label);
		return found;
	});
	const {workspace, apiUrl, gitUrl} = sandbox;
	const reports: RunReport[] = [];
	log.clear();
	const outcome = await runAgainstSandbox(
		{
			folder: join(folder, name),
			workspace,
			apiUrl,
			gitUrl,
			credentials,
			plan: {data: ['pull-requests', 'settings'], ...plan},
		},
		report => reports.push(report),
	);
	const asked = new Map<string, number>();
	for (const path of log.paths()) {
		const operation = operationOf(path);
		asked.set(operation, (asked.get(operation) ?? 0) + 1);
	}

	const finished = reports.filter(report => report.type === 'repository-finished');
	return {outcome, finished, asked, times: (below: string) => asked.get(`/repositories/{}/{}${below}`) ?? 0};
}

const admin = [
	'branch restrictions',
	'branching model settings',
	'override settings',
	'deploy keys',
	'pipelines configuration',
];
const sentence = (label: string, scope: string): string =>
	`${label} could not be read: no account in use has the scope ${scope}`;

test('a missing scope costs one request a kind and run, is one sentence, and is missing in each snapshot', async () => {
	const missing = [
		...admin.map(label => sentence(label, 'admin:repository:bitbucket')),
		sentence('webhooks', 'read:webhook:bitbucket'),
	].sort();
	for (const time of ['first', 'second']) {
		const {outcome, finished, times} = await run('one account', ['bot-2']);
		assert.equal(outcome.status, 'partial');
		assert.deepEqual(
			[...outcome.problems].sort(),
			missing.map(problem => `${problem} (${repositories} repositories)`),
		);
		for (const {repository, status, problems} of finished) {
			assert.equal(status, 'partial', repository);
			assert.deepEqual([...problems].sort(), missing, repository);
		}

		assert.equal(times('/hooks'), 1, time);
		assert.equal(times('/branch-restrictions'), 1, time);
		assert.equal(times('/pullrequests'), repositories, time);
	}
});

test('of several accounts each finds out once, however many repositories ask at once', async () => {
	const {outcome, times} = await run('two accounts', ['bot-2', 'bot-3']);
	assert.equal(times('/hooks'), 2);
	assert.equal(times('/branch-restrictions'), 2);
	assert.equal(times('/pipelines_config'), 2);
	// Once through the account that may not.
	assert.ok(times('/pullrequests') <= repositories + 1, String(times('/pullrequests')));
	assert.equal(outcome.problems.length, admin.length + 1);
});

test('an account that may is used, and nothing is missing', async () => {
	const {outcome, times} = await run('one may', ['bot-2', 'bot-3', 'primary']);
	assert.equal(outcome.status, 'succeeded', outcome.problems.join('\n'));
	assert.ok(times('/hooks') <= repositories + 2, String(times('/hooks')));
	assert.ok(times('/branch-restrictions') <= repositories + 2, String(times('/branch-restrictions')));
});

test('access tokens, which are told of scopes in the body alone, find out once too', async () => {
	const {outcome, times} = await run('a token', ['ci-token']);
	assert.equal(times('/hooks'), 1);
	assert.equal(times('/branch-restrictions'), repositories);
	assert.ok(
		outcome.problems.includes(
			`${sentence('webhooks', 'read:webhook:bitbucket')} (${repositories} repositories)`,
		),
		outcome.problems.join('\n'),
	);
});

test('the kinds of projects are found out about once, not for each project', async () => {
	sandbox.control.ungrantScope('bot-1', 'read:pullrequest:bitbucket');
	const {outcome, asked} = await run('projects', ['bot-1'], {data: ['workspace'], include: ['web-frontend']});
	const {length} = sandbox.world.projects;
	assert.ok(length > 1);
	const project = '/workspaces/{}/projects/{}';
	assert.equal(asked.get(`${project}/branching-model`), length);
	assert.equal(asked.get(`${project}/default-reviewers`), 1);
	assert.deepEqual(outcome.problems, [
		sentence('default reviewers of projects', 'read:pullrequest:bitbucket'),
	]);
});
