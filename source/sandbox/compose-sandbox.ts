import type {IncomingMessage, ServerResponse} from 'node:http';
import {createCgiRunner} from './cgi.ts';
import {createContentsStore} from './contents-store.ts';
import {findBackend} from './find-backend.ts';
import {generateWorld} from './generate-world.ts';
import {createGitHandler} from './git-http.ts';
import {createGitProcess} from './git-process.ts';
import {createGitReader} from './git-reader.ts';
import {createLfsHandler} from './lfs.ts';
import {startLoopbackServer} from './loopback-server.ts';
import {newRepository} from './new-repository.ts';
import {createRepositoryHandle, type RepositoryHandle} from './repository-handle.ts';
import {openSandboxFolder} from './sandbox-folder.ts';
import {checkOptions, type SandboxOptions} from './sandbox-options.ts';
import type {
	Leak,
	Limiter,
	SandboxCredential,
	SandboxLimits,
	SandboxResource,
	SandboxServices,
	SandboxStatistics,
	SignInDesk,
} from './service-types.ts';
import {createStorageHandler} from './storage-host.ts';
import {createStorageLinks} from './storage-links.ts';
import type {World} from './world.ts';

/** What is decided elsewhere: who may come in, how much each may ask, and what REST answers. */
export type SandboxParts = {
	readonly createCredentials: (world: World) => readonly SandboxCredential[];
	readonly createSignIn: (options: {
		world: World;
		credentials: readonly SandboxCredential[];
		now: () => number;
	}) => SignInDesk;
	readonly createLimiter: (options: {limits: SandboxLimits; now: () => number}) => Limiter;
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
	/** Uses up an account's quota as a foreign tool would. `account` is its display name. */
	readonly burst: (account: string, resource: SandboxResource, requests: number) => void;
	/** By its slug of now; throws when there is none. */
	readonly repository: (slug: string) => RepositoryHandle;
	/** A new and empty one, in the first project if none is named. */
	readonly addRepository: (slug: string, project?: string) => RepositoryHandle;
	/** Ends all connections and child processes and removes a temporary folder. */
	readonly close: () => Promise<void>;
};

/** Puts a sandbox together and starts it. Rejects with a SandboxError when it cannot start as asked. */
export async function composeSandbox(options: SandboxOptions, parts: SandboxParts): Promise<Sandbox> {
	checkOptions(options);
	const {port = 0, latencyMilliseconds = 0, limits = {}} = options;
	const now = () => Date.now();
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
	const limiter = parts.createLimiter({limits, now});
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
		now,
		signIn: desk.signIn,
		issueAccessToken: desk.issueAccessToken,
		charge: limiter.charge,
		chargeAnonymous: limiter.chargeAnonymous,
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
		store,
		cgi,
		backend,
		lfs,
	});
	const answerRest = parts.createRestHandler(services);
	const objectsOf = async (uuid: string) => {
		const repository = world.repositories.find(candidate => candidate.uuid === uuid);
		return repository ? (await store.contents(repository)).lfsObjects : [];
	};
	const answerStorage = createStorageHandler({
		links,
		now,
		find: async (repository, oid) => (await objectsOf(repository)).find(object => object.oid === oid),
		store: async (repository, object) => {
			const objects = await objectsOf(repository);
			const lost = objects.find(({oid}) => oid === object.oid);
			if (lost) {
				Object.assign(lost, object);
			} else {
				objects.push(object);
			}
		},
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
	urls.git = server.origin;
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
		burst(account, resource, requests) {
			const user = world.users.find(({displayName}) => displayName === account);
			limiter.burst({id: user?.uuid ?? account, displayName: account}, resource, requests);
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
