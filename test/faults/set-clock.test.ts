import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {readMirror} from '../backup/mirror-reader.ts';
import {connector} from '../commands/connection.ts';
import {type Ended, openTestHome, type Running, type TestHome} from '../commands/program-process.ts';
import {faketimeEnvironment, faketimeLibrary} from './faketime.ts';

/*
G10: somebody sets the clock of a machine, forth and back, between runs and in the middle of one. The real program under
faketime, which sets its clock and leaves alone the one that nobody can set; the sandbox counts in real time.
*/

describe('a clock that is set', {
	skip: faketimeLibrary === '' && 'faketime is not installed',
}, () => {
	const limit = {requests: 12, windowMilliseconds: 2500};
	let box: Sandbox;
	let home: TestHome;
	let destination: string;
	let slug: string;
	const snapshots: string[] = [];

	before(async () => {
		box = await startSandbox({repositories: 1, pullRequests: 2, limits: {api: limit}});
		home = await openTestHome();
		destination = join(home.folder, 'mirrors');
		slug = box.world.repositories[0]?.slug ?? '';
		setTo('+0d');
		// What checking the credential takes counts too.
		const {code, stderr} = await connector(home, box).addOrganization([
			...['--api-limit', '12/2500ms', '--reserve', '0', '--no-check'],
		]);
		assert.equal(code, 0, stderr);
		const plan = ['plan', 'add', 'nightly', '--organization', box.workspace, '--destination', destination];
		assert.equal((await home.run([...plan, '--data', 'git,pull-requests,settings'])).code, 0);
	});
	after(async () => {
		await home.close();
		await box.close();
	});

	/** @param offset As faketime takes it: `+400d`. Of programs that run, too. */
	const setTo = (offset: string): void => writeFileSync(join(home.folder, 'offset'), `${offset}\n`);
	const environment = (): Record<string, string> => ({
		...faketimeEnvironment,
		FAKETIME_TIMESTAMP_FILE: join(home.folder, 'offset'),
		FAKETIME_NO_CACHE: '1',
	});
	const start = (): Running => home.start(['run', 'nightly', '--json'], {environment: environment()});

	const looksRight = ({code, stdout, stderr}: Ended): void => {
		assert.equal(code, 0, stdout + stderr);
		const events = stdout
			.trim()
			.split('\n')
			.map(line => JSON.parse(line) as Record<string, unknown>);
		const end = events.at(-1) as {durationMs: number; requests: {total: number; throttled: number}};
		assert.equal(end.requests.throttled, 0);
		assert.ok(end.durationMs >= 0 && end.durationMs < 600_000, `${end.durationMs} ms`);
		const used = events.flatMap(({type, used: count, resource}) =>
			type === 'quota' && resource === 'api' ? [Number(count)] : [],
		);
		assert.ok(Math.max(...used) <= limit.requests, 'nothing is charged twice');
		const found = readMirror(join(destination, box.workspace), slug).snapshots();
		assert.equal(new Set(found).size, found.length);
		assert.deepEqual(
			found.slice(0, snapshots.length),
			snapshots,
			'a new one is never sorted before an old one',
		);
		assert.equal(found.length, snapshots.length + 1);
		snapshots.splice(0, snapshots.length, ...found);
	};

	const change = async (text: string): Promise<void> => {
		await box.repository(slug).commit({branch: 'main', files: {'clock.txt': text}});
	};

	const day = 86_400_000;
	for (const [offset, by] of [
		['+0d', 0],
		['+400d', 400 * day],
		['-30d', -30 * day],
		['-1h', -3_600_000],
	] as const) {
		test(`by ${offset} between runs`, async () => {
			setTo(offset);
			await change(`at ${offset} ${snapshots.length}`);
			const ended = await start().ended;
			looksRight(ended);
			const [, at = ''] = /^\{"type":"run-started","at":"([^"]+)"/.exec(ended.stdout) ?? [];
			assert.ok(Math.abs(Date.parse(at) - Date.now() - by) < 600_000, 'its clock was set');
		});
	}

	for (const [first, second] of [
		['+400d', '-400d'],
		['-2h', '+2h'],
	] as const) {
		test(`by ${first} and by ${second} while a run waits for its quota`, async () => {
			setTo('+0d');
			await change(`${first} and ${second}`);
			const run = start();
			await run.printed(/"repository-started"/);
			setTo(first);
			const rival = await home.run(['run', 'nightly'], {environment: environment()});
			assert.equal(rival.code, 1);
			assert.match(rival.stderr, /^The plan "nightly" is running already, as /);
			setTo(second);
			looksRight(await run.ended);
		});
	}

	test('the sandbox, which counts in real time, refused nothing', () => {
		assert.equal(box.statistics().throttled, 0);
		assert.ok(box.statistics().requests > limit.requests);
	});
});
