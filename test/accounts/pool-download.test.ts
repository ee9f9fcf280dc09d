import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {readdirSync, readFileSync, realpathSync} from 'node:fs';
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {createContentStore} from '../../source/backup/content-store.ts';
import {RequestFailed} from '../../source/bitbucket/failures.ts';
import {createHttpClient} from '../../source/bitbucket/http-client.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {createBench, opened} from './fake-bitbucket.ts';

const megabyte = 1024 * 1024;
const file = randomBytes(9 * megabyte);

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** An API that leads to a storage of its own for the one download that there is, and a pool and a store for it. */
async function open(context: TestContext, answerStorage: Answer) {
	const seen: IncomingHttpHeaders[] = [];
	const serve = async (
		answer: (request: IncomingMessage, response: ServerResponse) => void,
	): Promise<string> => {
		const server = createServer(answer);
		await new Promise<void>(resolve => {
			server.listen(0, '127.0.0.1', resolve);
		});
		context.after(() => {
			server.closeAllConnections();
			server.close();
		});
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	};

	const storage = await serve((request, response) => {
		seen.push(request.headers);
		answerStorage(request, response, seen.length);
	});
	let asked = 0;
	const api = await serve((request, response) => {
		if (request.url?.endsWith('/downloads/a.zip')) {
			asked += 1;
			response.writeHead(302, {location: `${storage}/a.zip?number=${asked}`}).end();
		} else {
			response.end('{}');
		}
	});
	const credential = opened('a');
	const bench = await createBench({
		credentials: [credential],
		answer: () => 'reset',
		pool: {
			http: createHttpClient({userAgent: 'test'}),
			organization: OrganizationSchema.parse({
				workspace: 'acme',
				apiUrl: `${api}/2.0`,
				gitUrl: api,
				primaryCredential: credential.credential,
			}),
		},
	});
	context.after(() => bench.pool.close());
	const folder = realpathSync(await temporaryFolder(context));
	const store = createContentStore(folder, ['downloads'], ['downloads', 'tmp']);
	return {
		seen,
		asked: () => asked,
		bench,
		left: () => readdirSync(join(folder, 'downloads', 'tmp')),
		download: async () => {
			const url = '/repositories/acme/web/downloads/a.zip';
			const {hash} = await bench.finish(
				store.add(async target => bench.pool.download({url, repository: 'web'}, target), {
					size: file.length,
					part: 'a',
				}),
			);
			return readFileSync(join(folder, 'downloads', hash.slice(0, 2), hash.slice(2, 4), hash));
		},
	};
}

/** Gives what was asked for of this version, at most so many bytes of it before the connection is cut. */
function give(etag: string | undefined, bytes = file.length): Answer {
	return ({headers}, response) => {
		const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
		const from = isSame ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
		response.writeHead(from === 0 ? 200 : 206, {
			'content-length': file.length - from,
			...(etag === undefined ? {} : {etag}),
			...(from === 0 ? {} : {'content-range': `bytes ${from}-${file.length - 1}/${file.length}`}),
		});
		if (from + bytes < file.length) {
			response.write(file.subarray(from, from + bytes), () => response.destroy());
		} else {
			response.end(file.subarray(from));
		}
	};
}

test('pool: a download that is cut goes on where it stopped, each time by a link of its own', async context => {
	// More cuts than there are attempts: each of them brings it on.
	const {download, seen, asked, bench, left} = await open(context, give('"one"', 1.5 * megabyte));
	assert.ok((await download()).equals(file));
	assert.ok(seen.length > 5, String(seen.length));
	assert.equal(asked(), seen.length);
	assert.deepEqual(bench.pool.requestsOf('web'), {raw: asked()});
	assert.ok(seen.slice(1).every(headers => headers['if-range'] === '"one"' && headers.range !== undefined));
	assert.ok(seen.every(({authorization}) => authorization === undefined));
	assert.deepEqual(left(), []);
});

test('pool: a download of another version begins anew', async context => {
	const {download, seen} = await open(context, (request, response, count) => {
		give(count < 3 ? '"one"' : '"two"', count < 3 ? 2 * megabyte : undefined)(request, response, count);
	});
	assert.ok((await download()).equals(file));
	assert.equal(seen.length, 3);
});

test('pool: where the server does not tell versions apart, a download begins anew, and is given up in the end', async context => {
	const {download, seen, left} = await open(context, give(undefined, 2 * megabyte));
	await assert.rejects(
		download(),
		(error: unknown) => error instanceof RequestFailed && error.reason === 'connection',
	);
	assert.equal(seen.length, 5);
	assert.ok(seen.every(({range}) => range === undefined));
	assert.deepEqual(left(), []);
});

test('pool: a download that does not come on is given up, and gone on with the next time', async context => {
	let isDown = true;
	const {download, seen} = await open(context, (request, response, count) => {
		if (count === 1) {
			give('"one"', 3 * megabyte)(request, response, count);
		} else if (isDown) {
			response.writeHead(503).end();
		} else {
			give('"one"')(request, response, count);
		}
	});
	await assert.rejects(download(), /storage host said 503/);
	isDown = false;
	const before = seen.length;
	assert.ok((await download()).equals(file));
	assert.equal(seen.length, before + 1);
	assert.match(seen.at(-1)?.range ?? '', /^bytes=\d{7}-$/);
});
