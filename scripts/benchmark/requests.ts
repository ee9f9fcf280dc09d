import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger} from '../../source/accounts/ledger.ts';
import {type BackupMemoryEntry, runPlan} from '../../source/backup/runner.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {RunReport} from '../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {openDatabase} from '../../source/system/sqlite.ts';
import {leastForFirstBackup} from './least-requests.ts';

/** Requests of a run to REST (`api`, `webhooks`, `raw`) and to Git, for its repositories alone. */
export type RunRequests = {readonly rest: number; readonly git: number};

export type RequestsFigures = {
	readonly repositories: number;
	/** Of all repositories together. */
	readonly pullRequests: number;
	readonly first: RunRequests & {
		/** The fewest REST requests that it could have taken. */
		readonly leastRest: number;
		readonly ratio: number;
	};
	/** A later run, of each repository, where nothing changed: what the one took that took most. */
	readonly unchanged: RunRequests;
	/** A later run of the one repository in which somebody commented on one pull request. */
	readonly changed: RunRequests;
};

const plenty = {requests: 1_000_000, windowMilliseconds: 3_600_000};

/**
Counts the requests of a first backup of the sandbox's workspace, of one after it, and of one after a comment.

@param options How many repositories, and pull requests in each of them that is not empty; by default those of the sandbox.
*/
export async function measureRequests(
	options: {readonly repositories?: number; readonly pullRequests?: number} = {},
): Promise<RequestsFigures> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	const sandbox = await startSandbox({...options, limits: {api: plenty, raw: plenty, webhooks: plenty}});
	try {
		const memory = new Map<string, BackupMemoryEntry>();
		const run = async (): Promise<ReadonlyMap<string, RunRequests>> => runOnce(sandbox, folder, memory);
		const first = await run();
		let leastRest = 0;
		let pullRequests = 0;
		for (const repository of sandbox.world.repositories) {
			const contents = await sandbox.services.contents(repository);
			leastRest += leastForFirstBackup(contents);
			pullRequests += contents.pullRequests.length;
		}

		const unchanged = [...(await run()).values()];
		const [{slug} = {slug: ''}] = sandbox.world.repositories;
		const [one] = (await sandbox.repository(slug).contents()).pullRequests;
		await sandbox.repository(slug).addComment(one?.id ?? 1, {raw: 'One more thing'});
		const changed = (await run()).get(slug) ?? {rest: 0, git: 0};
		const rest = sum([...first.values()].map(requests => requests.rest));
		return {
			repositories: first.size,
			pullRequests,
			first: {rest, git: sum([...first.values()].map(({git}) => git)), leastRest, ratio: rest / leastRest},
			unchanged: {
				rest: Math.max(...unchanged.map(requests => requests.rest)),
				git: Math.max(...unchanged.map(({git}) => git)),
			},
			changed,
		};
	} finally {
		await sandbox.close();
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

/** Runs a plan of all repositories through one account. @returns what each repository took. */
async function runOnce(
	sandbox: Sandbox,
	folder: string,
	memory: Map<string, BackupMemoryEntry>,
): Promise<ReadonlyMap<string, RunRequests>> {
	const [found] = sandbox.credentials;
	if (found === undefined) {
		throw new Error('The sandbox has no credential.');
	}

	const {kind, label, secret, username} = found;
	const credential = {id: label, label, kind, username, addedAt: new Date().toISOString()};
	const organization = OrganizationSchema.parse({
		workspace: sandbox.workspace,
		apiUrl: sandbox.apiUrl,
		gitUrl: sandbox.gitUrl,
		apiLimit: '1000000/1h',
		reservePercent: 0,
		primaryCredential: credential,
		additionalCredentials: [],
	});
	const redactor = createRedactor();
	const pool = await createAccountPool({
		organization,
		credentials: [{credential: organization.primaryCredential, secret}],
		ledger: createLedger(openDatabase(':memory:'), systemClock),
		clock: systemClock,
		redactor,
		reservePercent: 0,
		requestsPerSecond: 1000,
		onChange: () => undefined,
	});
	const reports: RunReport[] = [];
	try {
		const {status, problems} = await runPlan({
			plan: PlanSchema.parse({
				name: 'benchmark',
				organization: sandbox.workspace,
				data: ['git', 'lfs', 'pull-requests', 'settings', 'downloads'],
			}),
			organization,
			destination: folder,
			pool,
			report: report => reports.push(report),
			clock: systemClock,
			signal: new AbortController().signal,
			memory: {
				get: (workspace, uuid) => memory.get(workspace + uuid),
				put: entry => void memory.set(entry.workspace + entry.uuid, entry),
				list: () => [...memory.values()],
				remove: (workspace, uuid) => void memory.delete(workspace + uuid),
			},
			run: 'benchmark',
			redactor,
		});
		if (status !== 'succeeded') {
			throw new Error(`The benchmark's backup did not succeed: ${problems.join('; ')}`);
		}
	} finally {
		pool.close();
	}

	return new Map(
		reports.flatMap(report => {
			if (report.type !== 'repository-finished') {
				return [];
			}

			const {git = 0, ...others} = report.requests;
			return [[report.repository, {rest: sum(Object.values(others)), git}] as const];
		}),
	);
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, one) => total + one, 0);
}
