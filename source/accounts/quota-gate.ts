import type {Resource} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import type {Ledger, LedgerCandidate, LedgerEntry} from './ledger.ts';
import type {Pause} from './pause.ts';

/** A request that wants to be charged. */
export type QuotaWish = {
	readonly resource: Resource;
	readonly requests: number;
	/** Queues take turns; a repository's slug, as a rule. In a queue, who came first is served first, if somebody can. */
	readonly queue: string;
	/** Who could send it, asked anew at each try; throws when nobody is left. */
	readonly candidates: () => readonly LedgerCandidate[];
};

/**
Lets requests through as the ledger has room: at once while it has, else in fair turns as places free.

While two queues wait for the same accounts, neither is served more than once oftener than the other. No request waits
while an account that could send it has room, unless it is paused: then all wait, and other pools need not wait for them.
*/
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

type Exhausted = {
	readonly resource: Resource;
	readonly accounts: readonly string[];
	/** Null where only an answer can tell. */
	readonly retryAt: number | null;
};

/** Another process may open room before our own reckoning says so; a look costs some tens of microseconds. */
const longestLook = 1000;

/** How long room is left to another pool whose turn it is. It knows when the place opens, and comes at that moment. */
const longestYield = 50;

export function createQuotaGate(options: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** Tells this pool from the others that charge the same ledger. */
	readonly owner: string;
	readonly pause: Pick<Pause, 'isPaused' | 'onChange'>;
}): QuotaGate {
	const {ledger, clock, signal, owner, pause} = options;
	const queues = new Map<string, Waiter[]>();
	/** What the ledger had no room for at the last look, with the moment at which it may have. */
	const exhausted = new Map<string, Exhausted>();
	/** Since when room is left to others, by what is wanted of it. */
	const yieldingSince = new Map<string, number>();
	let timer: {readonly at: number; readonly abort: AbortController} | undefined;

	/** When the ledger may have room for somebody who waits; infinite where only an answer can tell. */
	const opensAt = (): number =>
		Math.min(...[...exhausted.values()].map(({retryAt}) => retryAt ?? Number.POSITIVE_INFINITY));

	const stopLooking = (): void => {
		timer?.abort.abort();
		timer = undefined;
	};

	const lookAgain = (): void => {
		const now = clock.elapsed();
		const at = Math.min(now + longestLook, opensAt());
		if (queues.size === 0 || pause.isPaused()) {
			stopLooking();
		} else if (timer === undefined || timer.at > at) {
			stopLooking();
			const abort = new AbortController();
			timer = {at, abort};
			clock.wait(Math.max(1, at - now), abort.signal).then(dispatch, () => undefined);
		}
	};

	/** Undefined where the ledger has no room for it now. */
	const charge = ({resource, requests, candidates}: QuotaWish): LedgerEntry | undefined => {
		const willing = candidates();
		const accounts = willing.map(({account}) => account);
		// Not by how many: who wants several must not wait for ever because others take them one by one.
		const wanted = [resource, ...accounts].join('\n');
		if (exhausted.has(wanted)) {
			return undefined;
		}

		const since = yieldingSince.get(wanted);
		const insists = since !== undefined && clock.elapsed() - since >= longestYield;
		const result = ledger.charge({resource, candidates: willing, requests, owner, insists});
		if (result.kind === 'charged') {
			yieldingSince.delete(wanted);
			return result.entry;
		}

		exhausted.set(wanted, {resource, accounts, retryAt: result.retryAt});
		if (!result.isYielding) {
			yieldingSince.delete(wanted);
		} else if (since === undefined) {
			yieldingSince.set(wanted, clock.elapsed());
		}

		return undefined;
	};

	/** Whether the waiter is served, or can never be. */
	const serve = ({wish, resolve, reject}: Waiter): boolean => {
		try {
			const entry = charge(wish);
			if (entry === undefined) {
				return false;
			}

			resolve(entry);
		} catch (error) {
			reject(error);
		}

		return true;
	};

	const serveOneOf = (key: string, waiters: Waiter[]): boolean => {
		const index = waiters.findIndex(serve);
		if (index < 0) {
			return false;
		}

		waiters.splice(index, 1);
		// To the end of the round, so that the other queues have their turn first.
		queues.delete(key);
		if (waiters.length > 0) {
			queues.set(key, waiters);
		}

		return true;
	};

	const dispatch = (): void => {
		stopLooking();
		if (pause.isPaused()) {
			return;
		}

		exhausted.clear();
		const before = resourcesOf(queues);
		let served = true;
		while (served) {
			served = false;
			for (const [key, waiters] of [...queues]) {
				served = serveOneOf(key, waiters) || served;
			}
		}

		for (const resource of before) {
			ledger.waitOnlyFor(owner, resource, waitedFor(resource));
		}

		lookAgain();
	};

	/** Whoever is left waits for accounts that were found exhausted just now. */
	const waitedFor = (resource: Resource): ReadonlySet<string> =>
		new Set([...exhausted.values()].flatMap(found => (found.resource === resource ? found.accounts : [])));

	pause.onChange(() => {
		if (pause.isPaused()) {
			// Who says no more that it waits is soon believed not to: other pools take its turns.
			stopLooking();
		} else {
			dispatch();
		}
	});

	signal.addEventListener(
		'abort',
		() => {
			stopLooking();
			const waiting = [...queues.values()].flat();
			queues.clear();
			for (const {wish, reject} of waiting) {
				ledger.waitOnlyFor(owner, wish.resource, new Set());
				reject(signal.reason);
			}
		},
		{once: true},
	);

	return {
		acquire: async wish => {
			signal.throwIfAborted();
			if (queues.size === 0) {
				exhausted.clear();
			} else if (opensAt() <= clock.elapsed()) {
				// Who waits already comes first.
				dispatch();
			}

			return new Promise((resolve, reject) => {
				const waiter = {wish, resolve, reject};
				if (pause.isPaused() || !serve(waiter)) {
					const key = `${wish.resource}\n${wish.queue}`;
					queues.set(key, [...(queues.get(key) ?? []), waiter]);
					lookAgain();
				}
			});
		},
		wake: () => {
			if (queues.size > 0) {
				dispatch();
			}
		},
	};
}

function resourcesOf(queues: ReadonlyMap<string, readonly Waiter[]>): ReadonlySet<Resource> {
	return new Set([...queues.values()].flatMap(waiters => waiters.map(({wish}) => wish.resource)));
}
