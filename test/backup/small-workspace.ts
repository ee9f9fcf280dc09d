import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type BackupMemoryEntry, type RunPlanOptions, runPlan} from '../../source/backup/runner.ts';
import {type DataKind, DataKindSchema} from '../../source/model/data-kind.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {RunReport} from '../../source/runs/events.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {makeAcme} from '../acme.ts';
import {createFakeClock, type FakeClock} from '../fake-clock.ts';
import {createFakePool, type FakeAnswers, type FakePool, notFound} from './fake-pool.ts';
import {type GitServer, startGitServer} from './git-server.ts';
import {makeUpstream, runGitIn, type UpstreamRepository} from './upstream-repository.ts';

export const uuidOf = (number: number): string => `{0000000${number}-1111-4222-8333-444455556666}`;

export type RunResult = {
	readonly outcome: Awaited<ReturnType<typeof runPlan>>;
	readonly reports: readonly RunReport[];
	readonly pool: FakePool;
	/** The event `repository-finished` of a repository. */
	readonly of: (slug: string) => Extract<RunReport, {type: 'repository-finished'}>;
};

/** A workspace of two repositories on a real Git server, whose REST answers a test makes up. */
export type SmallWorkspace = {
	readonly folder: string;
	readonly destination: string;
	readonly server: GitServer;
	readonly clock: FakeClock;
	readonly memory: Map<string, BackupMemoryEntry>;
	readonly web: UpstreamRepository;
	readonly api: UpstreamRepository;
	/** Answers by path below the API, without the query; what is not here is not found. */
	readonly answers: Map<string, unknown>;
	readonly run: (data: readonly DataKind[], options?: Partial<RunPlanOptions>) => Promise<RunResult>;
	/** Path of the mirror of a repository. */
	readonly mirror: (slug: string) => string;
	/** Ids of its snapshots, oldest first. */
	readonly snapshots: (slug: string) => readonly string[];
	/** A file of a repository's newest snapshot; undefined where it is not there. */
	readonly file: (slug: string, path: string) => string | undefined;
	readonly close: () => Promise<void>;
};

export async function makeSmallWorkspace(): Promise<SmallWorkspace> {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-run-'));
	const destination = join(folder, 'backups');
	mkdirSync(join(folder, 'upstream', 'acme'), {recursive: true});
	const server = await startGitServer(join(folder, 'upstream'));
	const clock = createFakeClock(Date.parse('2026-11-22T02:00:00.000Z'));
	const memory = new Map<string, BackupMemoryEntry>();
	const answers = new Map<string, unknown>([
		[
			'/repositories/acme',
			[
				{uuid: uuidOf(1), slug: 'web', full_name: 'acme/web', mainbranch: {name: 'main'}},
				{uuid: uuidOf(2), slug: 'api', full_name: 'acme/api', mainbranch: {name: 'main'}},
			],
		],
		['/repositories/acme/web/pullrequests', []],
		['/repositories/acme/api/pullrequests', []],
	]);
	const fake: FakeAnswers = path => {
		const answer = answers.get(path.replace(/\?.*/, '')) ?? notFound;
		return typeof answer === 'function' ? answer(path) : answer;
	};

	const mirror = (slug: string): string => {
		const names = readdirSync(join(destination, 'acme'));
		return join(destination, 'acme', names.find(name => name.startsWith(slug)) ?? 'absent');
	};

	const snapshots = (slug: string): readonly string[] =>
		runGitIn(mirror(slug), ['for-each-ref', '--format=%(refname)', 'refs/brigade/snapshots'])
			.split('\n')
			.filter(name => name !== '')
			.map(name => name.replace(/.*\//, ''));

	return {
		folder,
		destination,
		server,
		clock,
		memory,
		web: makeUpstream(join(folder, 'upstream', 'acme', 'web.git')),
		api: makeUpstream(join(folder, 'upstream', 'acme', 'api.git')),
		answers,
		run: async (data, options = {}) => {
			clock.jump(60_000);
			const reports: RunReport[] = [];
			const pool = createFakePool({origin: server.origin, answers: fake});
			const outcome = await runPlan({
				plan: PlanSchema.parse({
					name: 'nightly',
					organization: 'acme',
					data: DataKindSchema.array().parse(data),
				}),
				organization: makeAcme({apiUrl: `${server.origin}/2.0`, gitUrl: server.origin}),
				destination,
				pool,
				report: report => {
					reports.push(report);
				},
				clock,
				signal: new AbortController().signal,
				memory: {
					get: (workspace, uuid) => memory.get(workspace + uuid),
					list: workspace => [...memory.values()].filter(entry => entry.workspace === workspace),
					put: entry => {
						memory.set(entry.workspace + entry.uuid, entry);
					},
					remove: (workspace, uuid) => {
						memory.delete(workspace + uuid);
					},
				},
				run: '20261122T020000.000Z-nightly',
				redactor: createRedactor(),
				...options,
			});
			const finished = reports.filter(report => report.type === 'repository-finished');
			return {
				outcome,
				reports,
				pool,
				of: slug => {
					const found = finished.find(report => report.repository === slug);
					if (found === undefined) {
						throw new Error(`${slug} was not finished`);
					}

					return found;
				},
			};
		},
		mirror,
		snapshots,
		file: (slug, path) => {
			try {
				return runGitIn(mirror(slug), [
					'cat-file',
					'blob',
					`refs/brigade/snapshots/${snapshots(slug).at(-1)}:${path}`,
				]);
			} catch {
				return undefined;
			}
		},
		close: async () => {
			await server.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}
