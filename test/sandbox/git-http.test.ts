import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import {git, runGit, temporaryFolder} from './git-client.ts';
import {basic, startStubSandbox} from './stub-parts.ts';

let sandbox: Sandbox;
before(async () => {
	sandbox = await startStubSandbox();
});
after(() => sandbox.close());

const cloneUrl = (slug: string) => `${sandbox.gitUrl}/acme/${slug}.git`;
const admin = {username: 'admin'};

test('ls-remote shows the branches and tags of the world, HEAD, notes, and nothing hidden', async () => {
	const {refs} = await sandbox.repository('web-frontend').contents();
	const lines = (await git(['ls-remote', '--symref', cloneUrl('web-frontend')], admin)).trim().split('\n');
	const advertised = new Map(lines.map(line => line.split('\t').toReversed() as [string, string]));
	for (const ref of refs) {
		const name = ref.kind === 'branch' ? `refs/heads/${ref.name}` : `refs/tags/${ref.name}`;
		const annotation = ref.kind === 'tag' ? ref.annotation : undefined;
		assert.equal(advertised.get(name), annotation?.hash ?? ref.hash, name);
		assert.equal(advertised.get(`${name}^{}`), annotation && ref.hash, name);
	}

	assert.ok(lines.includes('ref: refs/heads/main\tHEAD'));
	assert.ok(![...advertised.keys()].some(name => name.startsWith('refs/sandbox')));
	assert.match(await git(['ls-remote', cloneUrl('legacy-erp')], admin), /\trefs\/notes\/commits\n/);
});

for (const version of [0, 1, 2]) {
	test(`protocol version ${version}: a mirror clone is whole and shows nothing hidden`, async context => {
		const folder = await temporaryFolder(context);
		const parameters = [
			'-c',
			`protocol.version=${version}`,
			'clone',
			'--mirror',
			'--quiet',
			cloneUrl('payments-core'),
			'm',
		];
		await git(parameters, {...admin, directory: folder});
		const mirror = {directory: path.join(folder, 'm')};
		const names = (await git(['for-each-ref', '--format=%(refname)'], mirror)).trim().split('\n');
		const {refs} = await sandbox.repository('payments-core').contents();
		assert.deepEqual(
			names.toSorted(),
			refs.map(({kind, name}) => `refs/${kind === 'branch' ? 'heads' : 'tags'}/${name}`).toSorted(),
		);
		assert.equal((await git(['symbolic-ref', 'HEAD'], mirror)).trim(), 'refs/heads/develop');
		await git(['fsck', '--strict'], mirror);
	});
}

test('the address works without .git too', async () => {
	const bare = await git(['ls-remote', `${sandbox.gitUrl}/acme/web-frontend`], admin);
	assert.equal(bare, await git(['ls-remote', cloneUrl('web-frontend')], admin));
});

test('an empty repository clones as one', async context => {
	const folder = await temporaryFolder(context);
	assert.equal(await git(['ls-remote', cloneUrl('incident-runbooks')], admin), '');
	await git(['clone', '--mirror', '--quiet', cloneUrl('incident-runbooks'), 'm'], {
		...admin,
		directory: folder,
	});
	assert.equal(await git(['for-each-ref'], {directory: path.join(folder, 'm')}), '');
});

test('a commit that no ref shows is fetched by its id', async context => {
	const folder = await temporaryFolder(context);
	await git(['init', '--bare', '--quiet'], {directory: folder});
	const {pullRequests} = await sandbox.repository('web-frontend').contents();
	const lost = pullRequests.find(({state}) => state === 'DECLINED');
	assert.ok(lost);
	const wanted = `${lost.source.commit}:refs/wanted`;
	await git(['fetch', '--quiet', cloneUrl('web-frontend'), wanted], {...admin, directory: folder});
	assert.equal((await git(['rev-parse', 'refs/wanted'], {directory: folder})).trim(), lost.source.commit);
});

test('a sandbox that refuses what no ref shows says so as git does, and serves all else', async context => {
	const own = await startStubSandbox({repositories: 1, refuseUnadvertised: true});
	context.after(() => own.close());
	const folder = await temporaryFolder(context);
	await git(['init', '--bare', '--quiet'], {directory: folder});
	const remote = `${own.gitUrl}/acme/web-frontend.git`;
	const {pullRequests, refs} = await own.repository('web-frontend').contents();
	const lost = pullRequests.find(({state}) => state === 'DECLINED')?.source.commit ?? '';
	const shown = refs.find(({kind}) => kind === 'branch')?.hash ?? '';
	const fetched = async (id: string) =>
		runGit(['fetch', '--quiet', remote, `${id}:refs/wanted/${id}`], {...admin, directory: folder});
	const refused = await fetched(lost);
	assert.notEqual(refused.exitCode, 0);
	assert.match(refused.stderr, new RegExp(`upload-pack: not our ref ${lost}`));
	assert.equal((await fetched(shown)).exitCode, 0);
	await git(['clone', '--quiet', '--mirror', remote, 'm'], {...admin, directory: folder});
});

test('a wrong secret and none at all are refused in words', async () => {
	const refused = await runGit(['ls-remote', cloneUrl('web-frontend')], {
		username: 'admin',
		password: 'wrong',
	});
	assert.notEqual(refused.exitCode, 0);
	assert.match(refused.stderr, /Authentication failed/);

	for (const headers of [{}, {authorization: basic('admin', 'wrong')}]) {
		const answer = await fetch(`${cloneUrl('web-frontend')}/info/refs?service=git-upload-pack`, {headers});
		assert.equal(answer.status, 401);
		assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="Bitbucket.org HTTP"');
		assert.equal(await answer.text(), 'Invalid credentials');
	}
});

test('what an account cannot reach is not there, and neither is what does not exist', async () => {
	for (const [slug, label] of [
		['web-frontend', 'bound'],
		['no-such-repository', 'admin'],
	] as const) {
		const {exitCode, stderr} = await runGit(['ls-remote', cloneUrl(slug)], {username: label});
		assert.notEqual(exitCode, 0);
		assert.match(stderr, /not found/i, `${slug} ${label}`);
	}

	assert.notEqual(await git(['ls-remote', cloneUrl('billing-service')], {username: 'bound'}), '');
	const {stderr} = await runGit(['ls-remote', cloneUrl('web-frontend')], {username: 'scopeless'});
	assert.match(stderr, /403/);
});

test('plain files of a repository are not served', async () => {
	for (const file of ['HEAD', 'packed-refs', 'config', 'objects/info/packs']) {
		const answer = await fetch(`${cloneUrl('web-frontend')}/${file}`, {
			headers: {authorization: basic('admin')},
		});
		assert.equal(answer.status, 404, file);
	}
});

test('a compressed request is understood', async () => {
	const hash = (await sandbox.repository('web-frontend').contents()).refs[0]?.hash ?? '';
	const want = `want ${hash}\n`;
	const line = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
	const body = gzipSync(`${line(want)}0000${line('done\n')}`);
	const answer = await fetch(`${cloneUrl('web-frontend')}/git-upload-pack`, {
		method: 'POST',
		headers: {
			authorization: basic('admin'),
			'content-type': 'application/x-git-upload-pack-request',
			'content-encoding': 'gzip',
		},
		body,
	});
	assert.equal(answer.status, 200);
	const bytes = Buffer.from(await answer.arrayBuffer());
	assert.equal(bytes.subarray(0, 12).toString('latin1'), '0008NAK\nPACK');
});

test('who may write pushes, and the world sees it', async context => {
	const own = await startStubSandbox({repositories: 3});
	context.after(() => own.close());
	const folder = await temporaryFolder(context);
	const remote = `${own.gitUrl}/acme/billing-service.git`;
	await git(['clone', '--quiet', remote, 'w'], {...admin, directory: folder});
	const directory = path.join(folder, 'w');
	assert.match(await readFile(path.join(directory, 'README.md'), 'utf8'), /billing-service/);
	await writeFile(path.join(directory, 'new.txt'), 'new\n');
	await git(['add', 'new.txt'], {directory});
	await git(['commit', '--quiet', '--message', 'New'], {directory});
	const hash = (await git(['rev-parse', 'HEAD'], {directory})).trim();

	const refused = await runGit(['push', '--quiet', remote, 'HEAD:refs/heads/main'], {
		username: 'reader',
		directory,
	});
	assert.notEqual(refused.exitCode, 0);
	assert.match(refused.stderr, /403/);

	const handle = own.repository('billing-service');
	const before = handle.repository.updatedOn;
	await git(['push', '--quiet', remote, 'HEAD:refs/heads/main'], {...admin, directory});
	const {refs, commits} = await handle.contents();
	assert.equal(refs.find(({name}) => name === 'main')?.hash, hash);
	assert.equal(commits.get(hash)?.message, 'New\n');
	assert.ok(handle.repository.updatedOn > before);
});

test('a first push makes an empty repository one with a main branch', async context => {
	const own = await startStubSandbox({repositories: 1});
	context.after(() => own.close());
	const folder = await temporaryFolder(context);
	await git(['init', '--quiet', '--initial-branch=trunk'], {directory: folder});
	await git(['commit', '--quiet', '--allow-empty', '--message', 'First'], {directory: folder});
	const handle = own.addRepository('restored');
	const url = `${own.gitUrl}/acme/restored.git`;
	await git(['push', '--quiet', url, 'trunk'], {...admin, directory: folder});
	assert.equal(handle.repository.mainBranch, 'trunk');
	assert.match(await git(['ls-remote', '--symref', url], admin), /^ref: refs\/heads\/trunk\tHEAD$/m);
});

test('a failure that was ordered happens once', async () => {
	sandbox.control.failNext({
		match: '/search-index.git/',
		status: 555,
		body: 'timed out',
		contentType: 'text/plain',
	});
	const {stderr} = await runGit(['ls-remote', cloneUrl('search-index')], admin);
	assert.match(stderr, /555/);
	assert.notEqual(await git(['ls-remote', cloneUrl('search-index')], admin), '');
});

test('every request is charged to its account, and refused past the limit', async context => {
	const own = await startStubSandbox({limits: {git: {requests: 3, windowMilliseconds: 3_600_000}}});
	context.after(() => own.close());
	const call = () =>
		fetch(`${own.gitUrl}/acme/web-frontend.git/info/refs?service=git-upload-pack`, {
			headers: {authorization: basic('admin')},
		});
	const statuses: number[] = [];
	for (let count = 0; count < 4; count++) {
		const answer = await call();
		statuses.push(answer.status);
		const text = await answer.text();
		assert.ok(answer.status === 200 || text === 'Rate limit for this resource has been exceeded', text);
	}

	assert.deepEqual(statuses, [200, 200, 200, 429]);
	const {requests, throttled, bytes} = own.statistics();
	assert.deepEqual({requests, throttled}, {requests: 4, throttled: 1});
	assert.ok(bytes > 4000);
});

test('a snippet clones, by its id with or without a title', async context => {
	const folder = await temporaryFolder(context);
	const [snippet] = sandbox.world.snippets;
	assert.ok(snippet);
	const {head, files} = await sandbox.services.snippetContents(snippet);
	const url = `${sandbox.gitUrl}/snippets/acme/${snippet.id}/find-the-slow-queries.git`;
	await git(['clone', '--quiet', url, 's'], {...admin, directory: folder});
	const directory = path.join(folder, 's');
	assert.equal((await git(['rev-parse', 'HEAD'], {directory})).trim(), head);
	for (const {path: name, content} of files) {
		assert.deepEqual(await readFile(path.join(directory, name)), Buffer.from(content));
	}

	const {stderr} = await runGit(['ls-remote', url], {username: 'bound'});
	assert.match(stderr, /not found/i);
});

test('all that is not Git is REST', async () => {
	for (const address of ['/2.0/repositories/acme', '/2.0', '/site/oauth2/access_token']) {
		assert.equal(await (await fetch(`${sandbox.gitUrl}${address}`)).text(), 'rest');
	}

	assert.equal((await fetch(`${sandbox.gitUrl}/siteless`)).status, 404);
});
