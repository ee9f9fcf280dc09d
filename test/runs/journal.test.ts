import assert from 'node:assert/strict';
import {appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {RunEvent} from '../../source/runs/events.ts';
import {followJournal, openJournal, readJournal} from '../../source/runs/journal.ts';
import {createFakeClock} from '../fake-clock.ts';
import {finished, notificationFailed, repositoryFinished, repositoryStarted, run, started} from './events.ts';

let folder: string;
before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-journal-'));
});
after(async () => {
	await rm(folder, {recursive: true, force: true});
});

async function collect(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
	const all: RunEvent[] = [];
	for await (const event of events) {
		all.push(event);
	}

	return all;
}

const line = (event: RunEvent): string => `${JSON.stringify(event)}\n`;

describe('writing', () => {
	test('stamps each report and appends it as one line, for the owner’s eyes alone', async () => {
		const path = join(folder, 'written', 'run.ndjson');
		const clock = createFakeClock(Date.parse('2026-11-22T13:15:00.123Z'));
		const journal = openJournal(path, run, clock);
		journal.write({type: 'repository-started', repository: 'web-frontend'});
		clock.jump(1000);
		journal.write({type: 'repository-started', repository: 'zwölf ☃\n'});
		await journal.close();

		assert.equal((await stat(path)).mode & 0o777, 0o600);
		assert.deepEqual((await readFile(path, 'utf8')).split('\n'), [
			`{"type":"repository-started","at":"2026-11-22T13:15:00.123Z","run":"${run}","repository":"web-frontend"}`,
			`{"type":"repository-started","at":"2026-11-22T13:15:01.123Z","run":"${run}","repository":"zwölf ☃\\n"}`,
			'',
		]);
	});

	test('appends to a journal that is there, and is silent once it is closed', async () => {
		const path = join(folder, 'appended.ndjson');
		for (const repository of ['a', 'b']) {
			const journal = openJournal(path, run, createFakeClock());
			journal.write({type: 'repository-started', repository});
			await journal.close();
			await journal.close();
			journal.write({type: 'repository-started', repository: 'too late'});
		}

		const events = await collect(readJournal(path));
		assert.deepEqual(
			events.map(event => (event.type === 'repository-started' ? event.repository : '')),
			['a', 'b'],
		);
	});
});

describe('reading', () => {
	test('gives back what was written, unknown fields included', async () => {
		const path = join(folder, 'whole.ndjson');
		const events = [started(), {...repositoryStarted('a'), colour: 'blue'} as RunEvent, finished()];
		await writeFile(path, events.map(line).join(''));
		assert.deepEqual(await collect(readJournal(path)), events);
	});

	test('cut at any byte, gives every whole line before the cut', async () => {
		const path = join(folder, 'cut.ndjson');
		const lines = [started(), repositoryStarted('ä☃'), repositoryFinished('ä☃')].map(line);
		const text = Buffer.from(lines.join(''));
		for (let length = text.length; length >= 0; length -= 7) {
			await writeFile(path, text);
			await truncate(path, length);
			const unreadable: string[] = [];
			const events = await collect(readJournal(path, {onUnreadable: rest => unreadable.push(rest)}));
			const expected = lines.filter(
				(_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('')) <= length + 1,
			);
			assert.deepEqual(
				events,
				expected.map(text => JSON.parse(text)),
			);
			assert.ok(unreadable.length <= 1);
		}
	});

	test('passes over rubbish and over types that it does not know, and tells of them', async () => {
		const path = join(folder, 'rubbish.ndjson');
		const unknown = JSON.stringify({type: 'comet-sighted', at: '2026-11-22T13:15:00.000Z', run});
		await writeFile(path, `${line(started())}{"type":\n\n\u0000\u0001\n${unknown}\n[]\n${line(finished())}`);
		const unreadable: string[] = [];
		const events = await collect(readJournal(path, {onUnreadable: rest => unreadable.push(rest)}));
		assert.deepEqual(
			events.map(({type}) => type),
			['run-started', 'run-finished'],
		);
		assert.equal(unreadable.length, 4);
	});

	test('a line after one that was cut is still read', async () => {
		const path = join(folder, 'continued.ndjson');
		await writeFile(path, `${line(started())}{"type":"repository-st`);
		await appendFile(path, `\n${line(repositoryStarted('a'))}`);
		assert.deepEqual(
			(await collect(readJournal(path))).map(({type}) => type),
			['run-started', 'repository-started'],
		);
	});
});

describe('following', () => {
	test('gives history, then each event as it comes, and ends with the run', async () => {
		const path = join(folder, 'followed.ndjson');
		await writeFile(path, line(started()));
		const events = followJournal(path, {pollMilliseconds: 5});
		assert.equal((await events.next()).value?.type, 'run-started');

		const next = events.next();
		const text = line(repositoryStarted('☃'));
		await appendFile(path, text.slice(0, 40));
		await appendFile(path, text.slice(40));
		assert.deepEqual((await next).value, repositoryStarted('☃'));

		await appendFile(path, line(finished()) + line(started()));
		assert.equal((await events.next()).value?.type, 'run-finished');
		assert.equal((await events.next()).done, true);
	});

	test('of a run that is over it gives also that nobody could be told of its end', async () => {
		const path = join(folder, 'untold.ndjson');
		await writeFile(path, line(started()) + line(finished()) + line(notificationFailed('mail is gone')));
		assert.deepEqual(
			(await collect(followJournal(path))).map(({type}) => type),
			['run-started', 'run-finished', 'notification-failed'],
		);
	});

	test('waits for a journal that does not exist yet', async () => {
		const path = join(folder, 'later.ndjson');
		const events = followJournal(path, {pollMilliseconds: 5});
		const first = events.next();
		await writeFile(path, line(started()));
		assert.equal((await first).value?.type, 'run-started');
		await events.return(undefined);
	});

	test('ends without an end when the process of the run is gone, and all it wrote was read', async () => {
		const path = join(folder, 'killed.ndjson');
		await writeFile(path, line(started()) + line(repositoryStarted('a')));
		let isAlive = true;
		const events = followJournal(path, {pollMilliseconds: 5, isAlive: () => isAlive});
		assert.equal((await events.next()).value?.type, 'run-started');
		await appendFile(path, line(repositoryFinished('a')));
		isAlive = false;
		assert.deepEqual(
			(await collect(events)).map(({type}) => type),
			['repository-started', 'repository-finished'],
		);
	});

	test('ends quietly when it is aborted', async () => {
		const path = join(folder, 'aborted.ndjson');
		await writeFile(path, line(started()));
		const controller = new AbortController();
		const events = followJournal(path, {signal: controller.signal, pollMilliseconds: 60_000});
		await events.next();
		const next = events.next();
		controller.abort();
		assert.equal((await next).done, true);
	});
});
