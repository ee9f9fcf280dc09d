import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger} from '../../source/accounts/ledger.ts';
import type {AccountTotals} from '../../source/accounts/pool-types.ts';
import {createReachMemories} from '../../source/accounts/reach-memory.ts';
import type {OpenedCredential} from '../../source/model/credential.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import type {SandboxCredential} from '../../source/sandbox/start-sandbox.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';

/** Something to read from a sandbox through an account pool of its own; plain data, so that another process can do it. */
export type PoolReading = {
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly workspace: string;
	/** The primary one first. */
	readonly credentials: ReadonlyArray<
		Pick<SandboxCredential, 'label' | 'kind' | 'secret' | 'username' | 'account'>
	>;
	/** What the limit of `api` is believed to be: `20/2s`. */
	readonly apiLimit: string;
	/** Path of the state database that holds the ledger. */
	readonly state: string;
	/** Paths below the API; each is read once. Its repository is the part after the workspace, where it has one. */
	readonly paths: readonly string[];
	/** How many are asked for at the same time. */
	readonly atOnce: number;
};

/** @param onRead Told of each path when its answer is here. */
export async function readThroughPool(
	reading: PoolReading,
	onRead: (path: string, body: Buffer) => void = () => undefined,
): Promise<readonly AccountTotals[]> {
	const credentials = reading.credentials.map(({label, kind, secret, username}): OpenedCredential => {
		const credential = {id: label, label, kind, addedAt: '2026-11-22T13:15:00.000Z'};
		return {credential: username === undefined ? credential : {...credential, username}, secret};
	});
	const [primary, ...additional] = credentials.map(({credential}) => credential);
	const database = openStateDatabase(reading.state);
	try {
		const pool = await createAccountPool({
			organization: OrganizationSchema.parse({
				workspace: reading.workspace,
				apiUrl: reading.apiUrl,
				gitUrl: reading.gitUrl,
				apiLimit: reading.apiLimit,
				reservePercent: 0,
				primaryCredential: primary,
				additionalCredentials: additional,
			}),
			credentials,
			// As a check found out when each credential was added.
			knownAccounts: new Map(
				reading.credentials.map(({label, account}) => [label, {id: account, name: account}]),
			),
			ledger: createLedger(database, systemClock),
			reachMemory: createReachMemories(database, systemClock)(reading.workspace),
			clock: systemClock,
			redactor: createRedactor(),
			reservePercent: 0,
			requestsPerSecond: 100,
			onChange: () => undefined,
		});
		let next = 0;
		const work = async (): Promise<void> => {
			for (let index = next++; index < reading.paths.length; index = next++) {
				const path = reading.paths[index] ?? '';
				const repository = /^\/repositories\/[^/?]+\/([^/?]+)/.exec(path)?.[1];
				const answer = await pool.get({url: path, ...(repository === undefined ? {} : {repository})});
				onRead(path, answer.body);
			}
		};
		try {
			await Promise.all(Array.from({length: reading.atOnce}, work));
		} finally {
			pool.close();
		}

		return pool.totals();
	} finally {
		database.close();
	}
}
