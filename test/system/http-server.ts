import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {TestContext} from 'node:test';

export type SeenRequest = {
	readonly method: string;
	readonly path: string;
	readonly authorization: string | undefined;
};

/** A server of the test's own on loopback that writes down what it was asked; closed when the test ends. */
export async function startHttpServer(
	context: TestContext,
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{readonly origin: string; readonly seen: SeenRequest[]}> {
	const seen: SeenRequest[] = [];
	const server = createServer((request, response) => {
		const path = (request.url ?? '').replace(/\?.*/, '');
		seen.push({method: request.method ?? '', path, authorization: request.headers.authorization});
		answer(request, response);
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return {origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen};
}

/** Answers as a server does that wants to be signed in to. */
export function refuse(response: ServerResponse, body = 'no'): void {
	response.writeHead(401, {'www-authenticate': 'Basic realm="x"', 'content-type': 'text/plain'}).end(body);
}
