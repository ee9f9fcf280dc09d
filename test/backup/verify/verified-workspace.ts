import {createHash} from 'node:crypto';
import {cpSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {listMirrors} from '../../../source/backup/list-mirrors.ts';
import type {BackupMemoryEntry, RunPlanOptions} from '../../../source/backup/runner.ts';
import type {RepairSource} from '../../../source/backup/verify/repair-mirror.ts';
import {type Verification, verifyListed} from '../../../source/backup/verify/verify-listed.ts';
import type {Clock} from '../../../source/system/clock.ts';
import {makeAcme} from '../../acme.ts';
import {createFakePool, type FakePool, notFound} from '../fake-pool.ts';
import {type GitServer, startGitServer} from '../git-server.ts';
import {makeSmallWorkspace, type RunResult, type SmallWorkspace, uuidOf} from '../small-workspace.ts';
import {openUpstream, runGitIn, type UpstreamRepository} from '../upstream-repository.ts';

/** A workspace whose repository "web" was backed up three times: force-pushed, tagged, with LFS objects and downloads. */
export type VerifiedWorkspace = {
	readonly workspace: SmallWorkspace;
	/** LFS objects that upstream has, by id. */
	readonly lfs: Map<string, Buffer>;
	/** Contents of downloads that upstream has, by name. */
	readonly downloads: Map<string, Buffer>;
	/** The commit that a force-push took off its branch. */
	readonly lost: string;
	/** The annotated tag. */
	readonly tag: string;
	/** Path of a copy of the mirror of its own, in a destination of its own. */
	readonly copy: () => string;
	/** A copy of everything, upstream too, that can be changed at will. */
	readonly fork: () => Promise<Fork>;
	/** Verifies a mirror, and repairs it from upstream where that is not forbidden. */
	readonly verify: (mirror: string, options?: {readonly repair?: boolean}) => Promise<Verification>;
	readonly close: () => Promise<void>;
};

/** A copy of the workspace and of its backup, with a server of its own. */
export type Fork = {
	readonly mirror: string;
	readonly server: GitServer;
	readonly web: UpstreamRepository;
	readonly lfs: Map<string, Buffer>;
	readonly downloads: Map<string, Buffer>;
	/** Upstream throws away what no ref leads to. */
	readonly prune: () => void;
	readonly run: (options?: Partial<RunPlanOptions>) => Promise<RunResult>;
	readonly memory: Map<string, BackupMemoryEntry>;
	readonly verify: VerifiedWorkspace['verify'];
	readonly close: () => Promise<void>;
};

export const allData = ['git', 'lfs', 'pull-requests', 'settings', 'downloads'] as const;

export async function makeVerifiedWorkspace(): Promise<VerifiedWorkspace> {
	const workspace = await makeSmallWorkspace();
	const {web, server, answers} = workspace;
	const lfs = new Map<string, Buffer>();
	const downloads = new Map<string, Buffer>();
	const pointer = (text: string): string => {
		const bytes = Buffer.from(text);
		const oid = sha256(bytes);
		lfs.set(oid, bytes);
		return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`;
	};

	answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web', mainbranch: {name: 'main'}}]);
	answers.set('/repositories/acme/web/pullrequests', [pullRequest(1), pullRequest(2)]);
	answers.set('/repositories/acme/web/hooks', [{uuid: '{h}', url: 'https://example.com'}]);
	for (const [name, text] of [
		['one.zip', 'the first file'],
		['two words.zip', 'the second file'],
	] as const) {
		downloads.set(name, Buffer.from(text));
	}

	answerDownloads(answers, downloads);
	serveLfs(server, lfs);
	web.commit('main', {'readme.md': 'web', 'big.bin': pointer('a large object')});
	const first = web.commit('main', {'readme.md': 'web, again', 'src.txt': lines(1)});
	web.git('tag', '-a', '-m', 'one', 'v1', first);
	web.git('notes', 'add', '-m', 'a note', first);
	web.commit('side', {'side.txt': lines(2), 'other.bin': pointer('another large object')});
	await workspace.run([...allData]);
	const lost = web.commit('side', {'side.txt': lines(3)});
	await workspace.run([...allData]);
	web.commit('side', {'side.txt': lines(4)}, {orphan: true});
	web.commit('main', {'readme.md': 'web, once more'});
	await workspace.run([...allData]);
	// As git itself would write them, with what annotated tags lead to.
	runGitIn(workspace.mirror('web'), ['pack-refs', '--all', '--prune']);

	const copies = mkdtempSync(join(tmpdir(), 'bucket-brigade-verified-'));
	let number = 0;
	return {
		workspace,
		lfs,
		downloads,
		lost,
		tag: web.refs().get('refs/tags/v1') ?? '',
		copy: () => {
			number += 1;
			const mirror = workspace.mirror('web');
			const target = join(copies, String(number), 'acme', basename(mirror));
			mkdirSync(join(copies, String(number), 'acme'), {recursive: true});
			cpSync(mirror, target, {recursive: true, preserveTimestamps: true});
			return target;
		},
		fork: async () => {
			number += 1;
			return makeFork(workspace, join(copies, String(number)), new Map(lfs), new Map(downloads));
		},
		verify: async (mirror, {repair = true} = {}) =>
			verifyFolder(mirror, workspace.clock, repair ? () => sourceIn(server, answers) : undefined),
		close: async () => {
			rmSync(copies, {recursive: true, force: true});
			await workspace.close();
		},
	};
}

async function makeFork(
	workspace: SmallWorkspace,
	folder: string,
	lfs: Map<string, Buffer>,
	downloads: Map<string, Buffer>,
): Promise<Fork> {
	cpSync(join(workspace.folder, 'upstream'), join(folder, 'upstream'), {recursive: true});
	cpSync(workspace.destination, join(folder, 'backups'), {recursive: true, preserveTimestamps: true});
	const server = await startGitServer(join(folder, 'upstream'));
	const answers = new Map(workspace.answers);
	answerDownloads(answers, downloads);
	serveLfs(server, lfs);
	const memory = new Map(workspace.memory);
	const web = openUpstream(join(folder, 'upstream', 'acme', 'web.git'));
	const mirror = join(folder, 'backups', 'acme', basename(workspace.mirror('web')));
	return {
		mirror,
		server,
		web,
		lfs,
		downloads,
		memory,
		prune: () => {
			web.git('reflog', 'expire', '--expire=now', '--all');
			web.git('repack', '-a', '-d', '--quiet');
			web.git('prune', '--expire=now');
		},
		run: async options =>
			workspace.run([...allData], {
				destination: join(folder, 'backups'),
				pool: poolOf(server, answers),
				organization: makeAcme({apiUrl: `${server.origin}/2.0`, gitUrl: server.origin}),
				memory: {
					get: (slug, uuid) => memory.get(slug + uuid),
					put: entry => {
						memory.set(entry.workspace + entry.uuid, entry);
					},
					list: slug => [...memory.values()].filter(({workspace}) => workspace === slug),
					remove: (slug, uuid) => {
						memory.delete(slug + uuid);
					},
				},
				...options,
			}),
		verify: async (path, {repair = true} = {}) =>
			verifyFolder(path, workspace.clock, repair ? () => sourceIn(server, answers) : undefined),
		close: async () => {
			await server.close();
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

async function verifyFolder(
	mirror: string,
	clock: Clock,
	source: (() => RepairSource) | undefined,
): Promise<Verification> {
	const listed = await listMirrors(join(mirror, '..', '..'), 'acme');
	const found = listed.find(({folderName}) => folderName === basename(mirror));
	if (found === undefined) {
		throw new Error(`${mirror} is not listed`);
	}

	return verifyListed(found, {
		clock,
		signal: new AbortController().signal,
		source: source === undefined ? undefined : async () => source(),
		progress: () => undefined,
	});
}

type Answers = SmallWorkspace['answers'];

function poolOf({origin}: GitServer, answers: Answers): FakePool {
	return createFakePool({
		origin,
		answers: path => {
			const answer = answers.get(path.replace(/\?.*/, '')) ?? notFound;
			return typeof answer === 'function' ? answer(path) : answer;
		},
	});
}

function sourceIn(server: GitServer, answers: Answers): RepairSource {
	const pool = poolOf(server, answers);
	const upstream = {name: 'web', cloneUrl: `${server.origin}/acme/web.git`, pool};
	return {pool, upstream, path: '/repositories/acme/web'};
}

function answerDownloads(answers: Answers, downloads: ReadonlyMap<string, Buffer>): void {
	answers.set('/repositories/acme/web/downloads', () =>
		[...downloads].map(([name, bytes]) => ({name, size: bytes.length, created_on: '2026-11-22T00:00:00Z'})),
	);
	for (const name of downloads.keys()) {
		answers.set(
			`/repositories/acme/web/downloads/${encodeURIComponent(name)}`,
			() => downloads.get(name) ?? notFound,
		);
	}
}

export function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Tips that snapshots list and that plain git finds in a mirror. */
export function has(mirror: string, id: string): boolean {
	try {
		runGitIn(mirror, ['cat-file', '-e', id]);
		return true;
	} catch {
		return false;
	}
}

/** Text that does not compress to nothing. */
function lines(seed: number): string {
	return Array.from({length: 200}, (_, index) => sha256(Buffer.from(`${seed} ${index}`))).join('\n');
}

function pullRequest(id: number): Record<string, unknown> {
	return {
		id,
		title: `Change ${id}`,
		state: 'OPEN',
		comment_count: 0,
		task_count: 0,
		updated_on: `2026-11-2${id}T00:00:00+00:00`,
	};
}

function serveLfs(server: SmallWorkspace['server'], objects: ReadonlyMap<string, Buffer>): void {
	server.intercept = (request, response) => {
		const [, oid] = /^\/storage\/([0-9a-f]{64})$/.exec(request.url ?? '') ?? [];
		if (oid !== undefined) {
			response.end(objects.get(oid));
			return true;
		}

		if (!request.url?.endsWith('/info/lfs/objects/batch')) {
			return false;
		}

		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const asked = JSON.parse(Buffer.concat(chunks).toString()) as {
				objects: Array<{oid: string; size: number}>;
			};
			response.setHeader('content-type', 'application/vnd.git-lfs+json');
			response.end(
				JSON.stringify({
					objects: asked.objects.map(({oid: id, size}) =>
						objects.has(id)
							? {oid: id, size, actions: {download: {href: `${server.origin}/storage/${id}`}}}
							: {oid: id, size, error: {code: 404, message: 'Object does not exist'}},
					),
				}),
			);
		});
		return true;
	};
}
