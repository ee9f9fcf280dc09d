import {mkdtemp, rm, stat} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import got from 'got';
import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger, type LedgerCandidate} from '../../source/accounts/ledger.ts';
import type {OpenedCredential} from '../../source/model/credential.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import type {DatabaseSync} from '../../source/system/sqlite.ts';

export type PoolCostFigures = {
	readonly accounts: number;
	readonly entriesEach: number;
	/** Time of a request through the pool, by the time of the same request by got. */
	readonly overGot: number;
	/** What a request costs more than by got, in microseconds. */
	readonly extraMicroseconds: number;
	/** The ledger's part: a charge and its settling, in microseconds. */
	readonly ledgerMicroseconds: number;
	/** Growth of the process's memory by opening the ledger and the pool, in megabytes. */
	readonly memoryMegabytes: number;
	/** Size of the state database with its log, in megabytes. */
	readonly diskMegabytes: number;
};

const requests = 1500;
const atOnce = 8;
const limit = {requests: 100_000, windowMilliseconds: 3_600_000};

/** What the pool itself costs, against a server on loopback that answers at once. */
export async function measurePoolCost(accounts: number, entriesEach: number): Promise<PoolCostFigures> {
	const server = createServer((_request, response) => {
		response.setHeader('content-type', 'application/json');
		response.end('{"values":[]}');
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	const state = join(folder, 'state.db');
	const database = openStateDatabase(state);
	try {
		const ids = Array.from({length: accounts}, (_, index) => `user {account-${index}}`);
		fill(database, ids, entriesEach);
		const before = await memory();
		const pool = await openPool(database, url, ids);
		const after = await memory();

		const byGot = await timeEach(async n => {
			await got(`${url}/2.0/repositories/acme/web?n=${n}`, {
				headers: {authorization: 'Bearer secret', accept: 'application/json'},
				retry: {limit: 0},
			});
		});
		const byPool = await timeEach(async n => {
			await pool.get({url: `/repositories/acme/web?n=${n}`, repository: 'web'});
		});
		pool.close();
		return {
			accounts,
			entriesEach,
			overGot: byPool / byGot,
			extraMicroseconds: byPool - byGot,
			ledgerMicroseconds: timeLedger(database, ids),
			memoryMegabytes: Math.max(0, after - before) / 1e6,
			diskMegabytes: (await sizeOf(state)) / 1e6,
		};
	} finally {
		database.close();
		server.closeAllConnections();
		server.close();
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

/** Microseconds of a request, over all that go on at the same time; the first tenth is not counted. */
async function timeEach(send: (n: number) => Promise<void>): Promise<number> {
	const warm = requests / 10;
	let next = 0;
	let start = 0;
	const work = async (): Promise<void> => {
		for (let n = next++; n < requests + warm; n = next++) {
			if (n === warm) {
				start = performance.now();
			}

			await send(n);
		}
	};
	await Promise.all(Array.from({length: atOnce}, work));
	return ((performance.now() - start) * 1000) / requests;
}

function timeLedger(database: DatabaseSync, ids: readonly string[]): number {
	const ledger = createLedger(database, systemClock);
	const candidates = ids.map((account): LedgerCandidate => ({account, limit, usable: limit.requests}));
	const charge = (): void => {
		const result = ledger.charge({resource: 'api', candidates, requests: 1, owner: 'benchmark'});
		if (result.kind !== 'charged') {
			throw new Error('The quota is used up.');
		}

		ledger.settle(result.entry);
	};
	for (let n = 0; n < requests / 10; n += 1) {
		charge();
	}

	const start = performance.now();
	for (let n = 0; n < requests; n += 1) {
		charge();
	}

	return ((performance.now() - start) * 1000) / requests;
}

/** Entries as requests leave them that were answered in the course of the last hour. */
function fill(database: DatabaseSync, accounts: readonly string[], entriesEach: number): void {
	createLedger(database, systemClock);
	const now = Math.round(systemClock.elapsed());
	const insert = database.prepare(
		'INSERT INTO quota_entries (account, resource, requests, counts_until) VALUES (?, ?, 1, ?)',
	);
	database.exec('BEGIN');
	for (let entry = 0; entry < entriesEach; entry += 1) {
		const countsUntil = now + 600_000 + Math.round((entry / entriesEach) * 3_000_000);
		for (const account of accounts) {
			insert.run(account, 'api', countsUntil);
		}
	}

	database.exec('COMMIT');
}

async function openPool(database: DatabaseSync, url: string, ids: readonly string[]) {
	const credentials = ids.map(
		(id): OpenedCredential => ({
			credential: {
				id,
				label: id,
				kind: 'workspace-access-token',
				addedAt: '2026-11-22T13:15:00.000Z',
			},
			secret: `secret of ${id}`,
		}),
	);
	const [primary, ...additional] = credentials.map(({credential}) => credential);
	return createAccountPool({
		organization: OrganizationSchema.parse({
			workspace: 'acme',
			apiUrl: `${url}/2.0`,
			gitUrl: url,
			apiLimit: `${limit.requests}/1h`,
			reservePercent: 0,
			primaryCredential: primary,
			additionalCredentials: additional,
		}),
		credentials,
		knownAccounts: new Map(ids.map(id => [id, {id, name: id}])),
		ledger: createLedger(database, systemClock),
		clock: systemClock,
		redactor: createRedactor(),
		reservePercent: 0,
		requestsPerSecond: 1000,
		onChange: () => undefined,
	});
}

async function memory(): Promise<number> {
	await new Promise(resolve => {
		setImmediate(resolve);
	});
	return process.memoryUsage().rss;
}

async function sizeOf(path: string): Promise<number> {
	const sizes = await Promise.all(
		[path, `${path}-wal`].map(async file => (await stat(file).catch(() => ({size: 0}))).size),
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}
