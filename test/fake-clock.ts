import type {Clock} from '../source/system/clock.ts';

export type FakeClock = Clock & {
	/** Moves time, firing the waits whose moment came, in their order, with the work between them done. */
	readonly advance: (milliseconds: number) => Promise<void>;
	/** Sets the time without firing anything: a stall, a suspend or a jump of the clock. */
	readonly jump: (milliseconds: number) => void;
	/** Moves on to the next wait's moment, if there is one. */
	readonly advanceToNext: () => Promise<boolean>;
};

type Sleeper = {readonly at: number; readonly order: number; readonly wake: () => void};

/** A clock that stands still until it is told to move. */
export function createFakeClock(start = 1_800_000_000_000): FakeClock {
	let now = start;
	let order = 0;
	const sleepers = new Set<Sleeper>();

	const due = (until: number): Sleeper | undefined =>
		[...sleepers]
			.filter(sleeper => sleeper.at <= until)
			.sort((left, right) => left.at - right.at || left.order - right.order)[0];

	const fire = async (sleeper: Sleeper): Promise<void> => {
		sleepers.delete(sleeper);
		now = Math.max(now, sleeper.at);
		sleeper.wake();
		await settle();
	};

	return {
		now: () => now,
		wait: async (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				signal?.throwIfAborted();
				order += 1;
				const sleeper: Sleeper = {at: now + milliseconds, order, wake: resolve};
				sleepers.add(sleeper);
				signal?.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					reject(signal.reason);
				});
			}),
		advance: async milliseconds => {
			const end = now + milliseconds;
			await settle();
			for (let sleeper = due(end); sleeper !== undefined; sleeper = due(end)) {
				await fire(sleeper);
			}

			now = Math.max(now, end);
			await settle();
		},
		jump: milliseconds => {
			now += milliseconds;
		},
		advanceToNext: async () => {
			await settle();
			const sleeper = due(Number.POSITIVE_INFINITY);
			if (sleeper === undefined) {
				return false;
			}

			await fire(sleeper);
			return true;
		},
	};
}

/** Lets everything that is ready to run do so. */
async function settle(): Promise<void> {
	for (let turn = 0; turn < 5; turn += 1) {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}
}
