import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {scheduleState} from '../../../source/actions/schedule/schedule-state.ts';
import {startDueRuns} from '../../../source/actions/schedule/start-due-runs.ts';
import {openWorkplace, type Workplace} from '../../../source/actions/workplace.ts';
import {PlanSchema} from '../../../source/model/plan.ts';
import {UserError} from '../../../source/system/user-error.ts';
import {makeAcme} from '../../acme.ts';
import {createFakeClock, type FakeClock} from '../../fake-clock.ts';
import {temporaryFolder} from '../../temporary-folder.ts';

const minute = 60_000;

/** A home with plans of these schedules, at two minutes to two; a starter that remembers what it was asked for. */
async function openScheduled(
	context: TestContext,
	schedules: Readonly<Record<string, string | undefined>>,
): Promise<{
	readonly workplace: Workplace;
	readonly clock: FakeClock;
	readonly started: string[];
	readonly look: () => ReturnType<typeof startDueRuns>;
	readonly schedule: (plan: string, schedule: string | undefined) => Promise<void>;
}> {
	// By the clock on the wall, whatever zone the machine is in.
	const clock = createFakeClock(new Date(2026, 10, 27, 1, 58).getTime());
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: await temporaryFolder(context)}, clock);
	context.after(workplace.close);
	const schedule = async (name: string, text: string | undefined): Promise<void> => {
		await workplace.store.update(contents => {
			const plan = PlanSchema.parse({
				name,
				organization: 'acme',
				...(text === undefined ? {} : {schedule: text}),
			});
			return {
				...contents,
				organizations: [makeAcme()],
				plans: [...contents.plans.filter(one => one.name !== name), plan],
			};
		});
	};

	for (const [name, text] of Object.entries(schedules)) {
		await schedule(name, text);
	}

	const started: string[] = [];
	return {
		workplace,
		clock,
		started,
		schedule,
		look: async () =>
			startDueRuns(workplace, async (_workplace, plan) => {
				started.push(plan);
				return {run: `run-of-${plan}`, journal: '', pid: 1};
			}),
	};
}

test('scheduler: starts what is due, when it is due, once', async context => {
	const {clock, started, look} = await openScheduled(context, {
		nightly: '0 2 * * *',
		hourly: '0 * * * *',
		weekly: '0 4 * * SUN',
		byHand: undefined,
	});
	assert.deepEqual(await look(), [], 'they count from now on');
	clock.jump(minute);
	assert.deepEqual(await look(), []);
	clock.jump(minute);
	const dueAt = clock.now();
	assert.deepEqual(await look(), [
		{plan: 'nightly', dueAt, run: 'run-of-nightly'},
		{plan: 'hourly', dueAt, run: 'run-of-hourly'},
	]);
	assert.deepEqual(await look(), []);
	clock.jump(60 * minute);
	await look();
	assert.deepEqual(started, ['nightly', 'hourly', 'hourly']);
});

test('scheduler: another process sees what one has started', async context => {
	const {workplace, clock, started, look} = await openScheduled(context, {nightly: '0 2 * * *'});
	const other = await openWorkplace(workplace.environment, clock);
	context.after(other.close);
	const lookToo = async (): Promise<unknown> =>
		startDueRuns(other, async () => assert.fail('it was started already'));
	await look();
	clock.jump(5 * minute);
	assert.equal((await look()).length, 1);
	await lookToo();
	assert.deepEqual(started, ['nightly']);
});

test('scheduler: a start that fails is told, is not tried each minute, and keeps no other from being started', async context => {
	const {workplace, clock, look} = await openScheduled(context, {first: '0 2 * * *', second: '0 2 * * *'});
	await look();
	clock.jump(2 * minute);
	const started: string[] = [];
	const starts = await startDueRuns(workplace, async (_workplace, plan) => {
		if (plan === 'first') {
			throw new UserError('The plan "first" is running already.');
		}

		started.push(plan);
		return {run: 'a-run', journal: '', pid: 1};
	});
	assert.deepEqual(
		starts.map(start => ('problem' in start ? start.problem : start.run)),
		['The plan "first" is running already.', 'a-run'],
	);
	assert.deepEqual(started, ['second']);
	clock.jump(minute);
	assert.deepEqual(await look(), []);
	clock.jump(24 * 60 * minute);
	assert.equal((await look()).length, 2);
});

test('scheduler: one that is killed amid a start is not one run short', async context => {
	const {workplace, clock, started, look} = await openScheduled(context, {nightly: '0 2 * * *'});
	await look();
	clock.jump(2 * minute);
	let marksAtStart: unknown;
	await startDueRuns(workplace, async () => {
		marksAtStart = workplace.scheduleMarks.get('nightly');
		return {run: 'a-run', journal: '', pid: 1};
	});
	// As it would find it that begins anew after a kill.
	workplace.scheduleMarks.put('nightly', marksAtStart as {schedule: string; until: number});
	await look();
	assert.deepEqual(started, ['nightly']);
});

test('scheduler: a schedule that was taken away and given back counts anew', async context => {
	const {clock, started, look, schedule} = await openScheduled(context, {nightly: '0 2 * * *'});
	await look();
	await schedule('nightly', undefined);
	clock.jump(minute);
	await look();
	clock.jump(10 * minute);
	await schedule('nightly', '0 2 * * *');
	await look();
	assert.deepEqual(started, [], 'at 02:09 it is not due for 02:00');
});

test('scheduler: that nobody looks is known, and that somebody does', async context => {
	const {workplace, clock, look} = await openScheduled(context, {nightly: '0 2 * * *', broken: 'at noon'});
	assert.deepEqual(await scheduleState(workplace), {
		plans: ['nightly', 'broken'],
		isHeeded: false,
		unreadable: ['broken'],
	});
	await look();
	clock.jump(2 * minute);
	assert.equal((await scheduleState(workplace)).isHeeded, true);
	clock.jump(2 * minute);
	assert.equal((await scheduleState(workplace)).isHeeded, false);
	await look();
	clock.jump(-60 * minute);
	assert.equal((await scheduleState(workplace)).isHeeded, false, 'a look in the future is none');
});
