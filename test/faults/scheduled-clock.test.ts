import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {listRuns} from '../../source/actions/runs.ts';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from '../commands/connection.ts';
import {openTestHome, type TestHome} from '../commands/program-process.ts';
import {waitUntil} from '../system/wait-until.ts';
import {faketimeEnvironment, faketimeLibrary} from './faketime.ts';

/*
G10: what is due is started once, whatever summer time, sleep and people do to the clock. The real scheduler under faketime, in a
time zone that has summer time.
*/

describe('a plan that is due daily at 02:30 by the clock of Warsaw', {
	skip: faketimeLibrary === '' && 'faketime is not installed',
}, () => {
	let box: Sandbox;
	let home: TestHome;
	let workplace: Workplace;
	before(async () => {
		box = await startSandbox({repositories: 1, pullRequests: 0});
		home = await openTestHome();
		assert.equal((await connector(home, box).addOrganization(['--no-check'])).code, 0);
		const plan = ['plan', 'add', 'nightly', '--organization', box.workspace, '--data', 'git'];
		assert.equal((await home.run([...plan, '--schedule', '30 2 * * *'])).code, 0);
		workplace = await openWorkplace({BUCKET_BRIGADE_HOME: home.home});
	});
	after(async () => {
		workplace.close();
		await home.close();
		await box.close();
	});

	/** Lets the scheduler look at a time, and the run that it starts come to its end. */
	async function startsAt(moment: string): Promise<boolean> {
		const seconds = Math.round((Date.parse(moment) - Date.now()) / 1000);
		const environment = {
			TZ: 'Europe/Warsaw',
			...faketimeEnvironment,
			FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
		};
		const {code, stdout, stderr} = await home.run(['scheduler', '--once'], {environment});
		assert.equal(code, 0, stderr);
		await waitUntil(async () => (await listRuns(workplace)).every(({status}) => status === 'succeeded'));
		return stdout.includes(': started ');
	}

	for (const [what, looks] of [
		[
			'in the night that has no 02:30: once, at 03:00',
			[
				['2026-03-29T00:29:00Z', false],
				['2026-03-29T01:00:10Z', true],
				['2026-03-29T01:31:00Z', false],
				['2026-03-30T00:30:05Z', true],
			],
		],
		[
			'after half a year in which nobody looked: once',
			[
				['2026-10-24T10:00:00Z', true],
				['2026-10-24T10:01:00Z', false],
			],
		],
		[
			'in the night that has 02:30 twice: once',
			[
				['2026-10-25T00:29:00Z', false],
				['2026-10-25T00:30:05Z', true],
				['2026-10-25T01:30:05Z', false],
				['2026-10-26T01:30:05Z', true],
			],
		],
		[
			'when somebody sets the clock back by half an hour: not again',
			[
				['2026-10-26T01:00:00Z', false],
				['2026-10-26T01:30:10Z', false],
				['2026-10-27T01:30:05Z', true],
			],
		],
	] as const) {
		test(`is started ${what}`, async () => {
			for (const [moment, isDue] of looks) {
				assert.equal(await startsAt(moment), isDue, moment);
			}
		});
	}
});
