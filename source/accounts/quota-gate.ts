import type {Resource} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import type {Ledger, LedgerCandidate, LedgerEntry} from './ledger.ts';

/** A request that wants to be charged. */
export type QuotaWish = {
	readonly resource: Resource;
	readonly requests: number;
	/** Requests of one queue are served in their order; queues take turns. A repository's slug, as a rule. */
	readonly queue: string;
	/** Who could send it, asked anew at each try; throws when nobody is left. */
	readonly candidates: () => readonly LedgerCandidate[];
};

/** Lets requests through as the ledger has room: at once while it has, else in fair turns as places free. */
export type QuotaGate = {
	/** @throws What `candidates` throws; the signal's reason once it is aborted. */
	readonly acquire: (wish: QuotaWish) => Promise<LedgerEntry>;
	/** Looks again: something may have opened room, or closed it for good. */
	readonly wake: () => void;
};

type Waiter = {
	readonly wish: QuotaWish;
	readonly resolve: (entry: LedgerEntry) => void;
	readonly reject: (reason: unknown) => void;
};

/** Another process may open room before our own reckoning says so; a look costs some tens of microseconds. */
const longestLook = 1000;

export function createQuotaGate(options: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly signal: AbortSignal;
}): QuotaGate {
	const {ledger, clock, signal} = options;
	const queues = new Map<string, Waiter[]>();
	let timer: AbortController | undefined;

	const lookAgainAt = (moment: number | null): void => {
		timer?.abort();
		const current = new AbortController();
		timer = current;
		const wait = Math.min(longestLook, Math.max(1, (moment ?? Number.POSITIVE_INFINITY) - clock.now()));
		clock.wait(wait, current.signal).then(dispatch, () => undefined);
	};

	const serveFirst = (key: string, waiters: Waiter[], exhausted: Map<string, number | null>): boolean => {
		const [waiter] = waiters;
		if (waiter === undefined) {
			queues.delete(key);
			return false;
		}

		const leave = (): void => {
			waiters.shift();
			// To the end of the round, so that the other queues have their turn first.
			queues.delete(key);
			if (waiters.length > 0) {
				queues.set(key, waiters);
			}
		};

		try {
			const {resource, requests} = waiter.wish;
			const candidates = waiter.wish.candidates();
			const wanted = [resource, requests, ...candidates.map(candidate => candidate.account)].join('\n');
			if (exhausted.has(wanted)) {
				return false;
			}

			const result = ledger.charge(resource, candidates, requests);
			if (result.kind === 'exhausted') {
				exhausted.set(wanted, result.retryAt);
				return false;
			}

			leave();
			waiter.resolve(result.entry);
		} catch (error) {
			leave();
			waiter.reject(error);
		}

		return true;
	};

	const dispatch = (): void => {
		const exhausted = new Map<string, number | null>();
		let served = true;
		while (served) {
			served = false;
			for (const [key, waiters] of [...queues]) {
				served = serveFirst(key, waiters, exhausted) || served;
			}
		}

		if (queues.size > 0) {
			const moments = [...exhausted.values()].filter(moment => moment !== null);
			lookAgainAt(moments.length === 0 ? null : Math.min(...moments));
		} else {
			timer?.abort();
		}
	};

	signal.addEventListener(
		'abort',
		() => {
			timer?.abort();
			const waiting = [...queues.values()].flat();
			queues.clear();
			for (const waiter of waiting) {
				waiter.reject(signal.reason);
			}
		},
		{once: true},
	);

	return {
		acquire: async wish => {
			signal.throwIfAborted();
			return new Promise((resolve, reject) => {
				const key = `${wish.resource}\n${wish.queue}`;
				const waiters = queues.get(key) ?? [];
				queues.set(key, waiters);
				waiters.push({wish, resolve, reject});
				dispatch();
			});
		},
		wake: () => {
			if (queues.size > 0) {
				dispatch();
			}
		},
	};
}
