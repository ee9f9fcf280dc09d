import type {Resource} from '../model/quota-limit.ts';
import type {Clock} from '../system/clock.ts';

type Counts = Partial<Record<Resource, number>>;

/** Counts HTTP requests really sent: by account, by repository, and by the minute. */
export type RequestCounts = {
	readonly sent: (
		account: string,
		resource: Resource,
		repository: string | undefined,
		requests: number,
	) => void;
	readonly throttled: (account: string) => void;
	readonly ofRepository: (repository: string) => Readonly<Counts>;
	readonly ofAccount: (account: string) => {readonly requests: Readonly<Counts>; readonly throttled: number};
	/** Requests in the last minute. */
	readonly perMinute: (account: string, resource: Resource) => number;
};

const minute = 60_000;

export function createRequestCounts(clock: Clock): RequestCounts {
	const byRepository = new Map<string, Counts>();
	const byAccount = new Map<string, Counts>();
	const throttledBy = new Map<string, number>();
	const recent = new Map<string, Array<{readonly at: number; readonly requests: number}>>();

	const add = (counts: Map<string, Counts>, key: string, resource: Resource, requests: number): void => {
		const entry = counts.get(key) ?? {};
		entry[resource] = (entry[resource] ?? 0) + requests;
		counts.set(key, entry);
	};

	return {
		sent: (account, resource, repository, requests) => {
			add(byAccount, account, resource, requests);
			if (repository !== undefined) {
				add(byRepository, repository, resource, requests);
			}

			const key = `${account}\n${resource}`;
			const starts = recent.get(key) ?? [];
			starts.push({at: clock.elapsed(), requests});
			recent.set(key, starts);
		},
		throttled: account => {
			throttledBy.set(account, (throttledBy.get(account) ?? 0) + 1);
		},
		ofRepository: repository => ({...byRepository.get(repository)}),
		ofAccount: account => ({requests: {...byAccount.get(account)}, throttled: throttledBy.get(account) ?? 0}),
		perMinute: (account, resource) => {
			const starts = recent.get(`${account}\n${resource}`) ?? [];
			const since = clock.elapsed() - minute;
			const firstRecent = starts.findIndex(start => start.at > since);
			starts.splice(0, firstRecent < 0 ? starts.length : firstRecent);
			return starts.reduce((sum, start) => sum + start.requests, 0);
		},
	};
}
