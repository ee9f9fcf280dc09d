import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, before, test} from 'node:test';
import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import {basic, startStubSandbox} from './stub-parts.ts';

type Action = {readonly href: string; readonly header?: Record<string, string>; readonly expires_in?: number};
type BatchObject = {
	readonly oid: string;
	readonly size: number;
	readonly actions?: Readonly<Partial<Record<'download' | 'upload' | 'verify', Action>>>;
	readonly error?: {readonly code: number; readonly message: string};
};

const mediaType = 'application/vnd.git-lfs+json';

let sandbox: Sandbox;
before(async () => {
	sandbox = await startStubSandbox({repositories: 3});
});
after(() => sandbox.close());

async function post(
	rest: string,
	body: unknown,
	options: {label?: string; accept?: string} = {},
): Promise<Response> {
	return fetch(`${sandbox.gitUrl}/acme/data-lake.git/info/lfs/${rest}`, {
		method: 'POST',
		headers: {
			authorization: basic(options.label ?? 'admin'),
			'content-type': mediaType,
			accept: options.accept ?? mediaType,
		},
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
}

async function batch(
	operation: 'download' | 'upload',
	objects: ReadonlyArray<{oid: string; size: number}>,
): Promise<readonly BatchObject[]> {
	const answer = await post('objects/batch', {operation, transfers: ['basic'], objects});
	assert.equal(answer.status, 200);
	assert.equal(answer.headers.get('content-type'), mediaType);
	const value = (await answer.json()) as {transfer: string; objects: BatchObject[]};
	assert.equal(value.transfer, 'basic');
	return value.objects;
}

async function stored() {
	const {lfsObjects} = await sandbox.repository('data-lake').contents();
	return lfsObjects;
}

async function downloadAction(): Promise<Action & {readonly content: Uint8Array}> {
	const [object] = await stored();
	assert.ok(object);
	const [answer] = await batch('download', [object]);
	const action = answer?.actions?.download;
	assert.ok(action);
	return {...action, content: object.content};
}

test('every object is given on another origin, whole', async () => {
	const objects = await stored();
	const answers = await batch('download', objects);
	assert.equal(answers.length, objects.length);
	for (const [index, {actions, oid}] of answers.entries()) {
		assert.ok(actions?.download);
		const {href, header = {}, expires_in: seconds} = actions.download;
		assert.equal(new URL(href).origin, sandbox.storageUrl);
		assert.notEqual(sandbox.storageUrl, sandbox.gitUrl);
		assert.equal(seconds, 3600);
		const answer = await fetch(href, {headers: header});
		assert.equal(answer.status, 200);
		const content = Buffer.from(await answer.arrayBuffer());
		assert.equal(createHash('sha256').update(content).digest('hex'), oid);
		assert.equal(content.length, objects[index]?.size);
	}

	assert.deepEqual(sandbox.statistics().leaks, []);
});

test('a download is taken up again where it broke off', async () => {
	const {href, header, content} = await downloadAction();
	const answer = await fetch(href, {headers: {...header, range: 'bytes=100-'}});
	assert.equal(answer.status, 206);
	assert.equal(answer.headers.get('content-range'), `bytes 100-${content.length - 1}/${content.length}`);
	assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(content.subarray(100)));

	const beyond = await fetch(href, {headers: {...header, range: `bytes=${content.length}-`}});
	assert.equal(beyond.status, 416);
	assert.equal(beyond.headers.get('content-range'), `bytes */${content.length}`);
});

test("Bitbucket's credential at the storage host is refused and remembered, without the secret", async context => {
	const own = await startStubSandbox({repositories: 3});
	context.after(() => own.close());
	const answer = await fetch(`${own.storageUrl}/lfs/somewhere`, {headers: {authorization: basic('admin')}});
	assert.equal(answer.status, 400);
	assert.deepEqual(own.statistics().leaks, [{method: 'GET', path: '/lfs/somewhere', authorization: 'Basic'}]);
});

test("a good link with Bitbucket's credential instead of its own header is a leak too", async () => {
	const {href} = await downloadAction();
	const before = sandbox.statistics().leaks.length;
	assert.equal((await fetch(href, {headers: {authorization: basic('admin')}})).status, 400);
	assert.equal(sandbox.statistics().leaks.length, before + 1);
});

test('a link is good only whole, unchanged, and for what it was made', async () => {
	const {href, header = {}} = await downloadAction();
	const changed = (change: (url: URL) => void) => {
		const url = new URL(href);
		change(url);
		return url;
	};
	const attempts: ReadonlyArray<readonly [URL, RequestInit]> = [
		[new URL(href), {}],
		[changed(url => url.searchParams.set('expires', '9999999999')), {}],
		[changed(url => url.searchParams.delete('signature')), {}],
		[new URL(href), {method: 'PUT', body: 'other'}],
	];
	for (const [url, options] of attempts) {
		assert.equal((await fetch(url, options)).status, 403, String(url));
	}

	assert.equal((await fetch(href, {headers: header})).status, 200);
});

test('an object that the server lost or never had is an error of its own, not of the batch', async context => {
	const own = await startStubSandbox({repositories: 3});
	context.after(() => own.close());
	const handle = own.repository('data-lake');
	const [lost, kept] = (await handle.contents()).lfsObjects;
	assert.ok(lost && kept);
	await handle.loseLfsObject(lost.oid);
	const answer = await fetch(`${own.gitUrl}/acme/data-lake.git/info/lfs/objects/batch`, {
		method: 'POST',
		headers: {authorization: basic('reader'), 'content-type': mediaType, accept: mediaType},
		body: JSON.stringify({
			operation: 'download',
			objects: [
				{oid: lost.oid, size: lost.size},
				{oid: 'f'.repeat(64), size: 3},
				{oid: kept.oid, size: kept.size + 1},
				{oid: 'short', size: 3},
				{oid: kept.oid, size: kept.size},
			],
		}),
	});
	const {objects} = (await answer.json()) as {objects: BatchObject[]};
	assert.deepEqual(
		objects.map(({error}) => error?.code),
		[404, 404, 422, 422, undefined],
	);
	assert.ok(objects[4]?.actions?.download);
});

test('requests that are none of the Batch API are refused', async () => {
	const good = {operation: 'download', objects: []};
	const cases: ReadonlyArray<readonly [Promise<Response>, number]> = [
		[post('objects/batch', good, {label: 'nobody'}), 401],
		[post('objects/batch', good, {label: 'bound'}), 404],
		[post('objects/batch', good, {accept: 'text/html'}), 406],
		[post('objects/batch', 'no json'), 422],
		[post('objects/batch', {operation: 'delete', objects: []}), 422],
		[post('objects/batch', {operation: 'download', transfers: ['tus'], objects: []}), 422],
		[post('objects/batch', {operation: 'download', objects: [{oid: 'x'}]}), 422],
		[post('objects/batch', {operation: 'upload', objects: []}, {label: 'reader'}), 403],
		[post('locks/verify', {}), 404],
		[post('objects/batch', good), 200],
	];
	for (const [index, [answer, status]] of cases.entries()) {
		assert.equal((await answer).status, status, `case ${index}`);
	}
});

test('an upload is stored, confirmed, and then no longer asked for', async () => {
	const content = Buffer.from('new data of the lake');
	const oid = createHash('sha256').update(content).digest('hex');
	const object = {oid, size: content.length};
	const [asked] = await batch('upload', [object]);
	const {upload, verify} = asked?.actions ?? {};
	assert.ok(upload && verify);
	assert.equal((await post('verify', object)).status, 404);

	const wrong = await fetch(upload.href, {
		method: 'PUT',
		headers: upload.header ?? {},
		body: 'something else',
	});
	assert.equal(wrong.status, 400);
	const put = await fetch(upload.href, {method: 'PUT', headers: upload.header ?? {}, body: content});
	assert.equal(put.status, 200);
	assert.equal(verify.href, `${sandbox.gitUrl}/acme/data-lake.git/info/lfs/verify`);
	assert.equal((await post('verify', object)).status, 200);
	const [again] = await batch('upload', [object]);
	assert.equal(again?.actions, undefined);
	assert.equal(again?.error, undefined);
});

test('a batch is charged as Git', async () => {
	const charged = () => {
		const {accounts} = sandbox.statistics();
		return (
			accounts.find(({account, resource}) => account === 'Backup Primary' && resource === 'git')?.requests ??
			0
		);
	};
	const before = charged();
	await batch('download', []);
	assert.equal(charged(), before + 1);
});

test('a download lies on the storage host too, for whoever has its link and shows no credential', async () => {
	const {repository, contents} = sandbox.repository('web-frontend');
	const {downloads} = await contents();
	assert.equal(downloads.length, 3);
	for (const {name, content} of downloads) {
		const href = sandbox.services.downloadLink(repository, name);
		const answer = await fetch(href);
		assert.equal(answer.status, 200, name);
		assert.deepEqual(Buffer.from(await answer.arrayBuffer()), Buffer.from(content));
		assert.equal((await fetch(href, {headers: {authorization: basic('admin')}})).status, 400);
		assert.equal((await fetch(href.replace('expires=', 'expires=1'))).status, 403);
	}
});
