import assert from 'node:assert/strict';
import {createServer, type IncomingHttpHeaders, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {Writable} from 'node:stream';
import {type TestContext, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {
	type BodyStart,
	type BodyTarget,
	placeOfBody,
	validatorOf,
} from '../../source/bitbucket/body-target.ts';
import {ConnectionFailed, createHttpClient} from '../../source/bitbucket/http-client.ts';

const asked = {from: 5};

for (const [name, status, headers, start, place] of [
	['all, as asked', 200, {}, undefined, {kind: 'whole'}],
	['all instead of the rest', 200, {}, asked, {kind: 'whole'}],
	['the rest', 206, {'content-range': 'bytes 5-9/10'}, asked, {kind: 'rest', isLast: true}],
	[
		'the rest of who knows how much',
		206,
		{'content-range': 'bytes 5-9/*'},
		asked,
		{kind: 'rest', isLast: true},
	],
	['a part of the rest', 206, {'content-range': 'bytes 5-6/10'}, asked, {kind: 'rest', isLast: false}],
	['another part', 206, {'content-range': 'bytes 0-9/10'}, asked, {kind: 'useless'}],
	[
		'a part of something compressed',
		206,
		{'content-range': 'bytes 5-9/10', 'content-encoding': 'gzip'},
		asked,
		{kind: 'useless'},
	],
	[
		'the rest of that version',
		206,
		{'content-range': 'bytes 5-9/10', etag: '"one"'},
		{from: 5, validator: '"one"'},
		{kind: 'rest', isLast: true},
	],
	[
		'the rest of another version',
		206,
		{'content-range': 'bytes 5-9/10', etag: '"two"'},
		{from: 5, validator: '"one"'},
		{kind: 'useless'},
	],
	[
		'the rest of a version that is not named',
		206,
		{'content-range': 'bytes 5-9/10'},
		{from: 5, validator: '"one"'},
		{kind: 'useless'},
	],
	['a part that does not say which', 206, {}, asked, {kind: 'useless'}],
	['several parts', 206, {'content-type': 'multipart/byteranges; boundary=x'}, asked, {kind: 'useless'}],
	['a part of something that is no bytes', 206, {'content-range': 'lines 5-9/10'}, asked, {kind: 'useless'}],
	['a part that nobody asked for', 206, {'content-range': 'bytes 5-9/10'}, undefined, {kind: 'useless'}],
	['no such part', 416, {'content-range': 'bytes */3'}, asked, {kind: 'useless'}],
	['an error', 503, {}, asked, {kind: 'whole'}],
] as const) {
	test(`body target: ${name}`, () => {
		assert.deepEqual(placeOfBody({status, headers}, start), place);
	});
}

for (const [headers, validator] of [
	[{etag: '"abc"'}, '"abc"'],
	[{etag: 'W/"abc"'}, undefined],
	[{etag: '"abc"', 'content-encoding': 'gzip'}, undefined],
	[{etag: 'abc'}, undefined],
	[{etag: ['"a"', '"b"']}, undefined],
	[{}, undefined],
] as const) {
	test(`body target: ${JSON.stringify(headers)} tells versions apart by ${validator ?? 'nothing'}`, () => {
		assert.equal(validatorOf(headers), validator);
	});
}

const client = createHttpClient({userAgent: 'test'});
const whole = Buffer.from('0123456789');

async function serve(
	context: TestContext,
	listener: RequestListener,
): Promise<{url: string; seen: IncomingHttpHeaders[]}> {
	const seen: IncomingHttpHeaders[] = [];
	const server = createServer((request, response) => {
		seen.push(request.headers);
		listener(request, response);
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen};
}

/** A target in memory that can be gone on with. */
function memoryTarget(here: string, validator?: string): BodyTarget & {text: () => string; opened: number[]} {
	let bytes = Buffer.from(here);
	let start: BodyStart | undefined = {from: bytes.length, validator};
	const opened: number[] = [];
	return {
		text: () => bytes.toString(),
		opened,
		resume: () => start,
		discard: () => {
			start = undefined;
		},
		open: from => {
			opened.push(from);
			bytes = bytes.subarray(0, from);
			return new Writable({
				write: (piece: Buffer, _, done) => {
					bytes = Buffer.concat([bytes, piece]);
					done();
				},
			});
		},
	};
}

const anything = Number.POSITIVE_INFINITY;

test('body target: the rest alone is asked for, of that version, and added', async context => {
	const {url, seen} = await serve(context, (_, response) => {
		response.writeHead(206, {'content-range': 'bytes 5-9/10', etag: '"one"'}).end(whole.subarray(5));
	});
	const target = memoryTarget('01234', '"one"');
	const {bytes} = await client.attempt(url, {maximumBytes: anything, target});
	assert.deepEqual([target.text(), target.opened, bytes], ['0123456789', [5], 5]);
	assert.deepEqual(
		[seen[0]?.range, seen[0]?.['if-range'], seen[0]?.['accept-encoding']],
		['bytes=5-', '"one"', 'identity'],
	);
});

test('body target: where all comes, it takes the place of what was there', async context => {
	const {url} = await serve(context, (_, response) => response.end(whole));
	const target = memoryTarget('abcde');
	await client.attempt(url, {maximumBytes: anything, target});
	assert.deepEqual([target.text(), target.opened], ['0123456789', [0]]);
});

for (const [name, status, headers] of [
	['another part', 206, {'content-range': 'bytes 4-9/10'}],
	['no part', 416, {}],
] as const) {
	test(`body target: where ${name} comes, nothing is taken, and the next attempt begins anew`, async context => {
		const {url, seen} = await serve(context, ({headers: {range}}, response) => {
			if (range === undefined) {
				response.end(whole);
			} else {
				response.writeHead(status, headers).end('456789');
			}
		});
		const target = memoryTarget('01234');
		await assert.rejects(client.attempt(url, {maximumBytes: anything, target}), ConnectionFailed);
		assert.deepEqual(target.opened, []);
		await client.attempt(url, {maximumBytes: anything, target});
		assert.equal(target.text(), '0123456789');
		assert.equal(seen.length, 2);
	});
}

test('body target: a part of the rest is taken, and not for the whole', async context => {
	const {url} = await serve(context, (_, response) => {
		response.writeHead(206, {'content-range': 'bytes 5-6/10'}).end('56');
	});
	const target = memoryTarget('01234');
	await assert.rejects(client.attempt(url, {maximumBytes: anything, target}), /only a part of the rest came/);
	assert.equal(target.text(), '0123456');
});

test('http client: what nobody needs of an answer to a download is not held in memory without end', async context => {
	const {url} = await serve(context, (_, response) => {
		response.writeHead(500, {'content-encoding': 'gzip'});
		// 70 MB of nothing.
		response.end(gzipSync(Buffer.alloc(70_000_000)));
	});
	const target = memoryTarget('');
	await assert.rejects(client.attempt(url, {maximumBytes: anything, target}), /larger than 67108864 bytes/);
});
