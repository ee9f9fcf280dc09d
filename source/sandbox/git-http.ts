import type {IncomingMessage, ServerResponse} from 'node:http';
import path from 'node:path';
import {Readable} from 'node:stream';
import {accessTo, gitAccessTo} from './access.ts';
import type {CgiRunner} from './cgi.ts';
import type {ContentsStore} from './contents-store.ts';
import {type FaultFor, sendFault} from './faults.ts';
import {type GitAddress, parseGitAddress} from './git-address.ts';
import {type GitProcess, gitEnvironment} from './git-process.ts';
import type {LfsHandler} from './lfs.ts';
import {sendText} from './send.ts';
import type {Charge, SandboxAccount, SignIn} from './service-types.ts';
import {refuseUnadvertised} from './unadvertised.ts';
import type {Repository, Snippet, World} from './world.ts';

export type GitHttpOptions = {
	readonly world: World;
	readonly signIn: SignIn;
	readonly charge: Charge;
	readonly faultFor: FaultFor;
	readonly store: ContentsStore;
	readonly cgi: CgiRunner;
	/** Path of `git-http-backend`. */
	readonly backend: string;
	readonly git: GitProcess;
	/** Whether a commit that no ref shows is refused. */
	readonly refuseUnadvertised: boolean;
	/** Answers what is below `/info/lfs`. */
	readonly lfs: LfsHandler;
};

/**
 * Git over smart HTTP, and LFS, as bitbucket.org offers them: every request signs in, is charged to its account as `git`, and is
 * then `git http-backend`'s, with the wire protocol that the client asks for.
 */
export function createGitHandler(
	options: GitHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
	const {world, signIn, charge, store} = options;
	return async (request, response) => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		const address = parseGitAddress(decode(url.pathname));
		if (!address) {
			sendText(response, 404, 'Not found');
			return;
		}

		const signedIn = signIn(request, 'git');
		if (!signedIn.signedIn) {
			response.setHeader('WWW-Authenticate', 'Basic realm="Bitbucket.org HTTP"');
			sendText(response, signedIn.reason === 'gone' ? 410 : 401, signedIn.message);
			return;
		}

		const {allowed, retryAfterSeconds} = charge(signedIn.account, 'git');
		if (!allowed) {
			if (retryAfterSeconds !== undefined) {
				response.setHeader('Retry-After', retryAfterSeconds);
			}

			sendText(response, 429, 'Rate limit for this resource has been exceeded');
			return;
		}

		const fault = options.faultFor(request);
		if (fault) {
			sendFault(request, response, fault);
			return;
		}

		const found = find(world, address);
		if (!found || !mayKnow(world, signedIn.account, found)) {
			// Who may not see it is not told that it is there.
			sendText(response, 404, 'Repository not found');
			return;
		}

		const access = found.repository ? gitAccessTo(world, signedIn.account, found.repository) : 'read';
		if (access === 'none' || (access === 'read' && wantsToPush(address.rest, url.searchParams))) {
			sendText(response, 403, 'Your credentials lack one or more required privilege scopes.');
			return;
		}

		if (address.rest.startsWith('/info/lfs')) {
			await (found.repository
				? options.lfs(request, response, found.repository, access, address.rest)
				: sendText(response, 404, 'Not found'));
			return;
		}

		const gitDirectory = await (found.repository
			? store.gitDirectory(found.repository)
			: store.snippetGitDirectory(found.snippet));
		const isFetch = request.method === 'POST' && address.rest === '/git-upload-pack';
		const body =
			options.refuseUnadvertised && isFetch
				? await refuseUnadvertised(request, response, {git: options.git, gitDirectory})
				: request;
		if (body === undefined) {
			return;
		}

		const pushed = found.repository && address.rest === '/git-receive-pack' ? found.repository : undefined;
		await options.cgi.run({
			command: options.backend,
			environment: cgiEnvironment(request, url, {
				gitDirectory,
				rest: address.rest,
				user: signedIn.account.id,
			}),
			input: Buffer.isBuffer(body) ? Readable.from([body]) : body,
			response,
			...(pushed && {beforeEnd: () => store.refresh(pushed)}),
		});
	};
}

type Found =
	| {readonly repository: Repository; readonly snippet?: never}
	| {readonly repository?: never; readonly snippet: Snippet};

function find(world: World, {owner}: GitAddress): Found | undefined {
	if ('snippet' in owner) {
		const snippet = world.snippets.find(({id}) => id === owner.snippet);
		return snippet && {snippet};
	}

	const repository = world.repositories.find(({slug}) => slug === owner.slug);
	return repository && owner.workspace === world.workspace.slug ? {repository} : undefined;
}

/** Snippets are read by users alone: no token or consumer has a scope for them. */
function mayKnow(world: World, account: SandboxAccount, {repository, snippet}: Found): boolean {
	if (repository) {
		return accessTo(world, account, repository) !== 'none';
	}

	return !snippet.isPrivate || world.members.some(({user}) => user === account.user);
}

function wantsToPush(rest: string, query: URLSearchParams): boolean {
	return (
		rest === '/git-receive-pack' || (rest === '/info/refs' && query.get('service') === 'git-receive-pack')
	);
}

function cgiEnvironment(
	request: IncomingMessage,
	url: URL,
	call: {
		readonly gitDirectory: string;
		readonly rest: string;
		readonly user: string;
	},
): Record<string, string> {
	const {headers, method = 'GET'} = request;
	const protocol = headers['git-protocol'];
	const encoding = headers['content-encoding'];
	return gitEnvironment({
		REQUEST_METHOD: method,
		QUERY_STRING: url.search.slice(1),
		CONTENT_TYPE: headers['content-type'] ?? '',
		CONTENT_LENGTH: headers['content-length'] ?? '',
		GIT_PROJECT_ROOT: path.dirname(call.gitDirectory),
		GIT_HTTP_EXPORT_ALL: '1',
		PATH_INFO: `/${path.basename(call.gitDirectory)}${call.rest}`,
		REMOTE_ADDR: '127.0.0.1',
		// Its presence is what allows a push; who may not was refused before.
		REMOTE_USER: call.user,
		...(typeof protocol === 'string' && {GIT_PROTOCOL: protocol}),
		...(encoding !== undefined && {HTTP_CONTENT_ENCODING: encoding}),
	});
}

function decode(pathname: string): string {
	try {
		return decodeURIComponent(pathname);
	} catch {
		return pathname;
	}
}
