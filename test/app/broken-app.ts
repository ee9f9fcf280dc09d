import {runApp} from '../../source/app/run-app.tsx';
import type {AppServices} from '../../source/app/services.ts';
import {runToEnd} from '../../source/main.ts';
import {createFakeServices} from './fake-services.ts';

/*
The real app on services that throw, to see that it gives the terminal back. Where they throw is the only argument. It is no part
of the program: tests bundle it the way the program is bundled.
*/
const message = 'something that nobody thought of';

function fail(): never {
	throw new Error(message);
}

const broken: Readonly<Record<string, Partial<AppServices>>> = {
	// The settings screen reads the value of a fact while it is drawn.
	render: {
		settings: async () => [
			{
				section: 'Where things lie',
				name: 'Secrets',
				get value(): string {
					return fail();
				},
			},
		],
	},
	// The answer to a question calls it, in the midst of a key.
	key: {cancelRun: fail},
	timer: {
		settings: async () => {
			setTimeout(fail, 50);
			return [];
		},
	},
	promise: {
		settings: async () => {
			setImmediate(async () => fail());
			return [];
		},
	},
};

const [where = ''] = process.argv.slice(2);

await runToEnd(async () => {
	await runApp(createFakeServices(broken[where] ?? {}), {
		...(where === 'key' ? {startAt: {screen: 'run', run: '20261122T115500.000Z-nightly'}} : {}),
	});
});
