import {RequestFailed} from '../bitbucket/failures.ts';
import type {Clock} from '../system/clock.ts';
import {retryMilliseconds} from './backoff.ts';
import type {Pause} from './pause.ts';

/**
Tells a Bitbucket that is down from single requests that fail. While it is down nothing is sent but one request now and then
that finds out whether it works again: no repository is given up because of a bad quarter of an hour, and no quota is
burnt on it.
*/
export type Outage = {
	/**
	Resolves when a request may be sent.

	@throws RequestFailed `connection` once it has lasted longer than patience does; the signal's reason.
	*/
	readonly enter: () => Promise<void>;
	/** Bitbucket gave an answer that only a working one gives. */
	readonly worked: () => void;
	/** Nothing came for an address, or an answer that says that Bitbucket is in trouble. */
	readonly failed: (url: string) => void;
	/** Whether failures are Bitbucket's as a whole, and say nothing of the request. */
	readonly isDown: () => boolean;
};

/** Since when Bitbucket has been down, in epoch milliseconds; null where it works again. */
export type OutageChange = {readonly since: number | null};

/** So many different addresses in a row without a single good answer: Bitbucket is down, not a request at fault. */
const suspiciousAddresses = 3;

/** How long an outage is waited for; what the run is paused does not count. */
export const outagePatienceMilliseconds = 15 * 60_000;

/** Longer than a request takes that is not a large file. */
const longestProbe = 2 * 60_000;

/** How often one who waits looks whether patience is over. */
const longestLook = 10_000;

type Down = {
	/** Working time in milliseconds, as all moments here. */
	readonly since: number;
	probes: number;
	/** Until when the request that finds out is waited for; one that never says what came of it is given up. */
	probingUntil: number;
	nextProbeAt: number;
	/** Ends all waits when it is over. */
	readonly over: AbortController;
};

export function createOutage(options: {
	readonly clock: Clock;
	/** From 0 to 1; decides jitter. */
	readonly random: () => number;
	readonly signal: AbortSignal;
	readonly pause: Pick<Pause, 'passed' | 'workingTime'>;
	readonly onChange: (change: OutageChange) => void;
}): Outage {
	const {clock, random, signal, pause, onChange} = options;
	const suspects = new Set<string>();
	let suspectedSince = 0;
	let down: Down | undefined;

	const probeLater = (current: Down): void => {
		current.probingUntil = 0;
		current.nextProbeAt = pause.workingTime() + retryMilliseconds(current.probes, random());
		current.probes += 1;
	};

	const begin = (): void => {
		down = {
			since: suspectedSince,
			probes: 0,
			probingUntil: 0,
			nextProbeAt: 0,
			over: new AbortController(),
		};
		probeLater(down);
		onChange({since: clock.now() - (pause.workingTime() - suspectedSince)});
	};

	const wait = async (current: Down): Promise<void> => {
		const until = Math.max(current.nextProbeAt, current.probingUntil) - pause.workingTime();
		try {
			await clock.wait(
				Math.min(Math.max(until, 1), longestLook),
				AbortSignal.any([signal, current.over.signal]),
			);
		} catch (error) {
			signal.throwIfAborted();
			if (!current.over.signal.aborted) {
				throw error;
			}
		}
	};

	return {
		isDown: () => down !== undefined,
		enter: async () => {
			for (let current = down; current !== undefined; current = down) {
				const now = pause.workingTime();
				if (now >= current.nextProbeAt && now >= current.probingUntil) {
					current.probingUntil = now + longestProbe;
					return;
				}

				if (now - current.since > outagePatienceMilliseconds) {
					throw stillDown(current.since, now);
				}

				await wait(current);
				await pause.passed(signal);
			}
		},
		worked: () => {
			suspects.clear();
			if (down !== undefined) {
				down.over.abort();
				down = undefined;
				onChange({since: null});
			}
		},
		failed: url => {
			if (down !== undefined) {
				probeLater(down);
				return;
			}

			suspectedSince = suspects.size === 0 ? pause.workingTime() : suspectedSince;
			suspects.add(url);
			if (suspects.size >= suspiciousAddresses) {
				begin();
			}
		},
	};
}

function stillDown(since: number, now: number): RequestFailed {
	const minutes = Math.round((now - since) / 60_000);
	return new RequestFailed(`Bitbucket has not given a usable answer for ${minutes} minutes.`, {
		reason: 'connection',
		status: null,
		url: '',
	});
}
