import type {Place} from '../../../source/app/navigation.ts';
import type {AppServices} from '../../../source/app/services.ts';
import {numberText} from '../../../source/app/words.ts';
import {createFakeServices} from '../../../test/app/fake-services.ts';
import {manyRepositories, manyRuns} from './many.ts';
import {median} from './median.ts';
import {openSink} from './open-sink.ts';
import {longRun} from './scripted-run.ts';

/** What the frame of a key costs in a long list, by what it costs in one of a hundred. */
export type FrameFigures = ReadonlyArray<{
	readonly list: string;
	readonly length: number;
	readonly milliseconds: number;
	readonly overHundred: number;
}>;

const few = 100;
const keys = 60;
/** So many down, then as many up, so that each key moves something. */
const oneWay = 20;

type List = {
	readonly name: string;
	readonly length: number;
	readonly place: Place;
	readonly services: (length: number) => Partial<AppServices>;
	/** What stands there once all of it is shown. */
	readonly content: (length: number) => string;
};

const repositories = (length: number): Partial<AppServices> => {
	const tiles = manyRepositories(length);
	return {repositories: async () => tiles, knownRepositories: async () => tiles};
};

const lists: readonly List[] = [
	{
		name: 'repositories, as tiles',
		length: 10_000,
		place: {screen: 'devops'},
		services: repositories,
		content: length => `${numberText(length)} repositories`,
	},
	{
		name: 'runs',
		length: 500,
		place: {screen: 'runs'},
		services: length => {
			const runs = manyRuns(length);
			return {runs: async () => runs};
		},
		content: length => `of ${length}`,
	},
	{
		name: 'repositories of a run',
		length: 10_000,
		place: {screen: 'run', run: '20261122T115500.000Z-nightly'},
		services: length => ({followRun: () => longRun(length)}),
		content: length => `${numberText(length)} of `,
	},
];

export async function measureFrames(): Promise<FrameFigures> {
	const figures: Array<FrameFigures[number]> = [];
	for (const {name, length, place, services, content} of lists) {
		// In turns, so that what the machine does meanwhile meets both.
		const ofFew: number[] = [];
		const ofMany: number[] = [];
		for (let turn = 0; turn < 3; turn += 1) {
			ofFew.push(await frameOf(services(few), place, content(few)));
			ofMany.push(await frameOf(services(length), place, content(length)));
		}

		const milliseconds = median(ofMany);
		figures.push({list: name, length, milliseconds, overHundred: milliseconds / median(ofFew)});
	}

	return figures;
}

/** Milliseconds from a key to what is written for it: the median of many. */
async function frameOf(services: Partial<AppServices>, startAt: Place, content: string): Promise<number> {
	const app = openSink(createFakeServices(services), {startAt, framesPerSecond: 1000});
	await app.shows(content);
	await app.still();
	const times: number[] = [];
	for (let count = 0; count < keys; count += 1) {
		const begun = performance.now();
		app.type(count % (2 * oneWay) < oneWay ? 'j' : 'k');
		await app.written();
		times.push(performance.now() - begun);
		// Whatever else belongs to the frame.
		await new Promise(resolve => {
			setTimeout(resolve, 5);
		});
	}

	await app.close();
	return median(times);
}
