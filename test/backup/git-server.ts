import {spawn} from 'node:child_process';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export type GitServer = {
	/** `http://127.0.0.1:PORT` */
	readonly origin: string;
	/** Method and path of each request that was signed in, oldest first. */
	readonly requests: string[];
	/** Answers a request instead of git when it returns true. */
	intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
	readonly close: () => Promise<void>;
};

export const gitUser = {username: 'x-token-auth', password: 'correct-horse-battery'};

/** Serves the bare repositories in a folder over smart HTTP, to whoever signs in. */
export async function startGitServer(folder: string): Promise<GitServer> {
	const authorization = `Basic ${Buffer.from(`${gitUser.username}:${gitUser.password}`).toString('base64')}`;
	const requests: string[] = [];
	const server = createServer((request, response) => {
		if (git.intercept(request, response)) {
			return;
		}

		if (request.headers.authorization !== authorization) {
			response.writeHead(401, {'www-authenticate': 'Basic realm="git"'}).end('sign in');
			return;
		}

		requests.push(`${request.method} ${request.url?.replace(/\?.*/, '')}`);
		runBackend(folder, request, response);
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const git: GitServer = {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		intercept: () => false,
		close: async () =>
			new Promise(resolve => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return git;
}

function runBackend(folder: string, request: IncomingMessage, response: ServerResponse): void {
	const url = new URL(request.url ?? '/', 'http://localhost');
	const backend = spawn('git', ['http-backend'], {
		env: {
			PATH: process.env['PATH'],
			GIT_PROJECT_ROOT: folder,
			GIT_HTTP_EXPORT_ALL: '1',
			GIT_CONFIG_NOSYSTEM: '1',
			GIT_CONFIG_GLOBAL: '/dev/null',
			PATH_INFO: decodeURIComponent(url.pathname),
			QUERY_STRING: url.search.slice(1),
			REQUEST_METHOD: request.method,
			CONTENT_TYPE: request.headers['content-type'],
			HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
			GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
		},
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	backend.stdin.on('error', () => undefined);
	request.pipe(backend.stdin);
	const chunks: Buffer[] = [];
	backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	backend.on('close', () => {
		const output = Buffer.concat(chunks);
		const end = output.indexOf('\r\n\r\n');
		for (const line of output.toString('latin1', 0, end).split('\r\n')) {
			const [name = '', value = ''] = line.split(/:\s*/, 2);
			if (name === 'Status') {
				response.statusCode = Number.parseInt(value, 10);
			} else if (name !== '') {
				response.setHeader(name, value);
			}
		}

		response.end(output.subarray(end + 4));
	});
}
