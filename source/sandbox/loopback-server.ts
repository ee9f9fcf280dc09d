import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import {SandboxError} from './sandbox-error.ts';
import {sendText} from './send.ts';

export type LoopbackServer = {
	/** `http://127.0.0.1:PORT` */
	readonly origin: string;
	/** Sent on all its connections so far. */
	readonly bytesSent: () => number;
	/** Ends all connections and waits for what was being answered. */
	readonly close: () => Promise<void>;
};

/** Listens on 127.0.0.1 alone. Rejects with a SandboxError when the port is taken. */
export async function startLoopbackServer(options: {
	/** 0 takes a free one. */
	readonly port: number;
	readonly latencyMilliseconds: number;
	readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}): Promise<LoopbackServer> {
	const {port, latencyMilliseconds, handler} = options;
	const closing = new AbortController();
	const sockets = new Set<Socket>();
	const answering = new Set<Promise<void>>();
	let bytesOfClosed = 0;

	const answer = async (request: IncomingMessage, response: ServerResponse) => {
		try {
			if (latencyMilliseconds > 0) {
				await setTimeout(latencyMilliseconds, undefined, {signal: closing.signal});
			}

			await handler(request, response);
		} catch (error) {
			// A stand-in says what is wrong with it; there is nothing to hide.
			if (response.headersSent) {
				response.destroy();
			} else {
				sendText(response, 500, `The sandbox failed: ${String(error)}`);
			}
		}
	};

	const server = createServer((request, response) => {
		const answered = answer(request, response).finally(() => answering.delete(answered));
		answering.add(answered);
	});
	// As a big service does; Node's own five seconds would cut off clients that pause between two questions.
	server.keepAliveTimeout = 65_000;
	server.on('connection', socket => {
		sockets.add(socket);
		socket.once('close', () => {
			sockets.delete(socket);
			bytesOfClosed += socket.bytesWritten;
		});
	});
	server.listen(port, '127.0.0.1');
	try {
		await once(server, 'listening');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
			throw new SandboxError(
				`Port ${port} on 127.0.0.1 is in use: choose another one, or 0 for any free one.`,
			);
		}

		throw error;
	}

	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, bytesOfClosed),
		async close() {
			closing.abort();
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
			await Promise.allSettled(answering);
		},
	};
}
