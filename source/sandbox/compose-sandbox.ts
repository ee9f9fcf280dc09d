import type {IncomingMessage, ServerResponse} from 'node:http';
import {createCgiRunner} from './cgi.ts';
import {createContentsStore} from './contents-store.ts';
import {createControl, type SandboxControl} from './control.ts';
import {createFaults} from './faults.ts';
import {findBackend} from './find-backend.ts';
import {present} from './generate/timeline.ts';
import {generateWorld} from './generate-world.ts';
import {createGitHandler} from './git-http.ts';
import {createGitProcess} from './git-process.ts';
import {createGitReader} from './git-reader.ts';
import {createLfsHandler} from './lfs.ts';
import type {createLimiter} from './limiter.ts';
import {startLoopbackServer} from './loopback-server.ts';
import {newRepository} from './new-repository.ts';
import {createRepositoryHandle, type RepositoryHandle} from './repository-handle.ts';
import {openSandboxFolder} from './sandbox-folder.ts';
import {checkOptions, type SandboxOptions} from './sandbox-options.ts';
import type {
	Leak,
	Limiter,
	SandboxCredential,
	SandboxServices,
	SandboxStatistics,
	SignInDesk,
} from './service-types.ts';
import {createStorageHandler} from './storage-host.ts';
import {createStorageLinks} from './storage-links.ts';
import {createStoredFiles} from './stored-files.ts';
import type {World} from './world.ts';

type LimiterOptions = Parameters<typeof createLimiter>[0];

/** What is decided elsewhere: who may come in, how much each may ask, and what REST answers. */
export type SandboxParts = {
	readonly createCredentials: (world: World) => readonly SandboxCredential[];
	readonly createSignIn: (options: {
		world: World;
		credentials: readonly SandboxCredential[];
		now: () => number;
	}) => SignInDesk;
	readonly createLimiter: (options: LimiterOptions) => Limiter;
	readonly createRestHandler: (
		services: SandboxServices,
	) => (request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

export type Sandbox = {
	/** `http://127.0.0.1:PORT/2.0` */
	readonly apiUrl: string;
	/** `http://127.0.0.1:PORT` */
	readonly gitUrl: string;
	/** Where LFS objects lie: another origin. */
	readonly storageUrl: string;
	readonly workspace: string;
	readonly folder: string;
	readonly credentials: readonly SandboxCredential[];
	readonly world: World;
	readonly services: SandboxServices;
	readonly statistics: () => SandboxStatistics;
	/** What a test does behind the clients' backs: failures, revoked credentials, quota used by others. */
	readonly control: SandboxControl;
	/** By its slug of now; throws when there is none. */
	readonly repository: (slug: string) => RepositoryHandle;
	/** A new and empty one, in the first project if none is named. */
	readonly addRepository: (slug: string, project?: string) => RepositoryHandle;
	/** Ends all connections and child processes and removes a temporary folder. */
	readonly close: () => Promise<void>;
};

/** Where a download's redirect leads is good for as long as this. */
const downloadLinkSeconds = 900;

/** Puts a sandbox together and starts it. Rejects with a SandboxError when it cannot start as asked. */
export async function composeSandbox(options: SandboxOptions, parts: SandboxParts): Promise<Sandbox> {
	checkOptions(options);
	const {port = 0, latencyMilliseconds = 0, limits = {}} = options;
	// On a machine whose clock is behind the generated world, what happens now must still come after it.
	const ahead = Math.max(0, present - Date.now());
	const now = () => Date.now() + ahead;
	const backend = await findBackend();
	const generated = generateWorld(options);
	const {world, random} = generated;
	const folder = await openSandboxFolder(options.folder);
	const git = createGitProcess();
	const cgi = createCgiRunner();
	const findUser = (email: string) => world.users.find(user => user.email === email)?.uuid;
	const store = createContentsStore({generated, git, folder: folder.path, findUser, now});

	const credentials = parts.createCredentials(world);
	const desk = parts.createSignIn({world, credentials, now});
	const {countThrottled = false, retryAfter = false} = options;
	const {countOpenTasks = false, refuseUnadvertised = false} = options;
	// A window must not be lengthened or cut short by a clock that is set.
	const monotonic = () => performance.now();
	const limiter = parts.createLimiter({limits, now: monotonic, countThrottled, retryAfter});
	const faults = createFaults();
	const leaks: Leak[] = [];
	const links = createStorageLinks(random.derive('storage').bytes(32));
	const urls = {git: '', storage: ''};

	const services: SandboxServices = {
		world,
		credentials,
		get apiUrl() {
			return `${urls.git}/2.0`;
		},
		get gitUrl() {
			return urls.git;
		},
		countOpenTasks,
		now,
		signIn: desk.signIn,
		issueAccessToken: desk.issueAccessToken,
		charge: limiter.charge,
		chargeAnonymous: limiter.chargeAnonymous,
		faultFor: faults.faultFor,
		downloadLink(repository, name) {
			const expires = Math.floor(now() / 1000) + downloadLinkSeconds;
			const grant = {purpose: 'download', method: 'GET', repository: repository.uuid, name, expires} as const;
			return links.sign(urls.storage, grant).href;
		},
		contents: store.contents,
		snippetContents: store.snippetContents,
		git: createGitReader(git, store.gitDirectory, findUser),
	};
	const lfs = createLfsHandler({
		links,
		storageOrigin: () => urls.storage,
		gitUrl: () => urls.git,
		workspace: world.workspace.slug,
		now,
		objects: async repository => (await store.contents(repository)).lfsObjects,
	});
	const answerGit = createGitHandler({
		world,
		signIn: desk.signIn,
		charge: limiter.charge,
		faultFor: faults.faultFor,
		store,
		cgi,
		backend,
		git,
		lfs,
		refuseUnadvertised,
	});
	const answerRest = parts.createRestHandler(services);
	const answerStorage = createStorageHandler({
		links,
		now,
		files: createStoredFiles(world, store.contents),
		faultFor: faults.faultFor,
		onLeak: leak => leaks.push(leak),
	});

	const closeAll = async (servers: ReadonlyArray<{readonly close: () => Promise<void>}>) => {
		await Promise.all([git.close(), cgi.close()]);
		await Promise.all(servers.map(server => server.close()));
		await store.settle();
		await folder.close();
	};
	const storageServer = await startLoopbackServer({port: 0, latencyMilliseconds, handler: answerStorage});
	const server = await startLoopbackServer({
		port,
		latencyMilliseconds,
		handler: (request, response) => (isRest(request.url) ? answerRest : answerGit)(request, response),
	}).catch(async (error: unknown) => {
		await closeAll([storageServer]);
		throw error;
	});
	urls.git = (await options.front?.(server.origin)) ?? server.origin;
	urls.storage = storageServer.origin;

	let lastId = 2_000_000_000;
	const surroundings = {world, store, git, now, newId: () => ++lastId};
	let added = 0;
	let closing: Promise<void> | undefined;
	return {
		apiUrl: services.apiUrl,
		gitUrl: services.gitUrl,
		storageUrl: urls.storage,
		workspace: world.workspace.slug,
		folder: folder.path,
		credentials,
		world,
		services,
		control: createControl({desk, limiter, faults}),
		statistics() {
			const accounts = limiter.statistics();
			return {
				accounts,
				requests: accounts.reduce((sum, {requests}) => sum + requests, 0),
				throttled: accounts.reduce((sum, {throttled}) => sum + throttled, 0),
				bytes: server.bytesSent() + storageServer.bytesSent(),
				leaks: [...leaks],
			};
		},
		repository(slug) {
			const repository = world.repositories.find(candidate => candidate.slug === slug);
			if (!repository) {
				throw new Error(`The sandbox has no repository ${slug}.`);
			}

			return createRepositoryHandle(repository, surroundings);
		},
		addRepository(slug, project = world.projects[0]?.key ?? '') {
			const on = new Date(now()).toISOString();
			const uuid = random.derive(`added/${++added}`).uuid();
			const repository = newRepository({uuid, slug, project, owner: world.workspace.uuid, on});
			world.repositories.push(repository);
			return createRepositoryHandle(repository, surroundings);
		},
		close: () => (closing ??= closeAll([server, storageServer])),
	};
}

/** Everything else is Git's: a workspace of the name "2.0" or "site" there is none. */
function isRest(url = '/'): boolean {
	return /^\/(?:2\.0|site)(?:[/?]|$)/.test(url);
}
