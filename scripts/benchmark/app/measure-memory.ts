import type {RunEvent} from '../../../source/runs/events.ts';
import {createFakeServices} from '../../../test/app/fake-services.ts';
import {openSink} from './open-sink.ts';
import {beginning, scriptedRun, tick} from './scripted-run.ts';

/** Whether the app grows while it is watched for long. */
export type MemoryFigures = {
	readonly updates: number;
	/** By which the heap has grown over all of them, by what it holds; along the line that fits the measured sizes best. */
	readonly growth: number;
	readonly heapMegabytes: number;
};

const updates = 10_000;
const warm = 1000;
const batch = 500;
/** Repositories are begun anew after so many updates, so that the run itself stays as long as it is. */
const turn = 400;

/** Ten thousand updates of a live run, and as many keys, each of which is drawn. */
export async function measureMemory(): Promise<MemoryFigures> {
	let wake = (): void => undefined;
	let waiting: RunEvent[] = [];
	const services = createFakeServices({
		followRun: async function* (): AsyncGenerator<RunEvent> {
			yield* beginning(398);
			for (;;) {
				await new Promise<void>(resolve => {
					wake = resolve;
				});
				const events = waiting;
				waiting = [];
				yield* events;
			}
		},
	});
	const app = openSink(services, {
		startAt: {screen: 'run', run: scriptedRun},
		columns: 80,
		rows: 24,
		framesPerSecond: 1000,
	});
	await app.still();
	const sizes: Array<readonly [update: number, bytes: number]> = [];
	for (let update = 0; update < warm + updates; update += batch) {
		waiting = Array.from({length: batch}, (_, index) => tick((update + index) % turn)).flat();
		wake();
		// Each key is drawn before the next one comes.
		app.type('jk'.repeat(batch / 2));
		await app.still();
		if (update >= warm) {
			globalThis.gc?.();
			sizes.push([update, process.memoryUsage().heapUsed]);
		}
	}

	await app.close();
	const heap = sizes.at(-1)?.[1] ?? Number.NaN;
	return {updates, growth: (slopeOf(sizes) * updates) / heap, heapMegabytes: heap / 1_000_000};
}

/** Of the line through the points that has the least squares. */
function slopeOf(points: ReadonlyArray<readonly [number, number]>): number {
	const mean = (values: readonly number[]): number =>
		values.reduce((sum, value) => sum + value, 0) / values.length;
	const meanX = mean(points.map(([x]) => x));
	const meanY = mean(points.map(([, y]) => y));
	const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
	return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
