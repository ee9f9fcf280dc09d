import assert from 'node:assert/strict';
import {createServer, type IncomingHttpHeaders, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {type TestContext, test} from 'node:test';
import {GitRefused} from '../../../source/accounts/pool-types.ts';
import {askForLinks, BatchRefused, type LfsLink} from '../../../source/backup/lfs/batch.ts';
import {createHttpClient} from '../../../source/bitbucket/http-client.ts';

const oid = 'a'.repeat(64);
const other = 'b'.repeat(64);
const now = Date.parse('2026-11-22T12:00:00.000Z');

type Asked = {readonly headers: IncomingHttpHeaders; readonly path: string; readonly body: string};

async function ask(
	context: TestContext,
	answer: RequestListener,
): Promise<{links: ReadonlyMap<string, LfsLink>; asked: Asked[]}> {
	const asked: Asked[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (text: string) => {
			body += text;
		});
		request.on('end', () => {
			asked.push({headers: request.headers, path: `${request.method} ${request.url}`, body});
			answer(request, response);
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const links = await askForLinks({
		http: createHttpClient({userAgent: 'test'}),
		cloneUrl: `${origin}/acme/web.git`,
		signIn: {origin, username: 'x-token-auth', password: 'word'},
		objects: [{oid, size: 3}],
		now: () => now,
		signal: new AbortController().signal,
	});
	return {links, asked};
}

/** The link that comes of what a batch says of the object. */
async function linkOf(
	context: TestContext,
	object: unknown,
	rest: object = {},
): Promise<LfsLink | undefined> {
	const {links} = await ask(context, (_, response) => {
		response.end(JSON.stringify({...rest, objects: [object]}));
	});
	assert.deepEqual(
		[...links.keys()].filter(key => key !== oid),
		[],
	);
	return links.get(oid);
}

test('batch: asks the clone’s own address, signed in, as the specification says', async context => {
	const {asked} = await ask(context, (_, response) => response.end('{"objects":[]}'));
	const [{headers, path, body}] = asked as [Asked];
	assert.equal(path, 'POST /acme/web.git/info/lfs/objects/batch');
	assert.equal(headers.accept, 'application/vnd.git-lfs+json');
	assert.equal(headers['content-type'], 'application/vnd.git-lfs+json');
	assert.equal(headers.authorization, `Basic ${Buffer.from('x-token-auth:word').toString('base64')}`);
	assert.deepEqual(JSON.parse(body), {
		operation: 'download',
		transfers: ['basic'],
		hash_algo: 'sha256',
		objects: [{oid, size: 3}],
	});
});

const download = {href: 'https://storage.example/a'};
const link = {kind: 'link', href: download.href, headers: {}, expiresAt: undefined} as const;

for (const [name, object, expected] of [
	['a link', {oid, actions: {download}}, link],
	[
		'a link with nulls',
		{oid, error: null, actions: {download: {...download, header: null, expires_in: null}}},
		link,
	],
	[
		'a link that says how long',
		{oid, actions: {download: {...download, expires_in: 60}}},
		{...link, expiresAt: now + 60_000},
	],
	[
		'a link that says until when',
		{oid, actions: {download: {...download, expires_at: '2026-11-22T12:01:00Z'}}},
		{...link, expiresAt: now + 60_000},
	],
	[
		'a link that says both',
		{oid, actions: {download: {...download, expires_in: 5, expires_at: '2026-11-22T12:01:00Z'}}},
		{...link, expiresAt: now + 5000},
	],
	[
		'a link that is over',
		{oid, actions: {download: {...download, expires_at: '2026-11-22T11:59:00Z'}}},
		link,
	],
	['a link of another time', {oid, actions: {download: {...download, expires_at: 'soon'}}}, link],
	['a link that says who signed in', {oid, authenticated: true, actions: {download}}, link],
	['no link', {oid, actions: {}}, {kind: 'missing'}],
	['nothing', {oid}, {kind: 'missing'}],
	['404', {oid, error: {code: 404, message: 'Object does not exist'}}, {kind: 'missing'}],
	['410', {oid, error: {code: 410}}, {kind: 'missing'}],
	[
		'409',
		{oid, error: {code: 409, message: 'no sha256'}},
		{kind: 'refused', message: 'the LFS server said 409: no sha256'},
	],
	[
		'422',
		{oid, error: {code: 422, message: 'bad size'}},
		{kind: 'refused', message: 'the LFS server said 422: bad size'},
	],
	[
		'500',
		{oid, error: {code: 500, message: 'broken'}},
		{kind: 'failed', message: 'the LFS server said 500: broken'},
	],
	[
		'429',
		{oid, error: {code: 429, message: 'slowly'}},
		{kind: 'failed', message: 'the LFS server said 429: slowly'},
	],
	['an object that nobody asked for', {oid: other, actions: {download}}, undefined],
	['something that is no object', 'text', undefined],
	['a link that is none', {oid, actions: {download: {href: 5}}}, undefined],
] as const) {
	test(`batch: of an object the server says ${name}`, async context => {
		assert.deepEqual(await linkOf(context, object), expected);
	});
}

test('batch: of two answers for one object the first counts', async context => {
	const {links} = await ask(context, (_, response) => {
		const second = {oid, actions: {download: {href: 'https://elsewhere.example/'}}};
		response.end(JSON.stringify({objects: [{oid, actions: {download}}, second]}));
	});
	assert.deepEqual([...links], [[oid, link]]);
});

test('batch: of a link’s headers those are sent that are its own and can be sent', async context => {
	const header = {
		Authorization: 'Bearer grant',
		'X-Tenant': 'acme',
		Host: 'elsewhere',
		Range: 'bytes=0-1',
		'Content-Length': '7',
		'Transfer-Encoding': 'chunked',
		'bad name': 'x',
		'x-split': 'a\r\nx-more: b',
	};
	const found = await linkOf(context, {oid, actions: {download: {...download, header}}});
	assert.deepEqual(found, {...link, headers: {authorization: 'Bearer grant', 'x-tenant': 'acme'}});
});

for (const [status, expected] of [
	[401, 'unauthorized'],
	[403, 'forbidden'],
	[404, 'not-found'],
	[408, 'connection'],
	[429, 'rate-limited'],
	[500, 'connection'],
	[502, 'connection'],
	[507, 'connection'],
	[406, undefined],
	[410, undefined],
	[413, undefined],
	[422, undefined],
	[501, undefined],
	[302, undefined],
] as const) {
	test(`batch: ${status} means ${expected === undefined ? 'no to everybody' : expected}`, async context => {
		await assert.rejects(
			ask(context, (_, response) => {
				response.writeHead(status, {location: '/elsewhere'}).end('{"message":"no"}');
			}),
			(error: unknown) =>
				expected === undefined
					? error instanceof BatchRefused && error.status === status
					: error instanceof GitRefused && error.reason === expected,
		);
	});
}

for (const [name, body] of [
	['no JSON', '<html>'],
	['no list', '{"objects":{}}'],
	['another way to transfer', '{"transfer":"ssh","objects":[]}'],
	['another hash', '{"hash_algo":"md5","objects":[]}'],
] as const) {
	test(`batch: ${name} is no answer`, async context => {
		await assert.rejects(
			ask(context, (_, response) => response.end(body)),
			(error: unknown) => error instanceof GitRefused && error.reason === 'connection',
		);
	});
}

test('batch: an answer without an end is not waited for', async context => {
	await assert.rejects(
		ask(context, (_, response) => {
			const more = (): void => {
				if (!response.destroyed) {
					response.write(Buffer.alloc(256 * 1024, ' '), more);
				}
			};
			more();
		}),
		(error: unknown) => error instanceof BatchRefused && /larger than 8388608 bytes/.test(error.message),
	);
});

test('batch: an answer that breaks off is a failed connection', async context => {
	await assert.rejects(
		ask(context, (_, response) => {
			response.writeHead(200, {'content-length': 100});
			response.write('{"objects":', () => response.destroy());
		}),
		(error: unknown) => error instanceof GitRefused && error.reason === 'connection',
	);
});
