import assert from 'node:assert/strict';
import {test} from 'node:test';
import {printRun} from '../../source/commands/print-run.ts';
import type {Shell} from '../../source/commands/shell.ts';
import type {RunEvent} from '../../source/runs/events.ts';
import {finished, forecast, foretold, run, started} from '../runs/events.ts';

async function printed(events: readonly RunEvent[], json = false): Promise<readonly string[]> {
	const lines: string[] = [];
	const shell = {
		line: (text: string) => lines.push(text),
		json: (value: unknown) => lines.push(JSON.stringify(value)),
		outputClosed: new AbortController().signal,
	};
	await printRun(
		shell as unknown as Shell,
		run,
		(async function* () {
			yield* events;
		})(),
		json,
	);
	return lines;
}

const endingAt = (time: string, at = '2026-11-22T13:15:00.500Z'): RunEvent =>
	forecast({at, endsAt: {...foretold.endsAt, likely: `2026-11-22T${time}.000Z`}});

test('when a run ends is said at first, and again when it is much sooner or later', async () => {
	const lines = await printed([
		started(),
		endingAt('13:25:00'),
		// A minute of ten is no news, nor is another minute; both together are.
		endingAt('13:26:00'),
		endingAt('13:28:00'),
		endingAt('13:22:00'),
		// Shortly before the end, seconds are none.
		endingAt('13:22:08', '2026-11-22T13:22:00.000Z'),
	]);
	assert.deepEqual(
		lines.flatMap(line => /ends about (\S+),/.exec(line)?.[1] ?? []),
		['13:25:00', '13:28:00', '13:22:00'],
	);
});

test('as JSON, every forecast is printed', async () => {
	const events = [started(), endingAt('13:25:00'), endingAt('13:26:00'), finished({forecast: foretold})];
	const lines = await printed(events, true);
	assert.deepEqual(
		lines.map(line => JSON.parse(line)),
		events,
	);
});
