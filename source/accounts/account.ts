import type {ToldLimit} from '../bitbucket/rate-limit-headers.ts';
import {isAccessToken} from '../model/credential-kind.ts';
import {type QuotaLimit, type Resource, resources} from '../model/quota-limit.ts';
import type {Ledger, LedgerCandidate} from './ledger.ts';
import {type BelievedLimit, believedLimit, type LimitOverrides, usableRequests} from './limits.ts';
import type {AccountState} from './pool-types.ts';
import type {Session} from './session.ts';
import {createSmoothing} from './smooth-starts.ts';

/** One account in a pool: its sessions, what its limits are believed to be, and what it has sent. */
export type Account = {
	readonly id: string;
	/** Label of its first credential. */
	readonly label: string;
	readonly isUser: boolean;
	/** Whether its credentials see the whole workspace, as far as their kind goes. */
	readonly seesWorkspace: boolean;
	/** Whether it is being found out which repositories it sees. */
	readonly isFindingReach: () => boolean;
	readonly setFindingReach: (isFinding: boolean) => void;
	/** Resolves when the next request may start: bursts are spread. */
	readonly smooth: () => Promise<void>;
	/** The session in use, or undefined once every one was refused. */
	readonly session: () => Session | undefined;
	/** Drops a session that Bitbucket refused. Returns whether another is left. */
	readonly refuse: (session: Session) => boolean;
	readonly fail: (reason: string, status: number | null) => void;
	readonly hasFailed: () => boolean;
	readonly limit: (resource: Resource) => BelievedLimit;
	readonly candidate: (resource: Resource) => LedgerCandidate;
	/** Takes a limit that the server tells, and keeps it for later runs. */
	readonly learn: (resource: Resource, told: ToldLimit) => void;
	readonly state: () => AccountState;
};

export type LimitSettings = {
	/** What a person set for the organization; it wins over documentation, and a lower word of the server over it. */
	readonly overrides: LimitOverrides;
	/** Percent of each limit that is left for the account's other tools. */
	readonly reservePercent: number;
	/** Most requests that the account starts in any second. */
	readonly requestsPerSecond: number;
};

export function createAccount(options: {
	readonly id: string;
	readonly sessions: readonly [Session, ...Session[]];
	readonly settings: LimitSettings;
	/** Keeps what the server told of the account's limits. */
	readonly ledger: Pick<Ledger, 'tell' | 'told'>;
	readonly signal: AbortSignal;
}): Account {
	const {id, settings, ledger} = options;
	const [first] = options.sessions;
	const sessions = [...options.sessions];
	const told = new Map<Resource, number | undefined>(
		resources.map(resource => [resource, ledger.told(id, resource)]),
	);
	let failed: AccountState['failed'];
	let isFindingReach = false;

	const smooth = createSmoothing(settings.requestsPerSecond, options.signal);

	const limitOf: Account['limit'] = resource =>
		believedLimit(resource, settings.overrides, told.get(resource));

	return {
		id,
		label: first.label,
		isUser: !options.sessions.every(session => isAccessToken(session.kind)),
		seesWorkspace: !options.sessions.every(
			session => session.kind === 'repository-access-token' || session.kind === 'project-access-token',
		),
		isFindingReach: () => isFindingReach,
		setFindingReach: isFinding => {
			isFindingReach = isFinding;
		},
		smooth,
		session: () => (failed === undefined ? sessions[0] : undefined),
		refuse: session => {
			const index = sessions.indexOf(session);
			if (index >= 0) {
				sessions.splice(index, 1);
			}

			return sessions.length > 0;
		},
		fail: (reason, status) => {
			failed = {reason, status};
		},
		hasFailed: () => failed !== undefined,
		limit: limitOf,
		candidate: resource => {
			const {limit} = limitOf(resource);
			return {account: id, limit, usable: usableRequests(limit.requests, settings.reservePercent)};
		},
		learn: (resource, {requests}) => {
			if (requests !== undefined && requests !== told.get(resource)) {
				told.set(resource, requests);
				ledger.tell(id, resource, requests);
			}
		},
		state: () => ({
			id,
			label: first.label,
			credentials: options.sessions.map(session => session.label),
			limits: Object.fromEntries(resources.map(resource => [resource, limitOf(resource).limit])) as Record<
				Resource,
				QuotaLimit
			>,
			...(failed === undefined ? {} : {failed}),
		}),
	};
}
