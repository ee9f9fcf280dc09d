import type {Clock} from '../source/system/clock.ts';

export type FakeClock = Clock & {
	/** Moves time, firing the waits whose moment came, in their order, with the work between them done. */
	readonly advance: (milliseconds: number) => Promise<void>;
	/** Lets time pass without firing anything: a stall of the process, or a machine that sleeps. */
	readonly jump: (milliseconds: number) => void;
	/** Somebody sets the machine's clock, forth or back; no time passes. */
	readonly setBy: (milliseconds: number) => void;
	/** The machine is started again: its own time begins anew, and nobody who waited waits any more. */
	readonly reboot: (downMilliseconds: number) => void;
	/** Moves on to the next wait's moment, if there is one. */
	readonly advanceToNext: () => Promise<boolean>;
};

type Sleeper = {readonly at: number; readonly order: number; readonly wake: () => void};

/** A clock that stands still until it is told to move. */
export function createFakeClock(start = 1_800_000_000_000): FakeClock {
	/** Time that passed since the first start of the machine; waits are reckoned in it. */
	let passed = 0;
	let epoch = start;
	let bootedAt = -86_400_000;
	let boots = 1;
	let order = 0;
	const sleepers = new Set<Sleeper>();

	const due = (until: number): Sleeper | undefined =>
		[...sleepers]
			.filter(sleeper => sleeper.at <= until)
			.sort((left, right) => left.at - right.at || left.order - right.order)[0];

	const fire = async (sleeper: Sleeper): Promise<void> => {
		sleepers.delete(sleeper);
		passed = Math.max(passed, sleeper.at);
		sleeper.wake();
		await settle();
	};

	return {
		now: () => epoch + passed,
		elapsed: () => passed - bootedAt,
		boot: () => `boot ${boots}`,
		wait: async (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				signal?.throwIfAborted();
				order += 1;
				const sleeper: Sleeper = {at: passed + milliseconds, order, wake: resolve};
				sleepers.add(sleeper);
				signal?.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					reject(signal.reason);
				});
			}),
		advance: async milliseconds => {
			const end = passed + milliseconds;
			await settle();
			for (let sleeper = due(end); sleeper !== undefined; sleeper = due(end)) {
				await fire(sleeper);
			}

			passed = Math.max(passed, end);
			await settle();
		},
		jump: milliseconds => {
			passed += milliseconds;
		},
		setBy: milliseconds => {
			epoch += milliseconds;
		},
		reboot: downMilliseconds => {
			sleepers.clear();
			passed += downMilliseconds;
			bootedAt = passed;
			boots += 1;
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
