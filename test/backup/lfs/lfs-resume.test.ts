import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from '../small-workspace.ts';
import {keepMoving, type LfsUpstream, startLfsUpstream} from './lfs-upstream.ts';

const megabyte = 1024 * 1024;
const contents = randomBytes(5 * megabyte);

let workspace: SmallWorkspace;
let lfs: LfsUpstream;
let oid: string;

beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
	lfs = await startLfsUpstream(workspace);
	const kept = lfs.keep(contents);
	oid = kept.oid;
	workspace.web.commit('main', {'a.bin': kept.pointer});
});
afterEach(async () => {
	await workspace.close();
	await lfs.close();
});

const run = async (options: Parameters<SmallWorkspace['run']>[1] = {}) => {
	const {of} = await keepMoving(workspace, workspace.run(['git', 'lfs'], options));
	return of('web');
};

const pathOf = (): string =>
	join(workspace.mirror('web'), 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
const partPath = (): string => join(workspace.mirror('web'), 'lfs', 'tmp', `${oid}.part`);
const ranges = (): Array<string | undefined> => lfs.seen.map(({headers}) => headers.range);

const assertComplete = (): void => {
	assert.ok(readFileSync(pathOf()).equals(contents));
	assert.deepEqual(readdirSync(join(workspace.mirror('web'), 'lfs', 'tmp')), []);
};

/** Gives what was asked for, and cuts the connection after so many bytes. */
function cutAfter(bytes: number, {headers}: IncomingMessage, response: ServerResponse, isDeaf = false): void {
	const [, text = '0'] = (isDeaf ? undefined : /^bytes=(\d+)-$/.exec(headers.range ?? '')) ?? [];
	const from = Number(text);
	response.writeHead(from === 0 ? 200 : 206, {
		'content-length': contents.length - from,
		...(from === 0 ? {} : {'content-range': `bytes ${from}-${contents.length - 1}/${contents.length}`}),
	});
	response.write(contents.subarray(from, from + bytes), () => response.destroy());
}

test('a connection that is cut again and again brings the object, a part each time, with the same link', async () => {
	lfs.answerStorage = (request, response) => {
		cutAfter(1.7 * megabyte, request, response);
	};
	assert.equal((await run()).status, 'backed-up');
	assertComplete();
	assert.equal(lfs.batches.length, 1);
	const starts = ranges().map(range => Number(/\d+/.exec(range ?? '0')?.[0]));
	assert.ok(starts.length >= 3, starts.join());
	assert.ok(starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0)));
	assert.ok(lfs.seen.every(({headers}) => headers['x-grant'] === 'for this one'));
});

test('what came in one run is not fetched again in the next', async () => {
	lfs.answerStorage = (request, response) => {
		if (lfs.seen.length === 1) {
			cutAfter(2 * megabyte, request, response);
		} else {
			response.writeHead(503).end();
		}
	};
	assert.equal((await run()).status, 'partial');
	assert.equal(existsSync(pathOf()), false);
	const here = readFileSync(partPath());
	assert.ok(here.length > megabyte && contents.subarray(0, here.length).equals(here));

	lfs.seen.length = 0;
	lfs.answerStorage = lfs.give;
	assert.equal((await run()).status, 'backed-up');
	assertComplete();
	assert.deepEqual(ranges(), [`bytes=${here.length}-`]);
});

test('a run that is cancelled leaves what came for the next', async () => {
	const stop = new AbortController();
	lfs.answerStorage = (_, response) => {
		response.writeHead(200, {'content-length': contents.length});
		response.write(contents.subarray(0, 2 * megabyte));
	};
	const running = run({
		signal: stop.signal,
		report: report => {
			if (report.type === 'repository-progress' && report.stage === 'lfs' && report.done > megabyte) {
				stop.abort(new Error('cancelled'));
			}
		},
	}).catch(() => undefined);
	// Progress is told once a second.
	const ticking = setInterval(() => workspace.clock.jump(2000), 5);
	await running;
	clearInterval(ticking);
	const {length} = readFileSync(partPath());
	assert.ok(length > megabyte);

	lfs.seen.length = 0;
	lfs.answerStorage = lfs.give;
	assert.equal((await run()).status, 'backed-up');
	assertComplete();
	assert.deepEqual(ranges(), [`bytes=${length}-`]);
});

test('of a server that knows no parts all is taken again, and not for ever', async () => {
	lfs.answerStorage = (request, response) => {
		if (lfs.seen.length < 3) {
			cutAfter(2 * megabyte, request, response, true);
		} else {
			response.end(contents);
		}
	};
	assert.equal((await run()).status, 'backed-up');
	assertComplete();
	assert.equal(ranges().filter(range => range !== undefined).length, 2);

	const other = lfs.keep(randomBytes(3 * megabyte));
	workspace.web.commit('main', {'b.bin': other.pointer});
	lfs.seen.length = 0;
	lfs.answerStorage = (request, response) => {
		cutAfter(2 * megabyte, request, response, true);
	};
	assert.equal((await run()).status, 'partial');
	assert.ok(lfs.seen.length <= 6, String(lfs.seen.length));
});

for (const [name, answer] of [
	[
		'another part than was asked for',
		(response: ServerResponse) => {
			response
				.writeHead(206, {'content-range': `bytes 0-9/${contents.length}`})
				.end(contents.subarray(0, 10));
		},
	],
	[
		'a part, and does not say which',
		(response: ServerResponse) => {
			response.writeHead(206).end(contents.subarray(megabyte));
		},
	],
	[
		'no such part',
		(response: ServerResponse) => {
			response.writeHead(416, {'content-range': `bytes */${contents.length}`}).end();
		},
	],
] as const) {
	test(`of a server that gives ${name} nothing is taken; it begins anew`, async () => {
		lfs.answerStorage = (request, response) => {
			if (lfs.seen.length === 1) {
				cutAfter(2 * megabyte, request, response);
			} else if (request.headers.range !== undefined) {
				answer(response);
			} else {
				lfs.give(request, response);
			}
		};
		assert.equal((await run()).status, 'backed-up');
		assertComplete();
		assert.equal(ranges().at(-1), undefined);
	});
}

test('a part that is not of this object is found out by the hash: it begins anew, once', async () => {
	lfs.answerStorage = (_, response) => {
		response.writeHead(503).end();
	};
	await run();
	writeFileSync(partPath(), randomBytes(megabyte));
	lfs.seen.length = 0;
	lfs.answerStorage = lfs.give;
	assert.equal((await run()).status, 'backed-up');
	assertComplete();
	assert.deepEqual(ranges(), [`bytes=${megabyte}-`, undefined]);
});

test('the rest comes from where a redirect leads, with no header of the link', async () => {
	lfs.answerStorage = (request, response) => {
		if (!request.url?.endsWith('?moved')) {
			response.writeHead(302, {location: `${request.url}?moved`}).end();
		} else if (request.headers.range === undefined) {
			cutAfter(2 * megabyte, request, response);
		} else {
			lfs.give(request, response);
		}
	};
	assert.equal((await run()).status, 'backed-up');
	assertComplete();
	const moved = lfs.seen.filter(({path}) => path.endsWith('?moved'));
	assert.deepEqual(
		moved.map(({headers}) => [headers.range === undefined, headers['x-grant'], headers['if-range']]),
		[
			[true, undefined, undefined],
			[false, undefined, undefined],
		],
	);
});

test('a part of what nobody wants any more goes', async () => {
	lfs.answerStorage = (_, response) => {
		response.writeHead(503).end();
	};
	await run();
	writeFileSync(partPath().replace(oid, '0'.repeat(64)), 'of an older time');
	writeFileSync(partPath(), contents.subarray(0, 10));
	await run();
	assert.deepEqual(readdirSync(join(workspace.mirror('web'), 'lfs', 'tmp')), [`${oid}.part`]);
});
