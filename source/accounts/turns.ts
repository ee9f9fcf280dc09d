import type {Resource} from '../model/quota-limit.ts';
import type {DatabaseSync} from '../system/sqlite.ts';

/**
Who waits for an account, over all processes of the machine, and how much each has had of it since: pools that wait for the
same account take turns. Of two that wait, neither gets more of it than the other by more than one charge.

Works inside the ledger's transactions. Moments are machine time in milliseconds.
*/
export type Turns = {
	/** The others that wait now, with the least that one of them was served, by account; empty where nobody waits. */
	readonly others: (owner: string, resource: Resource, now: number) => ReadonlyMap<string, number>;
	/** Whether the account is another's turn. @param least The least that another one was served. */
	readonly isAhead: (place: TurnPlace, least: number) => boolean;
	/** Takes note of what the owner was served while others wait. */
	readonly take: (place: TurnPlace, requests: number, now: number, least: number) => void;
	/** The owner waits for an account, for as long as it says so again. @param least As for `isAhead`. */
	readonly wait: (place: TurnPlace, now: number, least: number | undefined) => void;
	/** The owner waits for no other accounts of the resource any more. */
	readonly waitOnlyFor: (
		owner: string,
		resource: Resource,
		accounts: ReadonlySet<string>,
		now: number,
	) => void;
	/** Whether this process said that the owner waits for any account; asks the memory alone. */
	readonly isWaiting: (owner: string, resource: Resource) => boolean;
};

export type TurnPlace = {readonly owner: string; readonly account: string; readonly resource: Resource};

/** Who waits says so every second; one that fell silent for longer has died, or stands still. */
const waitingMilliseconds = 2500;

/** How long it is remembered what somebody was served: who goes and comes again gains nothing by it. */
const memoryMilliseconds = 60_000;

export function createTurns(database: DatabaseSync): Turns {
	const others = database.prepare(
		'SELECT account, min(served) AS least FROM quota_waiters WHERE resource = ? AND owner <> ? AND waiting_until > ? GROUP BY account',
	);
	const servedOf = database.prepare(
		'SELECT served FROM quota_waiters WHERE owner = ? AND account = ? AND resource = ?',
	);
	const put = database.prepare(
		'INSERT INTO quota_waiters (owner, account, resource, served, waiting_until) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET served = excluded.served, waiting_until = max(waiting_until, excluded.waiting_until)',
	);
	const end = database.prepare(
		'UPDATE quota_waiters SET waiting_until = ? WHERE owner = ? AND account = ? AND resource = ?',
	);
	const forget = database.prepare('DELETE FROM quota_waiters WHERE waiting_until <= ?');
	/** By owner and resource, when this process said last that an account is waited for; spares most of the writing. */
	const said = new Map<string, Map<string, number>>();

	/** What the owner was served, as compared with others: who comes anew begins where they stand. */
	const served = ({owner, account, resource}: TurnPlace, least: number | undefined): number => {
		const row = servedOf.get(owner, account, resource) as {served: number} | undefined;
		return Math.max(row?.served ?? 0, least ?? 0);
	};

	return {
		others: (owner, resource, now) => {
			const rows = others.all(resource, owner, now) as Array<{account: string; least: number}>;
			return new Map(rows.map(({account, least}) => [account, least]));
		},
		isAhead: (place, least) => served(place, least) > least,
		take: (place, requests, now, least) => {
			const {owner, account, resource} = place;
			put.run(owner, account, resource, served(place, least) + requests, now);
		},
		wait: (place, now, least) => {
			const {owner, account, resource} = place;
			const key = `${owner} ${resource}`;
			const before = said.get(key)?.get(account);
			if (before !== undefined && now - before < waitingMilliseconds / 2) {
				return;
			}

			forget.run(now - memoryMilliseconds);
			put.run(owner, account, resource, served(place, least), now + waitingMilliseconds);
			said.set(key, (said.get(key) ?? new Map<string, number>()).set(account, now));
		},
		waitOnlyFor: (owner, resource, accounts, now) => {
			const waited = said.get(`${owner} ${resource}`);
			for (const account of [...(waited?.keys() ?? [])]) {
				if (!accounts.has(account)) {
					waited?.delete(account);
					end.run(now, owner, account, resource);
				}
			}
		},
		isWaiting: (owner, resource) => (said.get(`${owner} ${resource}`)?.size ?? 0) > 0,
	};
}
