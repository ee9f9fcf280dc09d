import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {importCommits, writeRefs} from '../../test/backup/many-refs.ts';
import type {SandboxRun} from '../../test/backup/run-against-sandbox.ts';
import type {MeasuredRun} from './measured-run.ts';
import {type SandboxProcess, startSandboxProcess} from './start-sandbox-process.ts';

/** What it takes to list a workspace and to have all of its repositories ready to be backed up. */
export type ListingFigures = {
	readonly repositories: number;
	readonly seconds: number;
	readonly heapMegabytes: number;
	readonly peakMegabytes: number;
};

/** One kind of run of a repository with very many refs, beside what git takes for the same. */
export type ManyRefsFigures = {
	readonly kind: 'first backup' | 'unchanged' | 'ten changed';
	readonly seconds: number;
	/** Of `git clone --mirror`, then of `git remote update` in that mirror. */
	readonly gitSeconds: number;
	/** Ours by git's. */
	readonly overGit: number;
	/** The most memory that our process had; the git that it runs is not in it. */
	readonly peakMegabytes: number;
};

export type ScaleFigures = {
	readonly listings: readonly ListingFigures[];
	/** Bytes by which the heap grows with each repository of the workspace. */
	readonly heapBytesEach: number;
	readonly refs: number;
	readonly manyRefs: readonly ManyRefsFigures[];
};

const listed = [500, 5000] as const;
const refs = 50_000;

/** How a run grows with the repositories of a workspace, and with the refs of one of them. Takes a minute or two. */
export async function measureScale(): Promise<ScaleFigures> {
	const listings: ListingFigures[] = [];
	for (const repositories of listed) {
		listings.push(await measureListing(repositories));
	}

	const [few, many] = listings;
	const growth = ((many?.heapMegabytes ?? 0) - (few?.heapMegabytes ?? 0)) * megabyte;
	return {
		listings,
		heapBytesEach: growth / (listed[1] - listed[0]),
		refs,
		manyRefs: await measureManyRefs(),
	};
}

const megabyte = 1_000_000;

async function measureListing(repositories: number): Promise<ListingFigures> {
	return inSandbox({repositories}, async (sandbox, folder) => {
		const {seconds, heapAtFirst, peakMemory} = await measureRun(runIn(sandbox, folder), ['list']);
		return {
			repositories,
			seconds,
			heapMegabytes: (heapAtFirst ?? 0) / megabyte,
			peakMegabytes: peakMemory / megabyte,
		};
	});
}

async function measureManyRefs(): Promise<readonly ManyRefsFigures[]> {
	return inSandbox({repositories: 1}, async (sandbox, folder) => {
		const [slug = ''] = sandbox.slugs;
		const run = {...runIn(sandbox, folder), plan: {include: [slug], data: ['git']}};
		const address = `${sandbox.gitUrl}/${sandbox.workspace}/${slug}.git`;
		const signedIn = withSignIn(address, sandbox);
		// The sandbox makes a repository when it is first asked for.
		await git(['ls-remote', signedIn]);
		const upstream = join(folder, 'sandbox', 'git', sandbox.workspace, `${slug}.git`);
		const {roots} = importCommits(upstream, 2000);
		const [first = ''] = roots;
		const all = new Map(
			Array.from({length: refs}, (_, index) => [
				`refs/heads/team-${index % 100}/branch-${index}`,
				roots[index] ?? first,
			]),
		);
		writeRefs(upstream, all);

		const clone = join(folder, 'clone.git');
		const update = ['--git-dir', clone, 'remote', 'update'];
		const figures: ManyRefsFigures[] = [];
		const compare = async (kind: ManyRefsFigures['kind'], arguments_: readonly string[]): Promise<void> => {
			const gitSeconds = await secondsOf(async () => git(arguments_));
			const {seconds, peakMemory, status} = await measureRun(run);
			if (status !== 'succeeded') {
				throw new Error(`The run of the benchmark has ${status}.`);
			}

			figures.push({
				kind,
				seconds,
				gitSeconds,
				overGit: seconds / gitSeconds,
				peakMegabytes: peakMemory / megabyte,
			});
		};

		await compare('first backup', ['clone', '--quiet', '--mirror', signedIn, clone]);
		await compare('unchanged', update);
		const changed = [...all.keys()]
			.slice(0, 10)
			.map((name): [string, string] => [name, roots.at(-1) ?? first]);
		writeRefs(upstream, new Map([...all, ...changed]));
		await compare('ten changed', update);
		return figures;
	});
}

/** @param work Gets the sandbox and a folder, in which the sandbox has its own; both are gone at the end. */
async function inSandbox<Result>(
	options: {readonly repositories: number},
	work: (sandbox: SandboxProcess, folder: string) => Promise<Result>,
): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	const sandbox = await startSandboxProcess({
		...options,
		folder: join(folder, 'sandbox'),
		limits: {api: {requests: 1_000_000, windowMilliseconds: 3_600_000}},
	});
	try {
		return await work(sandbox, folder);
	} finally {
		await sandbox.close();
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

function runIn({workspace, apiUrl, gitUrl, credentials}: SandboxProcess, folder: string): SandboxRun {
	const primary = credentials.filter(({label}) => label === 'primary');
	return {
		folder: join(folder, 'home'),
		workspace,
		apiUrl,
		gitUrl,
		credentials: primary,
		plan: {data: ['git']},
	};
}

async function measureRun(run: SandboxRun, arguments_: readonly string[] = []): Promise<MeasuredRun> {
	const script = fileURLToPath(new URL('measured-run.ts', import.meta.url));
	const child = spawn(process.execPath, ['--expose-gc', '--import=tsx', script, ...arguments_], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	child.stdin.end(JSON.stringify(run));
	const chunks: Buffer[] = [];
	child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	await once(child, 'close');
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as MeasuredRun;
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
	const begun = performance.now();
	await work();
	return (performance.now() - begun) / 1000;
}

async function git(arguments_: readonly string[]): Promise<void> {
	const child = spawn('git', arguments_, {
		env: {PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null'},
		stdio: 'ignore',
	});
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) {
		throw new Error(`git ${arguments_[0]} ended with ${code}.`);
	}
}

function withSignIn(address: string, {credentials}: SandboxProcess): string {
	const primary = credentials.find(({label}) => label === 'primary');
	const url = new URL(address);
	url.username = 'x-bitbucket-api-token-auth';
	url.password = primary?.secret ?? '';
	return url.href;
}
