import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import type {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {endChildren} from './end-children.ts';

export type CgiHead = {
	readonly status: number;
	readonly headers: readonly (readonly [name: string, value: string])[];
};

/** Runs programs that speak CGI (RFC 3875) for a request and its response. */
export type CgiRunner = {
	/** Returns when the program ended; `beforeEnd` runs after its last byte and before the response ends. */
	readonly run: (options: {
		readonly command: string;
		readonly environment: Readonly<Record<string, string>>;
		/** The request's body. */
		readonly input: Readable;
		readonly response: ServerResponse;
		readonly beforeEnd?: () => Promise<void>;
	}) => Promise<void>;
	/** Kills what still runs. */
	readonly close: () => Promise<void>;
};

/** The head of a CGI answer, and where its body begins; undefined while the head is not complete. */
export function parseCgiHead(bytes: Buffer): (CgiHead & {readonly bodyAt: number}) | undefined {
	const text = bytes.toString('latin1');
	const end = /\r?\n\r?\n/.exec(text);
	if (!end) {
		return undefined;
	}

	let status = 200;
	const headers: Array<readonly [string, string]> = [];
	for (const line of text.slice(0, end.index).split(/\r?\n/)) {
		const colon = line.indexOf(':');
		const name = line.slice(0, colon);
		const value = line.slice(colon + 1).trim();
		if (name.toLowerCase() === 'status') {
			status = Number.parseInt(value, 10);
		} else {
			headers.push([name, value]);
		}
	}

	return {status, headers, bodyAt: end.index + end[0].length};
}

export function createCgiRunner(): CgiRunner {
	const running = new Set<ChildProcess>();
	let closed = false;
	return {
		async run({command, environment, input, response, beforeEnd}) {
			if (closed) {
				throw new Error('The sandbox is closed.');
			}

			const child = spawn(command, {env: environment, stdio: ['pipe', 'pipe', 'ignore']});
			running.add(child);
			const ended = once(child, 'close');
			// It is waited for below; until then a program that cannot start must not bring the process down.
			ended.catch(() => {});
			// Whoever hangs up in the middle needs no more answer.
			response.once('close', () => child.kill());
			// A program that has read enough closes its input, which is no fault of the request.
			const taken = pipeline(input, child.stdin).catch(() => {});
			try {
				await sendOutput(child.stdout, response);
				await ended;
				await taken;
				await beforeEnd?.();
				response.end();
			} finally {
				child.kill();
				running.delete(child);
			}
		},
		async close() {
			closed = true;
			await endChildren(running);
		},
	};
}

/** Sends the program's head and body on, the body as it comes; does not end the response. */
async function sendOutput(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
	let head: Buffer | undefined = Buffer.alloc(0);
	for await (const chunk of output) {
		let body = chunk;
		if (head) {
			head = Buffer.concat([head, chunk]);
			const parsed = parseCgiHead(head);
			if (!parsed) {
				continue;
			}

			response.statusCode = parsed.status;
			for (const [name, value] of parsed.headers) {
				response.setHeader(name, value);
			}

			body = head.subarray(parsed.bodyAt);
			head = undefined;
		}

		if (!response.write(body) && !response.destroyed) {
			await drained(response);
		}
	}

	if (head) {
		response.statusCode = 500;
	}
}

/** Waits until more can be written, or nobody listens any more. */
async function drained(response: ServerResponse): Promise<void> {
	const waiting = new AbortController();
	const {signal} = waiting;
	try {
		await Promise.race([once(response, 'drain', {signal}), once(response, 'close', {signal})]);
	} finally {
		// Takes the other listener away: a large answer waits thousands of times.
		waiting.abort();
	}
}
