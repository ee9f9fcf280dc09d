import {once} from 'node:events';
import {PassThrough, Writable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type {Place} from '../../../source/app/navigation.ts';
import {runApp} from '../../../source/app/run-app.tsx';
import type {AppServices} from '../../../source/app/services.ts';

/** The app before a terminal that forgets what it is sent, and only counts it. */
export type SinkApp = {
	readonly type: (input: string) => void;
	readonly bytes: () => number;
	/** Resolves with the next that is written; rejects where nothing is. */
	readonly written: () => Promise<void>;
	/** Resolves once a text was written, in one piece. */
	readonly shows: (text: string) => Promise<void>;
	/** Resolves once nothing was written for a while. */
	readonly still: () => Promise<void>;
	readonly close: () => Promise<void>;
};

/** Less than from one sign of a spinner to the next, more than between the frames of what goes on. */
const stillMilliseconds = 150;

const patienceMilliseconds = 30_000;

export function openSink(
	services: AppServices,
	options: {
		readonly startAt?: Place;
		readonly columns?: number;
		readonly rows?: number;
		readonly framesPerSecond?: number;
	} = {},
): SinkApp {
	const {startAt, columns = 120, rows = 40, framesPerSecond} = options;
	let bytes = 0;
	let written = '';
	const stdout = Object.assign(
		new Writable({
			write: (chunk: Buffer, _encoding, done) => {
				bytes += chunk.length;
				// All of a first screen, little of what comes later.
				written = (written + chunk.toString('utf8')).slice(-100_000);
				stdout.emit('written');
				done();
			},
		}),
		{isTTY: true, columns, rows},
	) as unknown as NodeJS.WriteStream;
	stdout.setMaxListeners(0);
	const stdin = Object.assign(new PassThrough(), {isTTY: true}) as unknown as NodeJS.ReadStream & PassThrough;
	const ended = runApp(services, {
		stdin,
		stdout,
		ascii: false,
		...(startAt === undefined ? {} : {startAt}),
		...(framesPerSecond === undefined ? {} : {framesPerSecond}),
	});
	return {
		type: input => {
			stdin.write(input);
		},
		bytes: () => bytes,
		written: async () => {
			await once(stdout, 'written', {signal: AbortSignal.timeout(patienceMilliseconds)});
		},
		shows: async text => {
			while (!written.includes(text)) {
				await once(stdout, 'written', {signal: AbortSignal.timeout(patienceMilliseconds)});
			}
		},
		still: async () => {
			for (let last = -1; last !== bytes; ) {
				last = bytes;
				await delay(stillMilliseconds);
			}
		},
		close: async () => {
			stdin.end();
			await ended;
		},
	};
}
