import {DatabaseSync} from 'node:sqlite';
import {setTimeout as delay} from 'node:timers/promises';
import {createAccountPool, type PoolOptions} from '../../source/accounts/create-pool.ts';
import {createLedger, type Ledger} from '../../source/accounts/ledger.ts';
import type {AccountPool, PoolChange} from '../../source/accounts/pool-types.ts';
import {ConnectionFailed, type HttpAttempt, type HttpClient} from '../../source/bitbucket/http-client.ts';
import type {OpenedCredential} from '../../source/model/credential.ts';
import type {CredentialKind} from '../../source/model/credential-kind.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {createFakeClock, type FakeClock} from '../fake-clock.ts';

export const apiUrl = 'https://api.bitbucket.org/2.0';

export type Asked = {readonly url: string; readonly who: string};

export type Told =
	| {readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string>}
	| 'reset';

/** A credential whose secret names it: the fake Bitbucket knows callers by it. */
export function opened(
	label: string,
	kind: CredentialKind = 'workspace-access-token',
	username?: string,
): OpenedCredential {
	return {
		credential: {
			id: `id-${label}`,
			label,
			kind,
			addedAt: '2026-11-01T00:00:00.000Z',
			...(username === undefined ? {} : {username}),
		},
		secret: `secret-of-${label}`,
	};
}

export type Bench = {
	readonly pool: AccountPool;
	readonly clock: FakeClock;
	readonly ledger: Ledger;
	readonly asked: readonly Asked[];
	readonly changes: readonly PoolChange[];
	readonly abort: AbortController;
	/** Lets time run until the work is done. */
	readonly finish: <Result>(work: Promise<Result>) => Promise<Result>;
};

/** A pool over a scripted Bitbucket: `answer` says what comes for an address and the label of the credential that asks. */
export async function createBench(options: {
	readonly credentials: readonly OpenedCredential[];
	readonly answer: (asked: Asked, count: number) => Told;
	readonly apiLimit?: string;
	readonly reservePercent?: number;
	readonly pool?: Partial<PoolOptions>;
}): Promise<Bench> {
	const {credentials} = options;
	const clock = createFakeClock();
	const database = new DatabaseSync(':memory:');
	const ledger = createLedger(database, clock);
	const underWay = database.prepare('SELECT 1 FROM quota_entries WHERE charged_at IS NOT NULL');
	const asked: Asked[] = [];
	const changes: PoolChange[] = [];
	const abort = new AbortController();

	const http: HttpClient = {
		attempt: async (url: string, attempt: HttpAttempt) => {
			const who = caller(attempt.authorization, credentials);
			const question = {url, who};
			asked.push(question);
			const told = options.answer(question, asked.length);
			await new Promise(resolve => {
				setImmediate(resolve);
			});
			if (told === 'reset') {
				throw new ConnectionFailed('ECONNRESET');
			}

			const body = Buffer.from(typeof told.body === 'string' ? told.body : JSON.stringify(told.body ?? {}));
			return {status: told.status, headers: told.headers ?? {}, body, bytes: body.length};
		},
	};

	const pool = await createAccountPool({
		organization: OrganizationSchema.parse({
			workspace: 'acme',
			primaryCredential: credentials[0]?.credential,
			additionalCredentials: credentials.slice(1).map(({credential}) => credential),
			...(options.apiLimit === undefined ? {} : {apiLimit: options.apiLimit}),
		}),
		credentials,
		ledger,
		clock,
		redactor: createRedactor(),
		reservePercent: options.reservePercent ?? 0,
		requestsPerSecond: 1000,
		signal: abort.signal,
		random: () => 0,
		http,
		onChange: change => changes.push(change),
		...options.pool,
	});

	return {
		pool,
		clock,
		ledger,
		asked,
		changes,
		abort,
		finish: async work => {
			let isDone = false;
			const watched = work.finally(() => {
				isDone = true;
			});
			watched.catch(() => undefined);
			for (;;) {
				// p-throttle starts requests by timers of its own, in real time: until they are answered time stands still here.
				do {
					await delay(1);
				} while (underWay.get() !== undefined);

				if (isDone) {
					return watched;
				}

				await clock.advanceToNext();
			}
		},
	};
}

function caller(authorization: string | undefined, credentials: readonly OpenedCredential[]): string {
	const [scheme, value = ''] = (authorization ?? '').split(' ');
	const text = scheme === 'Basic' ? Buffer.from(value, 'base64').toString('utf8') : value;
	return credentials.find(({secret}) => text.endsWith(secret))?.credential.label ?? text;
}
