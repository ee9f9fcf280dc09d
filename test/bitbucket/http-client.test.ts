import assert from 'node:assert/strict';
import {createServer, type RequestListener, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PassThrough} from 'node:stream';
import {text} from 'node:stream/consumers';
import {test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {plainTarget} from '../../source/bitbucket/body-target.ts';
import {BodyTooLarge, ConnectionFailed, createHttpClient} from '../../source/bitbucket/http-client.ts';

const client = createHttpClient({userAgent: 'test'});

async function withServer(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
	const server: Server = createServer(listener);
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	try {
		await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

test('http client: one attempt a call, whatever the status', async () => {
	let requests = 0;
	await withServer(
		(_request, response) => {
			requests += 1;
			response.writeHead(503).end('later');
		},
		async url => {
			const answer = await client.attempt(url, {maximumBytes: 1000});
			assert.equal(answer.status, 503);
			assert.equal(answer.body.toString(), 'later');
		},
	);
	assert.equal(requests, 1);
});

test('http client: redirects are answers, not followed', async () => {
	await withServer(
		(_request, response) => response.writeHead(302, {location: 'http://127.0.0.1:1/'}).end(),
		async url => {
			const answer = await client.attempt(url, {maximumBytes: 1000, authorization: 'Bearer secret'});
			assert.equal(answer.status, 302);
			assert.equal(answer.headers['location'], 'http://127.0.0.1:1/');
		},
	);
});

test('http client: a small body that unpacks to a huge one is refused', async () => {
	const bomb = gzipSync(Buffer.alloc(20_000_000));
	assert.ok(bomb.length < 100_000);
	await withServer(
		(_request, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end(bomb),
		async url => {
			await assert.rejects(client.attempt(url, {maximumBytes: 100_000}), BodyTooLarge);
		},
	);
});

test('http client: a body that breaks off is a failed connection, not a short answer', async () => {
	await withServer(
		(_request, response) => {
			response.writeHead(200, {'content-length': '1000'});
			response.write('{"values": [');
			setImmediate(() => response.destroy());
		},
		async url => {
			await assert.rejects(client.attempt(url, {maximumBytes: 10_000}), ConnectionFailed);
		},
	);
});

test('http client: nobody listens', async () => {
	await withServer(
		() => undefined,
		async url => {
			const {port} = new URL(url);
			await assert.rejects(
				client.attempt(`http://127.0.0.1:${Number(port) === 1 ? 2 : 1}/`, {maximumBytes: 10}),
				(error: unknown) =>
					error instanceof ConnectionFailed && error.message === 'nothing answers at that address',
			);
		},
	);
});

test('http client: an aborted request ends with the reason of the abort', async () => {
	const abort = new AbortController();
	await withServer(
		() => abort.abort(new Error('cancelled by hand')),
		async url => {
			await assert.rejects(
				client.attempt(url, {maximumBytes: 10, signal: abort.signal}),
				/cancelled by hand/,
			);
		},
	);
});

test('http client: a download goes to its target', async () => {
	await withServer(
		(_request, response) => response.end('file content'),
		async url => {
			const target = new PassThrough();
			const content = text(target);
			const answer = await client.attempt(url, {maximumBytes: 100, target: plainTarget(() => target)});
			assert.equal(answer.bytes, 12);
			assert.equal(await content, 'file content');
		},
	);
});

test('http client: an error answer never reaches the target', async () => {
	await withServer(
		(_request, response) => response.writeHead(404).end('not here'),
		async url => {
			const answer = await client.attempt(url, {
				maximumBytes: 100,
				target: plainTarget(() => assert.fail('the target must not be opened')),
			});
			assert.equal(answer.body.toString(), 'not here');
		},
	);
});
