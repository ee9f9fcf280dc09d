import {setTimeout as delay} from 'node:timers/promises';
import {createMachineTime, type MachineTime} from './machine-time.ts';

/** Time, handed in so that tests can make it stand still. */
export type Clock = MachineTime & {
	/** Milliseconds since the epoch, as the machine's clock says: it jumps when somebody sets it. For what people read. */
	readonly now: () => number;
	/** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted before. */
	readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

/** Node's timers fire at once when they are set for longer than this (2^31 − 1 ms). */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
	...createMachineTime(),
	now: () => Date.now(),
	wait: async (milliseconds, signal) => {
		signal?.throwIfAborted();
		try {
			await delay(Math.min(milliseconds, longestTimer), undefined, signal === undefined ? {} : {signal});
		} catch (error) {
			signal?.throwIfAborted();
			throw error;
		}
	},
};
