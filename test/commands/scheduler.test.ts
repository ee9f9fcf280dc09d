import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {lockPlan} from '../../source/actions/plan-lock.ts';
import {listRuns} from '../../source/actions/runs.ts';
import {serviceUnit} from '../../source/actions/schedule/service-unit.ts';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {waitUntil} from '../system/wait-until.ts';
import {connector} from './connection.ts';
import {openTestHome, type TestHome} from './program-process.ts';

const schedule = '*/5 * * * *';
let box: Sandbox;
let home: TestHome;
let workplace: Workplace;
before(async () => {
	box = await startSandbox({repositories: 1, pullRequests: 0});
	home = await openTestHome();
	assert.equal((await connector(home, box).addOrganization()).code, 0);
	const plan = ['plan', 'add', 'nightly', '--organization', 'acme', '--data', 'git', '--schedule', schedule];
	assert.equal((await home.run(plan)).code, 0);
	workplace = await openWorkplace({BUCKET_BRIGADE_HOME: home.home});
});
after(async () => {
	workplace.close();
	await home.close();
	await box.close();
});

/** As if the plan was last looked at ten minutes ago: it is due. */
function makeDue(): void {
	workplace.scheduleMarks.put('nightly', {schedule, until: Date.now() - 10 * 60_000});
}

async function finishedRuns(): Promise<readonly string[]> {
	return (await listRuns(workplace)).filter(({status}) => status === 'succeeded').map(({run}) => run);
}

test('scheduler --once: starts what is due in the background, and nothing else', async () => {
	assert.deepEqual(await home.run(['scheduler', '--once']), {code: 0, stdout: '', stderr: ''});
	assert.deepEqual(await finishedRuns(), [], 'a schedule counts from when it is first seen');
	makeDue();
	const {code, stdout} = await home.run(['scheduler', '--once']);
	assert.equal(code, 0);
	const [, run = ''] =
		/^nightly, due \d{4}-\d\d-\d\d \d\d:\d[05].*: started (\S+-nightly)\n$/.exec(stdout) ?? [];
	await waitUntil(async () => (await finishedRuns()).includes(run));
	assert.equal((await home.run(['scheduler', '--once'])).stdout, '');
});

test('scheduler --once: what was due and not started is told, with exit code 3', async () => {
	const held = await lockPlan(workplace.home, 'nightly', '20261127T020000.000Z-nightly');
	try {
		makeDue();
		const {code, stderr} = await home.run(['scheduler', '--once']);
		assert.equal(code, 3);
		assert.match(stderr, /^nightly, due .+, was not started: The plan "nightly" is running already/);
	} finally {
		held.release();
	}
});

test('scheduler: says what is next, starts what is due, and ends no run when it is ended', async () => {
	const before = (await finishedRuns()).length;
	makeDue();
	const scheduler = home.start(['scheduler']);
	await scheduler.printed(/^nightly: next \d{4}-\d\d-\d\d \d\d:\d[05]/);
	await scheduler.printed(/started \S+-nightly\n/);
	scheduler.child.kill('SIGTERM');
	assert.equal((await scheduler.ended).code, 0);
	await waitUntil(async () => (await finishedRuns()).length === before + 1);
});

test('scheduler: doctor and plan say how it stands', async () => {
	workplace.scheduleMarks.putLook(Date.now());
	const heeded = await home.run(['doctor', '--offline', '--json']);
	const about = (text: string): {state: string; text: string} | undefined =>
		(JSON.parse(text) as Array<{about: string; state: string; text: string}>).find(
			each => each.about === 'schedules',
		);
	assert.equal(about(heeded.stdout)?.state, 'good');
	assert.match(about(heeded.stdout)?.text ?? '', /starts nightly/);
	workplace.scheduleMarks.putLook(Date.now() - 3_600_000);
	const unheeded = await home.run(['doctor', '--offline', '--json']);
	assert.deepEqual(about(unheeded.stdout), {
		about: 'schedules',
		state: 'attention',
		text: 'Nothing starts the plan nightly when it is due: no scheduler runs. Start one with: bucket-brigade scheduler',
	});
	const list = JSON.parse((await home.run(['plan', 'list', '--json'])).stdout) as Array<{nextRunAt: string}>;
	const next = Date.parse(list[0]?.nextRunAt ?? '');
	assert.ok(next > Date.now() && next <= Date.now() + 5 * 60_000);
	assert.match((await home.run(['plan', 'show', 'nightly'])).stdout, /Next run +\d{4}-\d\d-\d\d \d\d:\d[05]/);
});

test('scheduler unit: names the program and the home, quotes what systemd would read, and no password command', async () => {
	const {code, stdout} = await home.run(['scheduler', 'unit']);
	assert.equal(code, 0);
	assert.match(stdout, /^ExecStart="[^"]*node" "[^"]*cli\.js" "scheduler"$/m);
	assert.match(stdout, new RegExp(`^Environment="BUCKET_BRIGADE_HOME=${home.home}"$`, 'm'));
	assert.match(stdout, /^KillMode=process$/m);
	const lines = serviceUnit(['/opt/50 %/a "b"\\c', '$HOME'], {
		PATH: '/bin:$x',
		BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo canary',
	});
	assert.ok(lines.includes('ExecStart="/opt/50 %%/a \\"b\\"\\\\c" "$$HOME" "scheduler"'));
	assert.ok(lines.includes('Environment="PATH=/bin:$x"'));
	assert.ok(!lines.join('\n').includes('canary'));
});

test('scheduler: whoever is told of runs is told where the key is locked and nobody is there to unlock it', async () => {
	const told = join(home.folder, 'told');
	const password = {BUCKET_BRIGADE_PASSWORD_COMMAND: 'echo correct horse'};
	const tell = ['notifications', 'set', '--', 'sh', '-c', 'cat > "$0"', told];
	assert.equal((await home.run(tell)).code, 0);
	assert.equal((await home.run(['vault', 'lock'], {environment: password})).code, 0);
	makeDue();
	const {code, stderr} = await home.run(['scheduler', '--once']);
	assert.equal(code, 3);
	assert.match(
		stderr,
		/^nightly, due .+, was not started: .+identity\.age is locked with a passphrase\. Set /,
	);
	const text = readFileSync(told, 'utf8');
	assert.match(text, /nightly/);
	assert.match(text, /locked with a passphrase/);

	const before = (await finishedRuns()).length;
	makeDue();
	assert.equal((await home.run(['scheduler', '--once'], {environment: password})).code, 0);
	await waitUntil(async () => (await finishedRuns()).length === before + 1);
});
