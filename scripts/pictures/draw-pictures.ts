import type {Place} from '../../source/app/navigation.ts';
import {unicodeSigns} from '../../source/app/theme.ts';
import {createFakeServices} from '../../test/app/fake-services.ts';
import {createTestTerminal, keys} from '../../test/app/terminal.ts';
import {terminalSvg} from './terminal-svg.ts';

export type Picture = {readonly name: string; readonly svg: string};

const screens: ReadonlyArray<{
	readonly name: string;
	readonly title: string;
	readonly place: Place;
	/** What is there once the screen is whole. */
	readonly content: string;
}> = [
	{
		name: 'devops',
		title: 'Bucket Brigade: DevOps',
		place: {screen: 'devops'},
		content: 'web-frontend',
	},
	{
		name: 'additional-credentials',
		title: 'Bucket Brigade: Additional credentials',
		place: {screen: 'credentials', workspace: 'acme', repository: 'web-frontend'},
		content: 'bot-3',
	},
	{
		name: 'run',
		title: 'Bucket Brigade: a live run over four accounts',
		place: {screen: 'run', run: '20261122T115500.000Z-nightly'},
		content: 'payments-core',
	},
];

/** A moving sign stands still in a picture. */
const movingSigns = new RegExp(`[${unicodeSigns.spinner.join('')}]`, 'g');

/** Draws the pictures of the documentation from the real screens, in a terminal of 100 by 28. */
export async function drawPictures(): Promise<readonly Picture[]> {
	// Times of day are drawn as they are in UTC, wherever the pictures are made.
	process.env['TZ'] = 'UTC';
	// What colours the output looks at this once, when it is loaded: not before here.
	process.env['FORCE_COLOR'] = '1';
	const {runApp} = await import('../../source/app/run-app.tsx');
	const pictures: Picture[] = [];
	for (const {name, title, place, content} of screens) {
		const terminal = createTestTerminal(100, 28);
		const {stdin, stdout} = terminal;
		const ended = runApp(createFakeServices(), {
			stdin,
			stdout,
			ascii: false,
			startAt: place,
			framesPerSecond: 60,
		});
		await terminal.waitFor(content);
		await terminal.settled();
		const svg = terminalSvg(terminal.model, title).replace(movingSigns, unicodeSigns.spinner[0] ?? '');
		pictures.push({name, svg});
		terminal.type(keys.interrupt);
		await ended;
	}

	return pictures;
}
