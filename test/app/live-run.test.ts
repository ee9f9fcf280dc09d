import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {asciiSigns, unicodeSigns} from '../../source/app/theme.ts';
import {waitUntil} from '../system/wait-until.ts';
import {createFakeServices, now, quota, runEnd, runEvents} from './fake-services.ts';
import {type OpenApp, openApp} from './open-app.ts';
import {
	createScriptedRun,
	finish,
	type ScriptedRun,
	scriptedRunId,
	tenThousandListed,
	tenThousandNames,
} from './scripted-run.ts';
import {keys} from './terminal.ts';

const place = {screen: 'run', run: scriptedRunId} as const;
const sizes = [
	[40, 12],
	[80, 24],
	[120, 40],
	[200, 60],
] as const;

type Options = Parameters<typeof openApp>[2] & {readonly now?: () => number};

function open(context: TestContext, run: ScriptedRun, options: Options = {}): OpenApp {
	const {now: time = () => now, ...rest} = options;
	const services = createFakeServices({...run.services, now: time});
	return openApp(context, services, {startAt: place, ...rest});
}

const isSelected = (app: OpenApp, name: string): RegExp => {
	assert.ok(app.rows().length > 0);
	return new RegExp(`> . ${name}`);
};

for (const [columns, rows] of sizes) {
	for (const ascii of [false, true]) {
		test(`live run at ${columns}x${rows}${ascii ? ' in ASCII' : ''}: bars, what is at work and the footer are there, live, paused and past`, async context => {
			const run = createScriptedRun(runEvents);
			const app = open(context, run, {columns, rows, ascii});
			const signs = ascii ? asciiSigns : unicodeSigns;
			const whole = (): void => {
				const lines = app.rows();
				assert.match(lines[0] ?? '', /1 DevOps/);
				assert.match(lines[rows - 1] ?? '', columns < 60 ? /\? help/ : /\? help {2}q quit/);
				assert.ok(app.text().includes(`${signs.barLeft}${signs.barFull}`), app.text());
				if (ascii) {
					assert.match(app.text(), /^[\u0000-\u007f]*$/);
				}
			};

			await app.waitFor('> ');
			await app.waitFor('web-frontend');
			await app.waitFor('running 5 min 0 s');
			whole();
			app.type('p');
			await app.waitFor(`${signs.paused} paused`);
			await app.waitFor('p resume');
			whole();
			run.write(runEnd);
			await app.waitFor('partial');
			await app.settled();
			whole();
			assert.doesNotMatch(app.rows().at(-1) ?? '', /pause|resume|cancel|detach|follow/);
		});
	}
}

test('a pause in one terminal is seen in another, which resumes it', async context => {
	const run = createScriptedRun(runEvents);
	const one = open(context, run);
	const other = open(context, run, {columns: 80, rows: 24});
	await one.waitFor('p pause');
	await other.waitFor('p pause');
	one.type('p');
	await one.waitFor('The run pauses: what is under way ends, nothing new begins.');
	await other.waitFor('‖ paused since');
	assert.match(other.text(), /> ‖ web-frontend/);
	other.type('p');
	await other.waitFor('The run goes on.');
	await one.waitFor('running 5 min 0 s');
	await one.waitFor('p pause');
});

test('p twice in one burst pauses and resumes, whatever the run has said by then', async context => {
	const asked: string[] = [];
	const run = createScriptedRun(runEvents);
	const services = createFakeServices({
		...run.services,
		pauseRun: async () => asked.push('pause'),
		resumeRun: async () => asked.push('resume'),
	});
	const app = openApp(context, services, {startAt: place});
	await app.waitFor('p pause');
	app.type('pp');
	await app.waitFor('The run goes on.');
	assert.deepEqual(asked, ['pause', 'resume']);
});

test('a run that cannot be paused says why', async context => {
	const services = createFakeServices({
		...createScriptedRun(runEvents).services,
		pauseRun: async () => {
			throw new Error('The run is not running.');
		},
	});
	const app = openApp(context, services, {startAt: place});
	await app.waitFor('p pause');
	app.type('p');
	await app.waitFor('✗ The run is not running.');
	await app.waitFor('p pause');
});

test('a paused run is cancelled after it was asked', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, run);
	await app.waitFor('p pause');
	app.type('p');
	await app.waitFor('p resume');
	app.type('x');
	await app.waitFor('> Cancel');
	app.type(keys.tab + keys.enter);
	await app.waitFor('is being cancelled');
});

test('read-only: a run is watched and followed, and not paused', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, run, {readOnly: true});
	await app.waitFor('f follow');
	assert.doesNotMatch(app.text(), /p pause|x cancel/);
	app.type('p');
	await app.settled();
	assert.doesNotMatch(app.text(), /paused/);
});

test('nothing is written while a run is paused or over, however long one looks', async context => {
	const run = createScriptedRun(runEvents);
	let time = now;
	const app = open(context, run, {now: () => time});
	await app.waitFor('p pause');
	for (const [next, shown] of [
		[{type: 'paused'}, '‖ paused since'],
		[runEnd, '! partial'],
	] as const) {
		run.write(next);
		await app.waitFor(shown);
		await app.settled();
		const before = app.bytesWritten();
		time += 3_600_000;
		await app.settled();
		await app.settled();
		await app.settled();
		assert.equal(app.bytesWritten(), before, shown);
	}
});

test('what is heard of a paused run is shown all the same', async context => {
	const run = createScriptedRun([...runEvents]);
	const app = open(context, run);
	await app.waitFor('p pause');
	run.write({type: 'paused'}, finish('web-frontend'), quota('user:{1}', 'primary', 700));
	await app.waitFor('700/1,000');
	await app.waitFor('✓ web-frontend');
});

test('the cursor follows what is at work until it is moved, then stays with its repository; f follows again', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, run, {columns: 120, rows: 40});
	await app.waitFor(isSelected(app, 'web-frontend'));
	await app.waitFor('following');
	run.write(finish('web-frontend', 'unchanged'));
	await app.waitFor(isSelected(app, 'data-lake'));
	app.type(keys.down);
	await app.waitFor(isSelected(app, 'web-frontend'));
	assert.doesNotMatch(app.text(), /following/);
	run.write({type: 'repository-started', repository: 'search-index'}, finish('data-lake', 'failed'));
	await app.waitFor(/✗ data-lake/);
	await app.settled();
	assert.match(app.text(), isSelected(app, 'web-frontend'));
	app.type('f');
	await app.waitFor(isSelected(app, 'search-index'));
	app.type('G');
	await app.waitFor(isSelected(app, 'developer-tools'));
	app.type(keys.enter);
	await app.waitFor(/State +not begun/);
	app.type(keys.escape);
	await app.waitFor(isSelected(app, 'developer-tools'));
});

test('attached in the middle it shows what was shown all along, charts included', async context => {
	const run = createScriptedRun(runEvents);
	const early = open(context, run, {columns: 120, rows: 40});
	await early.waitFor('web-frontend');
	run.write(
		...[61, 44].map(perMinute => quota('user:{2}', 'bot-1', 650, {perMinute})),
		finish('data-lake', 'partial'),
	);
	await early.waitFor('! data-lake');
	const late = open(context, run, {columns: 120, rows: 40});
	await late.waitFor('! data-lake');
	await early.settled();
	await late.settled();
	const still = (app: OpenApp): string =>
		app.text().replaceAll(new RegExp(`[${unicodeSigns.spinner.join('')}]`, 'g'), '*');
	assert.equal(still(late), still(early));
	assert.match(late.text(), /44 +[▁-█]{6}/);
});

test('leaving the view, or the program, lets go of the journal; the run goes on', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, run);
	await app.waitFor('d detach');
	assert.equal(run.followers(), 1);
	app.type('d');
	await app.waitFor('The run goes on by itself');
	await waitUntil(() => run.followers() === 0);
	app.type(keys.enter);
	await app.waitFor('web-frontend');
	await waitUntil(() => run.followers() === 1);
});

test('a past run stands still: how it ended, how long each took, what failed, the forecast beside what happened', async context => {
	const run = createScriptedRun([...runEvents, runEnd]);
	const app = open(context, run, {columns: 120, rows: 40});
	await app.waitFor('! partial · 4 min 50 s · 3,420 requests');
	const text = app.text();
	assert.match(text, /forecast 3,390 api, 84 git in 19 min 0 s; took 3,376 api, 44 git in 4 min 50 s/);
	assert.match(text, /primary .*1,240 sent, 3 × 429/);
	assert.match(text, /✗ payments-core +failed: fetch/);
	assert.match(text, /✓ legacy-erp +saved +1 min 10 s/);
	assert.match(text, /– data-lake +not finished: the next run goes on from there/);
	assert.match(text, /– search-index +not begun/);
	assert.doesNotMatch(text, new RegExp(`[${unicodeSigns.spinner.join('')}]|waits|ends about|following`));
	assert.doesNotMatch(app.rows().at(-1) ?? '', /pause|cancel|detach|follow/);
	assert.match(app.text(), /> ✗ payments-core/, 'what failed is on top');
});

test('a run whose process was killed while it was paused is told as interrupted', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, run);
	await app.waitFor('p pause');
	run.write({type: 'paused'});
	await app.waitFor('‖ paused');
	run.end();
	await app.waitFor('✗ interrupted');
	assert.doesNotMatch(app.text(), /paused/);
});

test('an outage and a wait of all accounts are said with their reasons, and end', async context => {
	const run = createScriptedRun(runEvents);
	const app = open(context, run);
	await app.waitFor('web-frontend');
	run.write({type: 'outage', since: new Date(now - 60_000).toISOString()});
	await app.waitFor('no usable answer from Bitbucket since');
	await app.waitFor('waits for Bitbucket');
	run.write({type: 'outage', since: null});
	await app.waitFor(/running 5 min 0 s · ends about/);
	run.write(
		...['user:{1}', 'user:{2}', 'token:1'].map(id =>
			quota(id, id, 950, {remaining: 0, resets: new Date(now + 75_000).toISOString()}),
		),
	);
	await app.waitFor('all api quota is used up, goes on in 1:15');
	app.type('p');
	await app.waitFor('nothing new begins until it is resumed');
	assert.doesNotMatch(app.text(), /used up|waits/);
});

test('ten thousand repositories: the list opens where work is done, and any place of it is a key away', async context => {
	const run = createScriptedRun(runEvents.slice(0, 1));
	run.write(
		{...runEvents[0], repositories: 10_000},
		...tenThousandListed,
		...tenThousandNames
			.slice(0, 5000)
			.flatMap(repository => [{type: 'repository-started', repository}, finish(repository, 'unchanged')]),
		{type: 'repository-started', repository: 'repository-5000'},
	);
	const app = open(context, run, {columns: 80, rows: 24});
	await app.waitFor(/> . repository-5000/);
	await app.waitFor('of 10,000');
	app.type('G');
	await app.waitFor(/> . repository-9999 +waiting/);
	app.type('g');
	await app.waitFor(/> . repository-5000/);
	run.write(finish('repository-5000', 'failed'), {type: 'repository-started', repository: 'repository-5001'});
	await app.waitFor(/> ✗ repository-5000/);
	app.type('f');
	await app.waitFor(/> . repository-5001/);
});

test('five hundred runs: the list shows as many as fit, each a few keys away; one that is paused says so', async context => {
	const [like] = await createFakeServices().runs();
	assert.ok(like !== undefined);
	const {finishedAt: _, ...begun} = like;
	const runs = Array.from({length: 500}, (_unused, index) => ({
		...like,
		run: `20261122T115500.${String(999 - index).padStart(3, '0')}Z-plan-${index}`,
		plan: `plan-${index}`,
	}));
	const paused = {
		...begun,
		run: scriptedRunId,
		plan: 'nightly',
		status: 'running' as const,
		isPaused: true as const,
	};
	for (const [columns, rows] of sizes) {
		const services = createFakeServices({runs: async () => [paused, ...runs]});
		const app = openApp(context, services, {columns, rows, startAt: {screen: 'runs'}});
		await app.waitFor('‖ paused');
		assert.match(app.text(), /of 501/);
		app.type('G');
		await app.waitFor('plan-499');
		assert.ok(app.rows().filter(line => line.includes('plan-')).length < rows);
		app.type(keys.enter);
		await app.waitFor('plan-499');
		await app.waitFor('Esc back');
	}
});

test('the list of runs looks again by itself while one of them goes on, and not any longer', async context => {
	const [like] = await createFakeServices().runs();
	assert.ok(like !== undefined);
	const {finishedAt: _, ...begun} = like;
	const counts = {...like.counts, total: 12, unchanged: 0, partial: 0, failed: 0};
	let looks = 0;
	const services = createFakeServices({
		runs: async () => {
			looks += 1;
			return [
				looks < 3
					? {...begun, status: 'running' as const, counts: {...counts, backedUp: looks}}
					: {...like, status: 'succeeded' as const, counts: {...counts, backedUp: 12}},
			];
		},
	});
	const app = openApp(context, services, {columns: 80, rows: 24, startAt: {screen: 'runs'}});
	for (const expected of [/running .* 1 of 12/, /running .* 2 of 12/, /✓ succeeded .* 12 of 12/]) {
		await app.waitFor(expected);
	}

	app.type('r');
	await waitUntil(() => looks === 4);
});

test('two thousand events, one by one, are drawn a few times and not two thousand times', async context => {
	let looks = 0;
	const run = createScriptedRun(runEvents);
	const app = open(context, run, {
		now: () => {
			looks += 1;
			return now;
		},
	});
	await app.waitFor('web-frontend');
	looks = 0;
	for (let used = 0; used < 2000; used += 1) {
		run.write(quota('user:{2}', 'bot-1', used % 900));
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	run.write(quota('user:{2}', 'bot-1', 777));
	await app.waitFor('777/1,000');
	// The screen asks for the time some times whenever it is drawn.
	assert.ok(looks < 600, `${looks} looks at the clock`);
});
