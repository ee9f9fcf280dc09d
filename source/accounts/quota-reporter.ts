import type {Resource} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';
import type {Account} from './account.ts';
import type {Ledger} from './ledger.ts';
import type {QuotaReport} from './reports.ts';
import type {RequestCounts} from './request-counts.ts';

/** Tells what the quota bars show: when something changed, and at most one report a second for each account. */
export type QuotaReporter = {
	/** The account's resource is in use: from now on its quota is watched. */
	readonly watch: (account: Account, resource: Resource) => void;
	/** Reports every quota's last state, then falls silent. */
	readonly close: () => void;
};

const period = 1000;

export function createQuotaReporter(options: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly counts: RequestCounts;
	readonly report: (report: QuotaReport) => void;
}): QuotaReporter {
	const {ledger, clock, counts, report} = options;
	/** By account, the resources in use with what was last said of each; the one said longest ago comes first. */
	const watched = new Map<Account, Map<Resource, QuotaReport | undefined>>();
	const end = new AbortController();

	const tell = (
		account: Account,
		resource: Resource,
		said: Map<Resource, QuotaReport | undefined>,
	): boolean => {
		const now = quotaReport(account, resource, ledger, counts);
		if (!isNews(said.get(resource), now)) {
			return false;
		}

		said.delete(resource);
		said.set(resource, now);
		report(now);
		return true;
	};

	const round = async (): Promise<void> => {
		while (!end.signal.aborted) {
			for (const [account, said] of watched) {
				for (const resource of [...said.keys()]) {
					if (tell(account, resource, said)) {
						break;
					}
				}
			}

			await clock.wait(period, end.signal);
		}
	};

	round().catch(() => undefined);

	return {
		watch: (account, resource) => {
			const said = watched.get(account) ?? new Map<Resource, QuotaReport | undefined>();
			watched.set(account, said);
			if (!said.has(resource)) {
				said.set(resource, undefined);
			}
		},
		close: () => {
			end.abort();
			for (const [account, said] of watched) {
				for (const resource of [...said.keys()]) {
					tell(account, resource, said);
				}
			}
		},
	};
}

/** Moments are reckoned anew each time, from a clock that drifts: the same one is told a little sooner or later. */
const sameMoment = 1000;

/** Whether a report says anything else than the one before: a run that waits for days must not fill a disk with the same. */
export function isNews(before: QuotaReport | undefined, next: QuotaReport): boolean {
	if (before === undefined) {
		return true;
	}

	const {resets, frozenUntil, ...rest} = next;
	const {resets: resetsBefore, frozenUntil: frozenBefore, ...restBefore} = before;
	return (
		JSON.stringify(rest) !== JSON.stringify(restBefore) ||
		hasMoved(resetsBefore, resets) ||
		hasMoved(frozenBefore, frozenUntil)
	);
}

function hasMoved(before: string | null, next: string | null): boolean {
	return before === null || next === null
		? before !== next
		: Math.abs(Date.parse(next) - Date.parse(before)) >= sameMoment;
}

function quotaReport(
	account: Account,
	resource: Resource,
	ledger: Ledger,
	counts: RequestCounts,
): QuotaReport {
	const {limit, source} = account.limit(resource);
	const {usable} = account.candidate(resource);
	const {used, foreign, freesAt, frozenUntil, isLost, isCareful} = ledger.usage(
		account.id,
		resource,
		limit.windowMilliseconds,
	);
	const {failed} = account.state();
	const isShut = frozenUntil !== null || failed !== undefined;
	return {
		type: 'quota',
		account: account.id,
		label: account.label,
		resource,
		limit: limit.requests,
		windowMs: limit.windowMilliseconds,
		used,
		others: foreign,
		remaining: isShut ? 0 : Math.max(0, usable - used),
		reserve: limit.requests - usable,
		resets: isoTime(freesAt),
		frozenUntil: isoTime(frozenUntil),
		ledgerLost: isLost,
		oneByOne: isCareful,
		failed: failed?.reason ?? null,
		source,
		perMinute: counts.perMinute(account.id, resource),
		sent: counts.ofAccount(account.id).requests[resource] ?? 0,
	};
}

function isoTime(moment: number | null): string | null {
	return moment === null ? null : new Date(moment).toISOString();
}
