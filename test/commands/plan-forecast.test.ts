import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {ForecastJson} from '../../source/commands/forecast-texts.ts';
import {type RunEvent, RunEventSchema} from '../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

let box: Sandbox;
let home: TestHome;

before(async () => {
	box = await startSandbox({repositories: 3, pullRequests: 2});
	home = await openTestHome();
	const connect = connector(home, box);
	const ended = [
		await connect.addOrganization(),
		await connect.addCredential('bot-1'),
		await home.run(['plan', 'add', 'nightly', '--organization', 'acme', '--additional-credentials', 'all']),
	];
	assert.ok(
		ended.every(({code}) => code === 0),
		JSON.stringify(ended),
	);
});

after(async () => {
	await home.close();
	await box.close();
});

const forecast = async (...more: string[]): Promise<Ended> =>
	home.run(['plan', 'forecast', 'nightly', ...more]);

const eventsIn = ({stdout}: Ended): RunEvent[] =>
	stdout
		.trimEnd()
		.split('\n')
		.map(line => RunEventSchema.parse(JSON.parse(line)));

test('forecast: of a plan that nobody knows, wrong usage; what it takes stands in its help', async () => {
	const unknown = await home.run(['plan', 'forecast', 'weekly']);
	assert.equal(unknown.code, 2);
	assert.equal(unknown.stderr, 'There is no plan called "weekly". Known: nightly.\n');
	assert.equal(unknown.stdout, '');
	const help = await forecast('--help');
	assert.equal(help.code, 0);
	assert.match(help.stdout, /--json/);
	assert.match(help.stdout, /asks Bitbucket nothing/);
});

test('forecast: before any run, what is known is said, and a dry run says more', async () => {
	const people = await forecast();
	assert.equal(people.code, 0, people.stderr);
	assert.match(people.stdout, /^No run has seen a repository of acme yet/);
	assert.match(people.stdout, /^git +2 +1 +7$/m);
	const json = JSON.parse((await forecast('--json')).stdout) as ForecastJson;
	assert.deepEqual([json.repositories, json.basis, json.now], [null, 'nothing known', null]);
	const dry = eventsIn(await home.run(['run', 'nightly', '--dry-run', '--json']));
	const told = dry.find(event => event.type === 'forecast');
	assert.equal(told?.accounts, 2);
	assert.ok((told?.requests.git?.low ?? 0) >= box.world.repositories.length);
});

test('forecast: a run tells its end, and at the end what was foretold against what happened', async () => {
	const events = eventsIn(await home.run(['run', 'nightly', '--json']));
	const types = events.map(({type}) => type).filter(type => type !== 'quota');
	assert.deepEqual(types.slice(0, 3), ['run-started', 'repositories-listed', 'forecast']);
	const first = events.find(event => event.type === 'forecast');
	const end = events.at(-1);
	assert.ok(first?.type === 'forecast' && end?.type === 'run-finished');
	assert.deepEqual(end.forecast?.requests, first.requests);
	assert.deepEqual(end.forecast?.endsAt, first.endsAt);
	assert.ok((end.pace ?? 0) > 0);
	assert.ok((end.beside?.api ?? 0) > 0);
	const sent = end.accounts.reduce((sum, {requests}) => sum + (requests.api ?? 0), 0);
	const range = first.requests.api ?? {low: 0, high: 0};
	const before = first.sent.api ?? 0;
	assert.ok(sent >= before + range.low && sent <= before + range.high, `${sent} api requests`);

	const watched = await home.run(['watch']);
	assert.match(watched.stdout, / {2}ends about \d\d:\d\d:\d\d, in /);
	assert.match(watched.stdout, /^ {2}forecast \d.* api.* in .*; took \d.* api.* in /m);
});

test('forecast: after runs, their requests and the ends with more and fewer accounts, with Bitbucket gone', async () => {
	await home.run(['run', 'nightly']);
	await box.close();
	const {stdout, stderr, code} = await forecast('--json');
	assert.equal(code, 0, stderr);
	const json = JSON.parse(stdout) as ForecastJson;
	assert.equal(json.repositories, box.world.repositories.length);
	assert.equal(json.basis, 'earlier runs');
	assert.ok((json.requests.git?.low ?? 0) >= box.world.repositories.length);
	assert.deepEqual([json.now?.accounts, json.oneMore?.accounts, json.oneFewer?.accounts], [2, 3, 1]);
	const {soonest = 0, likely = 0, latest = 0} = json.now?.durationMs ?? {};
	assert.ok(soonest > 0 && soonest <= likely && likely <= latest);
	const people = (await forecast()).stdout;
	assert.match(people, /^The next run of nightly, if it began now: \d+ repositories of acme\.$/m);
	assert.match(people, /^accounts +time +at best +at worst +decided by$/m);
	assert.match(people, /^2 .*\n3 .*\n1 /m);
	assert.match(people, /from what earlier runs took/);
});
