import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger} from '../../source/accounts/ledger.ts';
import {type BackupMemoryEntry, runPlan} from '../../source/backup/runner.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {SandboxCredential} from '../../source/sandbox/start-sandbox.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {openDatabase} from '../../source/system/sqlite.ts';
import {lifelikeHistory, tinyHistory} from './generate-history.ts';
import {type SandboxProcess, startSandboxProcess} from './start-sandbox-process.ts';

export type GitSpeed = {
	/** Time of a first backup, as a multiple of `git clone --mirror` of the same repositories. */
	readonly first: number;
	/** Time of a run that finds nothing changed, as a multiple of `git remote update` of the same mirrors. */
	readonly unchanged: number;
	/** Milliseconds for each repository, to judge how far the ratios are to be believed. */
	readonly milliseconds: {
		readonly firstOurs: number;
		readonly firstGit: number;
		readonly unchangedOurs: number;
		readonly unchangedGit: number;
	};
};

export type GitSpeedOptions = {
	readonly size: 'tiny' | 'lifelike';
	readonly repositories: number;
	/** Repositories at the same time, of both. */
	readonly atOnce: number;
	/** How often each is measured, in turns; the medians are compared. */
	readonly rounds: number;
	/** Milliseconds that are added to what is sent, in each direction. */
	readonly latency: number;
};

/** Times Git alone, ours and git's own, at the same server in the same run. */
export async function measureGitSpeed(options: GitSpeedOptions): Promise<GitSpeed> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	const sandbox = await startSandboxProcess({
		folder: join(folder, 'sandbox'),
		repositories: options.repositories,
		pullRequests: 0,
		accounts: 0,
		limits: {
			api: {requests: 1_000_000, windowMilliseconds: 3_600_000},
			git: {requests: 1_000_000, windowMilliseconds: 3_600_000},
		},
	});
	const proxy = options.latency === 0 ? undefined : await startProxy(sandbox, options.latency);
	try {
		await giveHistories(sandbox, folder, options.size);
		const contestants = createContestants(proxy?.seen(sandbox) ?? sandbox, folder, options.atOnce);
		const times = {firstOurs: [], firstGit: [], unchangedOurs: [], unchangedGit: []} as Record<
			keyof GitSpeed['milliseconds'],
			number[]
		>;
		for (let round = 0; round < options.rounds; round += 1) {
			times.firstGit.push(await contestants.clone(round));
			times.firstOurs.push(await contestants.backUp(round));
			times.unchangedGit.push(await contestants.update(round));
			times.unchangedOurs.push(await contestants.backUp(round));
			await contestants.forget(round);
		}

		const each = (name: keyof GitSpeed['milliseconds']): number => median(times[name]) / sandbox.slugs.length;
		const milliseconds = {
			firstOurs: each('firstOurs'),
			firstGit: each('firstGit'),
			unchangedOurs: each('unchangedOurs'),
			unchangedGit: each('unchangedGit'),
		};
		return {
			first: milliseconds.firstOurs / milliseconds.firstGit,
			unchanged: milliseconds.unchangedOurs / milliseconds.unchangedGit,
			milliseconds,
		};
	} finally {
		proxy?.close();
		await sandbox.close();
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

type Place = Pick<SandboxProcess, 'apiUrl' | 'gitUrl' | 'workspace' | 'credentials' | 'slugs'>;

function createContestants(place: Place, folder: string, atOnce: number) {
	const memories = new Map<number, Map<string, BackupMemoryEntry>>();
	const credential = place.credentials.find(({label}) => label === 'primary') as SandboxCredential;
	const header = `Authorization: Basic ${Buffer.from(`x-bitbucket-api-token-auth:${credential.secret}`).toString('base64')}`;
	const mirrors = (round: number): string => join(folder, `git-${round}`);
	const address = (slug: string): string => `${place.gitUrl}/${place.workspace}/${slug}.git`;
	const inParallel = async (work: (slug: string) => readonly string[]): Promise<void> => {
		const waiting = [...place.slugs];
		await Promise.all(
			Array.from({length: atOnce}, async () => {
				for (let slug = waiting.shift(); slug !== undefined; slug = waiting.shift()) {
					await git(['-c', `http.extraHeader=${header}`, ...work(slug)]);
				}
			}),
		);
	};

	return {
		clone: async (round: number) => {
			await mkdir(mirrors(round));
			return timed(async () =>
				inParallel(slug => ['clone', '--quiet', '--mirror', address(slug), join(mirrors(round), slug)]),
			);
		},
		update: async (round: number) =>
			timed(async () => inParallel(slug => ['-C', join(mirrors(round), slug), 'remote', 'update'])),
		backUp: async (round: number) => {
			const memory = memories.get(round) ?? new Map<string, BackupMemoryEntry>();
			memories.set(round, memory);
			return timed(async () =>
				backUp({place, credential, folder: join(folder, `ours-${round}`), atOnce, memory}),
			);
		},
		forget: async (round: number) => {
			await rm(mirrors(round), {recursive: true, force: true});
			await rm(join(folder, `ours-${round}`), {recursive: true, force: true});
		},
	};
}

async function backUp({
	place,
	credential,
	folder,
	atOnce,
	memory,
}: {
	place: Place;
	credential: SandboxCredential;
	folder: string;
	atOnce: number;
	memory: Map<string, BackupMemoryEntry>;
}): Promise<void> {
	const organization = OrganizationSchema.parse({
		workspace: place.workspace,
		apiUrl: place.apiUrl,
		gitUrl: place.gitUrl,
		primaryCredential: {
			id: 'primary',
			label: 'primary',
			kind: credential.kind,
			username: credential.username,
			addedAt: new Date().toISOString(),
		},
	});
	const redactor = createRedactor();
	const pool = await createAccountPool({
		organization,
		credentials: [{credential: organization.primaryCredential, secret: credential.secret}],
		// As after a credential was checked: a run does not ask again who it is.
		knownAccounts: new Map([['primary', {id: '{primary}', name: 'primary'}]]),
		ledger: createLedger(openDatabase(':memory:'), systemClock),
		clock: systemClock,
		redactor,
		reservePercent: 0,
		requestsPerSecond: 1000,
		onChange: () => undefined,
	});
	const outcome = await runPlan({
		plan: PlanSchema.parse({
			name: 'benchmark',
			organization: place.workspace,
			data: ['git'],
			advanced: {repositoriesAtOnce: atOnce},
		}),
		organization,
		destination: folder,
		pool,
		report: () => undefined,
		clock: systemClock,
		signal: new AbortController().signal,
		memory: {
			get: (_, uuid) => memory.get(uuid),
			put: entry => {
				memory.set(entry.uuid, entry);
			},
			list: () => [...memory.values()],
			remove: (_, uuid) => {
				memory.delete(uuid);
			},
		},
		run: 'benchmark',
		redactor,
	});
	pool.close();
	if (outcome.status !== 'succeeded') {
		throw new Error(`The run ${outcome.status}: ${outcome.problems[0]}`);
	}
}

/** Puts histories of a size into the sandbox's repositories, behind its back. */
async function giveHistories(
	sandbox: SandboxProcess,
	folder: string,
	size: GitSpeedOptions['size'],
): Promise<void> {
	const credential = sandbox.credentials.find(({label}) => label === 'primary');
	for (const [index, slug] of sandbox.slugs.entries()) {
		// The sandbox makes a repository when it is first asked for it.
		const url = new URL(`${sandbox.gitUrl}/${sandbox.workspace}/${slug}.git`);
		url.username = 'x-bitbucket-api-token-auth';
		url.password = credential?.secret ?? '';
		await git(['ls-remote', '--quiet', url.href]);
		const repository = join(folder, 'sandbox', 'git', sandbox.workspace, `${slug}.git`);
		const refs = (await git(['-C', repository, 'for-each-ref', '--format=delete %(refname)'])).trim();
		await git(['-C', repository, 'update-ref', '--stdin'], refs === '' ? '' : `${refs}\n`);
		const history = size === 'tiny' ? tinyHistory(index) : lifelikeHistory(index);
		await git(['-C', repository, 'fast-import', '--quiet', '--force'], history);
		await git(['-C', repository, 'symbolic-ref', 'HEAD', 'refs/heads/main']);
		await git(['-C', repository, 'repack', '-adq']);
		await git(['-C', repository, 'prune', '--expire=now']);
		await git(['-C', repository, 'pack-refs', '--all']);
	}
}

type Proxy = {readonly seen: (sandbox: Place) => Place; readonly close: () => void};

async function startProxy(sandbox: Place, latency: number): Promise<Proxy> {
	const script = fileURLToPath(new URL('delay-proxy.ts', import.meta.url));
	const {port} = new URL(sandbox.gitUrl);
	const child = spawn(process.execPath, ['--import=tsx', script, port, String(latency)], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const {value} = await createInterface({input: child.stdout})[Symbol.asyncIterator]().next();
	const through = (address: string): string => {
		const url = new URL(address);
		url.port = String(value);
		return url.href.replace(/\/$/, '');
	};

	return {
		seen: ({apiUrl, gitUrl, workspace, credentials, slugs}) => ({
			apiUrl: through(apiUrl),
			gitUrl: through(gitUrl),
			workspace,
			credentials,
			slugs,
		}),
		close: () => child.stdin.end(),
	};
}

async function git(arguments_: readonly string[], input: string | Buffer = ''): Promise<string> {
	const child = spawn('git', arguments_, {
		env: {
			PATH: process.env['PATH'],
			GIT_CONFIG_NOSYSTEM: '1',
			GIT_CONFIG_GLOBAL: '/dev/null',
			HOME: '/dev/null',
		},
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let output = '';
	let complaints = '';
	child.stdout.on('data', chunk => {
		output += chunk;
	});
	child.stderr.on('data', chunk => {
		complaints += chunk;
	});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	const [code] = await once(child, 'close');
	if (code !== 0) {
		throw new Error(`git ended with ${code}: ${complaints}`);
	}

	return output;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((left, right) => left - right);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
