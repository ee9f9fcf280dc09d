import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {createServer, type IncomingHttpHeaders, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from '../small-workspace.ts';

type Seen = {readonly path: string; readonly headers: IncomingHttpHeaders};

let workspace: SmallWorkspace;
let storage: Server;
let storageUrl: string;
let seen: Seen[];
let answerStorage: (path: string, response: ServerResponse) => void;
let batches: number;
/** Per object: what the batch says of it besides its link. */
let batchErrors: Map<string, number>;

beforeEach(async () => {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
	seen = [];
	batches = 0;
	batchErrors = new Map();
	storage = createServer((request, response) => {
		seen.push({path: request.url ?? '', headers: request.headers});
		answerStorage(request.url ?? '', response);
	});
	await new Promise<void>(resolve => {
		storage.listen(0, '127.0.0.1', resolve);
	});
	storageUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
	answerStorage = (path, response) => {
		response.end(contents.get(path.slice(1)));
	};

	workspace.server.intercept = (request, response) => {
		if (!request.url?.endsWith('/info/lfs/objects/batch')) {
			return false;
		}

		batches += 1;
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const {objects} = JSON.parse(Buffer.concat(chunks).toString()) as {
				objects: Array<{oid: string; size: number}>;
			};
			const answer = objects.map(({oid, size}) => {
				const code = batchErrors.get(oid);
				return code === undefined
					? {
							oid,
							size,
							actions: {download: {href: `${storageUrl}/${oid}`, header: {'x-grant': 'for this one'}}},
						}
					: {oid, size, error: {code, message: 'Object does not exist'}};
			});
			response.setHeader('content-type', 'application/vnd.git-lfs+json');
			response.end(JSON.stringify({transfer: 'basic', objects: answer}));
		});
		return true;
	};
});
afterEach(async () => {
	await workspace.close();
	storage.closeAllConnections();
	await new Promise(resolve => {
		storage.close(resolve);
	});
});

const contents = new Map<string, Buffer>();

/** A pointer file for an object that the storage has. */
function pointerTo(text: string): {pointer: string; oid: string} {
	const bytes = Buffer.from(text);
	const oid = createHash('sha256').update(bytes).digest('hex');
	contents.set(oid, bytes);
	const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`;
	return {pointer, oid};
}

const pathOf = (oid: string): string =>
	join(workspace.mirror('web'), 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);

test('every object of the whole history is fetched, with the link’s own headers and no other', async () => {
	const old = pointerTo('an old version');
	const now = pointerTo('the version of now');
	const side = pointerTo('on another branch');
	workspace.web.commit('main', {'big.bin': old.pointer});
	workspace.web.commit('main', {'big.bin': now.pointer, 'readme.md': 'text'});
	workspace.web.commit('side', {'other.bin': side.pointer});
	const {outcome} = await workspace.run(['git', 'lfs']);
	assert.equal(outcome.status, 'succeeded');
	for (const {oid} of [old, now, side]) {
		assert.deepEqual(readFileSync(pathOf(oid)), contents.get(oid));
	}

	assert.equal(batches, 1);
	assert.equal(seen.length, 3);
	assert.ok(
		seen.every(({headers}) => headers['x-grant'] === 'for this one' && headers.authorization === undefined),
	);
	const listed = JSON.parse(workspace.file('web', 'lfs.json') ?? '') as Array<{oid: string}>;
	assert.deepEqual(
		listed.map(({oid}) => oid),
		[old.oid, now.oid, side.oid].sort(),
	);

	const later = pointerTo('a new version');
	workspace.web.commit('main', {'big.bin': later.pointer});
	await workspace.run(['git', 'lfs']);
	assert.equal(seen.length, 4, 'what is here is not fetched again');
	assert.ok(existsSync(pathOf(later.oid)));
});

test('a repository without LFS asks nobody', async () => {
	workspace.web.commit('main', {'readme.md': 'text'});
	const {outcome} = await workspace.run(['git', 'lfs']);
	assert.equal(outcome.status, 'succeeded');
	assert.equal(batches, 0);
	assert.equal(workspace.file('web', 'lfs.json'), '[]');
});

test('an object that the server lost makes it partial, and the others are saved', async () => {
	const lost = pointerTo('lost');
	const there = pointerTo('there');
	workspace.web.commit('main', {'a.bin': lost.pointer, 'b.bin': there.pointer});
	batchErrors.set(lost.oid, 404);
	const {of} = await workspace.run(['git', 'lfs']);
	assert.equal(of('web').status, 'partial');
	assert.deepEqual(of('web').problems, ['1 LFS object is missing upstream']);
	assert.ok(existsSync(pathOf(there.oid)));
	batchErrors.clear();
	assert.equal((await workspace.run(['git', 'lfs'])).of('web').status, 'backed-up');
	assert.ok(existsSync(pathOf(lost.oid)));
});

test('what comes is checked: other bytes are thrown away and asked for again', async () => {
	const {pointer, oid} = pointerTo('the right bytes');
	workspace.web.commit('main', {'a.bin': pointer});
	answerStorage = (_, response) => {
		response.end(seen.length === 1 ? 'the wrong bytes' : contents.get(oid));
	};
	const running = workspace.run(['git', 'lfs']);
	await keepMoving(running);
	assert.equal((await running).outcome.status, 'succeeded');
	assert.equal(seen.length, 2);
	assert.deepEqual(readFileSync(pathOf(oid)), contents.get(oid));
});

test('what never comes right is never kept', async () => {
	const {pointer, oid} = pointerTo('the right bytes');
	workspace.web.commit('main', {'a.bin': pointer});
	answerStorage = (_, response) => {
		response.writeHead(503).end();
	};
	const running = workspace.run(['git', 'lfs']);
	await keepMoving(running);
	const {of} = await running;
	assert.equal(of('web').status, 'partial');
	assert.match(of('web').problems[0] ?? '', /^1 LFS object could not be fetched: 127\.0\.0\.1:\d+ said 503$/);
	assert.equal(existsSync(pathOf(oid)), false);
});

test('a redirect is followed without any header of the link', async () => {
	const {pointer, oid} = pointerTo('elsewhere');
	workspace.web.commit('main', {'a.bin': pointer});
	answerStorage = (path, response) => {
		if (path.endsWith('?moved')) {
			response.end(contents.get(oid));
		} else {
			response.writeHead(302, {location: `${path}?moved`}).end();
		}
	};
	assert.equal((await workspace.run(['git', 'lfs'])).outcome.status, 'succeeded');
	assert.equal(seen[1]?.headers['x-grant'], undefined);
});

/** Lets the waits of a run pass until it has ended. */
async function keepMoving(running: Promise<unknown>): Promise<void> {
	let hasEnded = false;
	const end = (): void => {
		hasEnded = true;
	};
	running.then(end, end);
	while (!hasEnded) {
		await workspace.clock.advanceToNext();
	}
}
