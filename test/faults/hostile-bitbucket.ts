import type {IncomingMessage, ServerResponse} from 'node:http';
import type {TestContext} from 'node:test';
import {gzipSync} from 'node:zlib';
import {type SeenRequest, startHttpServer} from '../system/http-server.ts';

/** What a Bitbucket that is not Bitbucket, or was taken over, may answer with. */
export type Hostility = {
	readonly name: string;
	/** Answers requests; returns false to leave one to the plain answers. */
	readonly answer: (request: IncomingMessage, response: ServerResponse, trap: string) => boolean;
	/** What a person is told: a whole line of the output. */
	readonly told: RegExp;
	readonly exitCode: 0 | 1 | 3;
};

const isList = ({url = ''}: IncomingMessage): boolean => url.startsWith('/2.0/repositories/acme?');
const isPullRequests = ({url = ''}: IncomingMessage): boolean => url.includes('/pullrequests');

function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): true {
	response.writeHead(200, {'content-type': 'application/json', ...headers}).end(JSON.stringify(value));
	return true;
}

const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' '), {level: 9});

export const uuid = '{11111111-1111-4111-8111-111111111111}';
const repository = {uuid, slug: 'web', name: 'web', mainbranch: {name: 'main'}};

export const hostilities: readonly Hostility[] = [
	{
		name: 'a list that goes on at another origin',
		answer: (request, response, trap) =>
			isList(request) && json(response, {values: [repository], next: `${trap}/2.0/repositories/acme?page=2`}),
		told: /^The repositories of "acme" could not be listed: The list at \S+\/2\.0\/repositories\/acme goes on at \S+\/2\.0\/repositories\/acme, away from the organization's API; it is not followed\.$/m,
		exitCode: 1,
	},
	{
		name: 'a redirect to another origin',
		answer: (request, response, trap) => {
			if (!isList(request)) {
				return false;
			}

			response.writeHead(302, {location: `${trap}/2.0/repositories/acme`}).end();
			return true;
		},
		told: /^The repositories of "acme" could not be listed: A link leads away from the organization's API, to \S+\/2\.0\/repositories\/acme; it is not followed\.$/m,
		exitCode: 1,
	},
	{
		name: 'an answer that unpacks to hundreds of megabytes',
		answer: (request, response) => {
			if (!isPullRequests(request)) {
				return false;
			}

			response.writeHead(200, {'content-type': 'application/json', 'content-encoding': 'gzip'}).end(bomb);
			return true;
		},
		told: /^ {2}web: pull requests could not be read: The answer to \S+\/acme\/web\/pullrequests was not taken: the answer is larger than 67108864 bytes\.$/m,
		exitCode: 3,
	},
	{
		name: 'a list whose links lead in a circle',
		answer: (request, response) =>
			isList(request) &&
			json(response, {values: [repository], next: `http://${request.headers.host}${request.url}`}),
		told: /^The repositories of "acme" could not be listed: The list at \S+\/2\.0\/repositories\/acme does not end: its links lead in a circle\.$/m,
		exitCode: 1,
	},
	{
		name: 'an answer that is nested a hundred thousand deep',
		answer: (request, response) => {
			if (!isPullRequests(request)) {
				return false;
			}

			const depth = 100_000;
			response
				.writeHead(200, {'content-type': 'application/json'})
				.end(`{"values":[${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}]}`);
			return true;
		},
		told: /^ {2}web: pull requests could not be read: The list at \/repositories\/acme\/web\/pullrequests holds something that is no pull request\.$/m,
		exitCode: 3,
	},
	{
		name: 'names that lead out of the destination and steer the terminal',
		answer: (request, response) =>
			isList(request) &&
			json(response, {
				values: [
					repository,
					{...repository, uuid: '{22222222-2222-4222-8222-222222222222}', slug: '../../../../tmp/escaped'},
					{
						...repository,
						uuid: '{33333333-3333-4333-8333-333333333333}',
						slug: '..',
					},
					{
						...repository,
						uuid: '{44444444-4444-4444-8444-444444444444}',
						slug: 'evil\u001b]52;c;aGk=\u0007\u202e\u009b31m',
					},
				],
			}),
		told: /^[\d:]+ {2}evil: backed up \(\d+ requests, .*\)$/m,
		exitCode: 0,
	},
	{
		name: 'an error that steers the terminal',
		answer: (request, response) => {
			if (!isPullRequests(request)) {
				return false;
			}

			response
				.writeHead(400, {'content-type': 'application/json'})
				.end(JSON.stringify({type: 'error', error: {message: 'no\u001b[2J\u001b]0;owned\u0007\r\nfine'}}));
			return true;
		},
		told: /^ {2}web: pull requests could not be read: Bitbucket said 400 to \S+\/acme\/web\/pullrequests: no fine$/m,
		exitCode: 3,
	},
	{
		name: 'an address of another host for the credential of Git',
		answer: (request, response, trap) => {
			if (!(request.url ?? '').includes('/web.git/')) {
				return false;
			}

			response.writeHead(302, {location: `${trap}/acme/web.git/info/refs`}).end();
			return true;
		},
		told: /^web: what the Git server answered is no list of refs$/m,
		exitCode: 1,
	},
];

export type HostileBitbucket = {
	readonly apiUrl: string;
	readonly gitUrl: string;
	/** What came to the trap, where nothing of ours belongs. */
	readonly trapped: readonly SeenRequest[];
	/** All that was asked of it itself. */
	readonly seen: readonly SeenRequest[];
	/** Which hostility is on. */
	readonly be: (hostility: Hostility | undefined) => void;
};

export async function startHostileBitbucket(context: TestContext): Promise<HostileBitbucket> {
	let current: Hostility | undefined;
	const trap = await startHttpServer(context, (_request, response) => {
		response.writeHead(200, {'content-type': 'application/json'}).end('{"values":[]}');
	});
	const server = await startHttpServer(context, (request, response) => {
		request.resume();
		if (current?.answer(request, response, trap.origin) !== true) {
			plain(request, response);
		}
	});
	return {
		apiUrl: `${server.origin}/2.0`,
		gitUrl: server.origin,
		trapped: trap.seen,
		seen: server.seen,
		be: hostility => {
			current = hostility;
		},
	};
}

/** What is needed to sign in, and a repository without anything. */
function plain(request: IncomingMessage, response: ServerResponse): void {
	const path = (request.url ?? '').replace(/\?.*/, '');
	if (path === '/2.0/user') {
		json(response, {uuid: '{99999999-9999-4999-8999-999999999999}', display_name: 'Ada'});
	} else if (path === '/2.0/repositories/acme') {
		json(response, {values: [repository]});
	} else if (path.endsWith('/git-upload-pack')) {
		// No refs at all.
		response.writeHead(200, {'content-type': 'application/x-git-upload-pack-result'}).end('0000');
	} else {
		json(response, {values: []});
	}
}
