import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {createPause} from '../../source/accounts/pause.ts';
import {obeyPauseFile, removeOldPauseFiles} from '../../source/actions/obey-pause-file.ts';
import {pauseRun, resumeRun} from '../../source/actions/pause-run.ts';
import {lockPlan} from '../../source/actions/plan-lock.ts';
import {pausePath} from '../../source/actions/run-id.ts';
import {resolveHome} from '../../source/store/home.ts';
import {createFakeClock} from '../fake-clock.ts';
import {waitUntil} from '../system/wait-until.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const run = '20261122T131500.123Z-nightly';

async function bench(context: TestContext) {
	const clock = createFakeClock();
	const home = resolveHome({BUCKET_BRIGADE_HOME: await temporaryFolder(context)});
	await mkdir(home.runs, {recursive: true});
	await mkdir(home.locks, {recursive: true});
	return {clock, home, path: pausePath(home, run)};
}

test('pausing: a run that goes on is asked once, and resumed once; both may be said again', async context => {
	const {clock, home, path} = await bench(context);
	const lock = await lockPlan(home, 'nightly', run);
	context.after(() => lock.release());
	assert.equal(await pauseRun({home, clock}, run), true);
	assert.ok(existsSync(path));
	assert.equal(await pauseRun({home, clock}, run), false);
	assert.equal(await resumeRun({home}, run), true);
	assert.deepEqual(await readdir(home.runs), []);
	assert.equal(await resumeRun({home}, run), false);
});

test('pausing: a run that does not go on is refused, and nothing is left of the wish', async context => {
	const {clock, home, path} = await bench(context);
	await assert.rejects(pauseRun({home, clock}, run), /is not running/);
	assert.equal(existsSync(path), false);
	// Its process was killed while it was paused.
	await writeFile(path, '{}');
	await assert.rejects(resumeRun({home}, run), /is not running/);
	assert.equal(existsSync(path), false);
});

test('pausing: a run that ends in the same moment leaves no file behind', async context => {
	const {clock, home, path} = await bench(context);
	const lock = await lockPlan(home, 'nightly', run);
	// The clock is asked between the first look and the writing.
	const ending = {
		...clock,
		now: () => {
			lock.release();
			return clock.now();
		},
	};
	await assert.rejects(pauseRun({home, clock: ending}, run), /is not running/);
	assert.equal(existsSync(path), false);
});

test('a run is paused while its file is there, also from its beginning, and takes it away at its end', async context => {
	const {clock, home, path} = await bench(context);
	await writeFile(path, '{}');
	const pause = createPause(clock);
	const obedience = obeyPauseFile({home, run, clock, pause});
	assert.equal(pause.isPaused(), true);
	await rm(path);
	await clock.advance(2000);
	assert.equal(pause.isPaused(), false);
	await writeFile(path, '{}');
	await clock.advance(2000);
	assert.equal(pause.isPaused(), true);
	await obedience.end();
	assert.equal(existsSync(path), false);
	await writeFile(path, '{}');
	await clock.advance(10_000);
	assert.equal(pause.isPaused(), true, 'nothing is changed after the end');
});

test('a run hears of its file at once where the file system tells of changes', async context => {
	const {clock, home, path} = await bench(context);
	const pause = createPause(clock);
	const obedience = obeyPauseFile({home, run, clock, pause});
	context.after(obedience.end);
	await writeFile(`${path}.other`, '{}');
	assert.equal(pause.isPaused(), false);
	await writeFile(path, '{}');
	// The clock stands still: no poll finds out.
	await waitUntil(() => pause.isPaused());
});

test('what paused earlier runs of a plan pauses none that comes, and other plans are left alone', async context => {
	const {home} = await bench(context);
	const names = [
		`${run}.paused`,
		'20261121T131500.123Z-nightly.paused',
		'20261121T131500.123Z-not-nightly.paused',
		'20261121T131500.123Z-nightly.ndjson',
	];
	for (const name of names) {
		await writeFile(join(home.runs, name), '{}');
	}

	await removeOldPauseFiles(home, run);
	assert.deepEqual((await readdir(home.runs)).sort(), [names[3], names[2], names[0]]);
});
