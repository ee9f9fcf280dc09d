import {readFileSync} from 'node:fs';
import {hostname, uptime} from 'node:os';

/** Time that nobody can set: the machine's own, the same for all its processes from one start of the machine to the next. */
export type MachineTime = {
	/**
	Milliseconds that passed since the machine was started, those in which it slept included. Never jumps and never goes
	back, whatever is done to the machine's clock; starts anew with the machine.
	*/
	readonly elapsed: () => number;
	/** Names this start of the machine; another one after the next. */
	readonly boot: () => string;
};

export type MachineTimeSources = {
	/** Milliseconds, the same for all processes; may stand still while the machine sleeps. */
	readonly monotonic: () => number;
	/** Seconds since the machine was started, those in which it slept included. */
	readonly uptime: () => number;
	readonly boot: () => string;
};

/** How often the uptime is looked at; it costs ten times as much as the monotonic clock. */
const lookMilliseconds = 1000;

/** A sleep shorter than this is not told from the coarseness of the uptime (10 ms on Linux, 1 s elsewhere). */
const shortestSleep = 1500;

/**
Linux and macOS let the monotonic clock stand still while the machine sleeps, and the uptime go on: how far they are apart
is how long it slept. Of a sleep, a little less than it lasted is believed, never more.
*/
export function createMachineTime(sources: MachineTimeSources = systemSources()): MachineTime {
	let slept = 0;
	let looked = Number.NEGATIVE_INFINITY;

	const elapsed = (): number => {
		const monotonic = sources.monotonic();
		if (monotonic - looked >= lookMilliseconds) {
			looked = monotonic;
			const apart = sources.uptime() * 1000 - monotonic;
			// Grows only: an uptime that goes back would take away time that has passed.
			slept = Math.max(slept, apart < shortestSleep ? 0 : apart - coarseness);
		}

		return monotonic + slept;
	};

	return {elapsed, boot: sources.boot};
}

/** Most that an uptime may be ahead of the truth, in milliseconds. */
const coarseness = 1000;

function systemSources(): MachineTimeSources {
	let name: string | undefined;
	return {
		monotonic: () => Number(process.hrtime.bigint() / 1000n) / 1000,
		uptime,
		boot: () => {
			name ??= bootName();
			return name;
		},
	};
}

/** Linux names each start; elsewhere the time at which the machine was started does, in steps of some minutes. */
function bootName(): string {
	try {
		return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
	} catch {
		const startedAt = Date.now() - uptime() * 1000;
		return `${hostname()} ${Math.round(startedAt / 600_000)}`;
	}
}
