import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import type {IncomingMessage} from 'node:http';

/** What a server of this process is asked for, by whichever process. */
export type RequestLog = {
	/** Paths with their queries, oldest first. */
	readonly paths: () => string[];
	readonly clear: () => void;
	/** Resolves with the first request at which something is so. */
	readonly until: (isSo: () => boolean) => Promise<void>;
	readonly close: () => void;
};

const channel = 'http.server.request.start';

/** Writes down every request to a server, as Node tells of it. */
export function logRequests(server: URL): RequestLog {
	const port = Number(server.port);
	const watchers = new Set<() => void>();
	let paths: string[] = [];
	const onRequest = (message: unknown): void => {
		const {request} = message as {request: IncomingMessage};
		if (request.socket.localPort === port) {
			paths.push(request.url ?? '');
			for (const watch of watchers) {
				watch();
			}
		}
	};

	subscribe(channel, onRequest);
	return {
		paths: () => [...paths],
		clear: () => {
			paths = [];
		},
		until: async isSo =>
			new Promise(resolve => {
				const watch = (): void => {
					if (isSo()) {
						watchers.delete(watch);
						resolve();
					}
				};

				watchers.add(watch);
			}),
		close: () => {
			unsubscribe(channel, onRequest);
		},
	};
}
