import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger} from '../../source/accounts/ledger.ts';
import {parseBatch, parseTree} from '../../source/backup/git-objects.ts';
import {openMirror} from '../../source/backup/mirror.ts';
import {listPacks} from '../../source/backup/retention/packs/pack-files.ts';
import {repack} from '../../source/backup/retention/packs/repack.ts';
import {retain} from '../../source/backup/retention/retain.ts';
import {runPlan} from '../../source/backup/runner.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {type Sandbox, type SandboxCredential, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type Clock, systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {openDatabase} from '../../source/system/sqlite.ts';
import {createLifelikeHistory} from './lifelike-history.ts';
import {bytesOnDisk, copyWithLinks} from './linked-copies.ts';

/** Bytes on disk (whole blocks, a file of several names once) of 30 states of one repository. */
export type DiskFigures = {
	readonly snapshots: number;
	readonly commits: number;
	readonly pullRequests: number;
	/** Our mirror: every ref and all metadata of every day. */
	readonly mirror: {
		/** As the runs leave it: they put packs together when there are many. */
		readonly afterRuns: number;
		/** As it would be if they never did; what the runs said that came to it. */
		readonly neverPacked: number;
		/** With all its packs put together. */
		readonly packed: number;
		/** With the last seven snapshots alone, and what only the others needed gone. */
		readonly sevenKept: number;
	};
	/** Git alone, as others keep it, without metadata. */
	readonly git: {
		/** A `git bundle create --all` for each day. */
		readonly bundles: number;
		/** A copy of a `git clone --mirror` for each day. */
		readonly copies: number;
		/** The same by `rsync --link-dest`. */
		readonly linkedCopies: number;
		/** One such clone, brought up to date each day: the last state, and no ref of any other. */
		readonly oneClone: number;
	};
	/** The metadata of each day as plain files, to be added to `git` where the two are compared with the mirror. */
	readonly metadata: {readonly copies: number; readonly linkedCopies: number};
};

const days = 30;
const firstCommits = 300;
const commitsADay = 8;
const commentsADay = 3;
const millisecondsADay = 86_400_000;

/**
Backs up a repository on 30 days: 300 commits at first, then eight a day, a branch that is forced each day, a new branch now and
then, and comments on three of its 40 pull requests.
*/
export async function measureDisk(): Promise<DiskFigures> {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-disk-'));
	const sandbox = await startSandbox({repositories: 2, pullRequests: 40});
	try {
		return await live(folder, sandbox);
	} finally {
		await sandbox.close();
		rmSync(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

async function live(folder: string, sandbox: Sandbox): Promise<DiskFigures> {
	const {repository, pullRequests} = await busiestRepository(sandbox);
	const {slug} = repository;
	const main = repository.mainBranch ?? 'main';
	const history = createLifelikeHistory(join(sandbox.folder, 'git', sandbox.workspace, `${slug}.git`));
	history.commit(main, firstCommits);
	const ours = createOurs(join(folder, 'ours'), sandbox, slug);
	const others = createOthers(join(folder, 'others'), sandbox, slug);
	for (let day = 0; day < days; day += 1) {
		history.commit(main, commitsADay);
		history.force('forced', main, 2);
		if (day % 5 === 0) {
			history.force(`topic-${day}`, main, 3);
		}

		for (let count = 0; count < commentsADay; count += 1) {
			const id = pullRequests[(day * commentsADay + count) % pullRequests.length] ?? 1;
			await sandbox.repository(slug).addComment(id, {raw: `Day ${day}, ${count}: ${'as said. '.repeat(20)}`});
		}

		await ours.run(day);
		others.keep(day, ours.metadata());
	}

	const afterRuns = bytesOnDisk([ours.mirror()]);
	await ours.packAll();
	const packed = bytesOnDisk([ours.mirror()]);
	await ours.keepSeven();
	return {
		snapshots: days,
		commits: firstCommits + days * (commitsADay + 2) + (days / 5) * 3,
		pullRequests: pullRequests.length,
		mirror: {
			afterRuns,
			neverPacked: ours.bytesThatCame(),
			packed,
			sevenKept: bytesOnDisk([ours.mirror()]),
		},
		...others.figures(),
	};
}

async function busiestRepository(sandbox: Sandbox) {
	for (const repository of sandbox.world.repositories) {
		const {pullRequests} = await sandbox.services.contents(repository);
		if (pullRequests.length > 0) {
			return {repository, pullRequests: pullRequests.map(({id}) => id)};
		}
	}

	throw new Error('The sandbox has no repository with pull requests.');
}

/** Our backups of one repository. */
function createOurs(folder: string, sandbox: Sandbox, slug: string) {
	let bytes = 0;
	const mirror = (): string => {
		const workspaceFolder = join(folder, sandbox.workspace);
		return join(workspaceFolder, readdirSync(workspaceFolder).find(name => name.startsWith(slug)) ?? '');
	};
	const git = (arguments_: readonly string[], input = ''): Buffer =>
		execFileSync('git', ['--git-dir', mirror(), ...arguments_], {input, maxBuffer: 2 ** 30});
	const inMirror = async (work: Parameters<typeof withMirror>[1]): Promise<void> =>
		withMirror(mirror(), work);
	return {
		mirror,
		bytesThatCame: () => bytes,
		run: async (day: number): Promise<void> => {
			bytes += await backUp({folder, sandbox, slug, clock: clockOf(day)});
		},
		/** Files of the newest snapshot, but for its refs, by path. */
		metadata: (): ReadonlyMap<string, Buffer> => {
			const newest = git(['for-each-ref', '--format=%(objectname)', 'refs/brigade/snapshots'])
				.toString()
				.trimEnd()
				.split('\n')
				.at(-1);
			const files = [...parseTree(git(['ls-tree', '-r', '-z', newest ?? '']))].filter(
				([path]) => path !== 'refs',
			);
			const contents = parseBatch(git(['cat-file', '--batch'], files.map(([, {id}]) => `${id}\n`).join('')));
			return new Map(files.map(([path], index) => [path, contents[index]?.contents ?? Buffer.alloc(0)]));
		},
		packAll: async (): Promise<void> =>
			inMirror(async opened => {
				const packs = (await listPacks(opened.folder)).map(({name}) => name);
				const options = {mirror: opened, tips: new Set<string>(), before: () => undefined, now: 0};
				await repack({kind: 'consolidate', packs}, undefined, options);
			}),
		/** Once as retention does it, and again when all times of grace are over. */
		keepSeven: async (): Promise<void> => {
			for (const later of [0, 200, 400]) {
				const rules = {policies: [{plan: 'benchmark', rules: {last: 7}}], isKnownPlan: () => true};
				await inMirror(async opened => {
					await retain(opened, {...rules, now: clockOf(days + later).now()});
				});
			}
		},
	};
}

async function withMirror(
	folder: string,
	work: (mirror: Awaited<ReturnType<typeof openMirror>>) => Promise<unknown>,
): Promise<void> {
	const mirror = await openMirror(folder, systemClock, new AbortController().signal);
	try {
		await work(mirror);
	} finally {
		mirror.close();
	}
}

/** @returns the bytes that came to the mirror. */
async function backUp({
	folder,
	sandbox,
	slug,
	clock,
}: {
	readonly folder: string;
	readonly sandbox: Sandbox;
	readonly slug: string;
	readonly clock: Clock;
}): Promise<number> {
	const {kind, secret, username} = sandbox.credentials.find(
		({label}) => label === 'primary',
	) as SandboxCredential;
	const organization = OrganizationSchema.parse({
		...{workspace: sandbox.workspace, apiUrl: sandbox.apiUrl, gitUrl: sandbox.gitUrl, reservePercent: 0},
		primaryCredential: {
			...{id: 'primary', label: 'primary', kind, addedAt: new Date().toISOString()},
			...(username === undefined ? {} : {username}),
		},
	});
	const redactor = createRedactor();
	const pool = await createAccountPool({
		...{organization, clock, redactor, reservePercent: 0, requestsPerSecond: 1000},
		credentials: [{credential: organization.primaryCredential, secret}],
		ledger: createLedger(openDatabase(':memory:'), clock),
		onChange: () => undefined,
	});
	try {
		const {status, bytes, problems} = await runPlan({
			...{organization, pool, clock, redactor, destination: folder, run: 'benchmark'},
			plan: PlanSchema.parse({
				...{name: 'benchmark', organization: sandbox.workspace, include: [slug]},
				data: ['git', 'pull-requests', 'settings'],
			}),
			report: () => undefined,
			signal: new AbortController().signal,
			memory: {get: () => undefined, put: () => undefined, list: () => [], remove: () => undefined},
		});
		if (status !== 'succeeded') {
			throw new Error(`The backup ended as ${status}: ${problems.join('; ')}`);
		}

		return bytes;
	} finally {
		pool.close();
	}
}

function clockOf(day: number): Clock {
	return {...systemClock, now: () => systemClock.now() + day * millisecondsADay};
}

/** What others keep of the same repository each day. */
function createOthers(folder: string, sandbox: Sandbox, slug: string) {
	const clone = join(folder, 'clone.git');
	const kept = {
		...{bundles: [] as string[], copies: [] as string[], linkedCopies: [] as string[]},
		...{metadataCopies: [] as string[], linkedMetadata: [] as string[]},
	};
	const address = join(sandbox.folder, 'git', sandbox.workspace, `${slug}.git`);
	return {
		keep: (day: number, metadata: ReadonlyMap<string, Buffer>): void => {
			const place = (kind: keyof typeof kept): string => {
				const path = join(folder, kind, String(day));
				kept[kind].push(path);
				mkdirSync(path, {recursive: true});
				return path;
			};
			if (day === 0) {
				const arguments_ = ['clone', '--quiet', '--mirror', '--no-local'];
				// What people see of it: the sandbox keeps lost commits under refs of its own.
				execFileSync('git', [...arguments_, `file://${address}`, clone]);
				execFileSync('git', [
					'--git-dir',
					clone,
					'config',
					'remote.origin.fetch',
					'+refs/heads/*:refs/heads/*',
				]);
			} else {
				execFileSync('git', ['--git-dir', clone, 'remote', 'update', '--prune'], {stdio: 'ignore'});
			}

			execFileSync('git', [
				'--git-dir',
				clone,
				'bundle',
				'create',
				'-q',
				join(place('bundles'), 'all.bundle'),
				'--all',
			]);
			cpSync(clone, place('copies'), {recursive: true});
			copyWithLinks(clone, place('linkedCopies'), kept.linkedCopies.at(-2));
			const plain = place('metadataCopies');
			for (const [path, contents] of metadata) {
				mkdirSync(dirname(join(plain, path)), {recursive: true});
				writeFileSync(join(plain, path), contents);
			}

			copyWithLinks(plain, place('linkedMetadata'), kept.linkedMetadata.at(-2));
		},
		figures: (): Pick<DiskFigures, 'git' | 'metadata'> => ({
			git: {
				bundles: bytesOnDisk(kept.bundles),
				copies: bytesOnDisk(kept.copies),
				linkedCopies: bytesOnDisk(kept.linkedCopies),
				oneClone: bytesOnDisk([clone]),
			},
			metadata: {
				copies: bytesOnDisk(kept.metadataCopies),
				linkedCopies: bytesOnDisk(kept.linkedMetadata),
			},
		}),
	};
}
