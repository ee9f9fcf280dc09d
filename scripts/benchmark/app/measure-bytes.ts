import {setTimeout as delay} from 'node:timers/promises';
import type {Place} from '../../../source/app/navigation.ts';
import type {RunEvent} from '../../../source/runs/events.ts';
import {createFakeServices} from '../../../test/app/fake-services.ts';
import {manyRepositories, manyRuns} from './many.ts';
import {openSink} from './open-sink.ts';
import {beginning, scriptedRun, tick} from './scripted-run.ts';

/** What is written to the terminal. */
export type ByteFigures = {
	readonly idle: ReadonlyArray<{readonly screen: string; readonly seconds: number; readonly bytes: number}>;
	readonly live: {readonly ticks: number; readonly bytesEach: number; readonly mostInOne: number};
};

const idleSeconds = 2;
const ticks = 40;
/** As often as the app looks at a live run. */
const tickMilliseconds = 250;

export async function measureBytes(): Promise<ByteFigures> {
	const idle: Array<ByteFigures['idle'][number]> = [];
	for (const [screen, startAt] of idlePlaces) {
		idle.push({screen, seconds: idleSeconds, bytes: await idleBytes(startAt)});
	}

	return {idle, live: await liveBytes()};
}

const idlePlaces: ReadonlyArray<readonly [string, Place]> = [
	['DevOps', {screen: 'devops'}],
	['Additional credentials', {screen: 'credentials', workspace: 'acme', repository: 'repository-00001'}],
	['Plans', {screen: 'plans'}],
	['Edit plan', {screen: 'plan', name: 'nightly'}],
	['Runs', {screen: 'runs'}],
	['Settings', {screen: 'settings'}],
];

async function idleBytes(startAt: Place): Promise<number> {
	const tiles = manyRepositories(10_000);
	const runs = manyRuns(500);
	const app = openSink(
		createFakeServices({
			repositories: async () => tiles,
			knownRepositories: async () => tiles,
			runs: async () => runs,
		}),
		{startAt},
	);
	await app.still();
	const before = app.bytes();
	await delay(idleSeconds * 1000);
	const bytes = app.bytes() - before;
	await app.close();
	return bytes;
}

async function liveBytes(): Promise<ByteFigures['live']> {
	const services = createFakeServices({
		followRun: async function* (_run, signal): AsyncGenerator<RunEvent> {
			yield* beginning(398);
			for (let count = 0; !signal.aborted; count += 1) {
				await delay(tickMilliseconds);
				yield* tick(count);
			}
		},
		now: () => Date.now(),
	});
	const app = openSink(services, {startAt: {screen: 'run', run: scriptedRun}, columns: 120, rows: 40});
	// Its first frames draw the whole screen.
	await delay(4 * tickMilliseconds);
	const first = app.bytes();
	let most = 0;
	for (let count = 0, before = first; count < ticks; count += 1) {
		await delay(tickMilliseconds);
		most = Math.max(most, app.bytes() - before);
		before = app.bytes();
	}

	const bytesEach = (app.bytes() - first) / ticks;
	await app.close();
	return {ticks, bytesEach, mostInOne: most};
}
