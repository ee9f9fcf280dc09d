import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import type {RepositoryHandle} from '../../source/sandbox/repository-handle.ts';
import {git, runGit} from './git-client.ts';
import {startStubSandbox} from './stub-parts.ts';

let sandbox: Sandbox;
before(async () => {
	sandbox = await startStubSandbox();
});
after(() => sandbox.close());

const admin = {username: 'admin'};

async function advertised(slug: string): Promise<Map<string, string>> {
	const output = await git(['ls-remote', `${sandbox.gitUrl}/acme/${slug}.git`], admin);
	return new Map(
		output
			.trim()
			.split('\n')
			.map(line => line.split('\t').toReversed() as [string, string]),
	);
}

async function branchOf(handle: RepositoryHandle, branch: string): Promise<string | undefined> {
	const {refs} = await handle.contents();
	return refs.find(({kind, name}) => kind === 'branch' && name === branch)?.hash;
}

test('a commit moves its branch, in the world and over Git', async () => {
	const handle = sandbox.repository('web-frontend');
	const before = {tip: await branchOf(handle, 'main'), updatedOn: handle.repository.updatedOn};
	const hash = await handle.commit({
		branch: 'main',
		message: 'Änderung 🎈',
		files: {'a b.txt': 'x\n', 'README.md': null},
	});
	const {commits} = await handle.contents();
	assert.deepEqual(commits.get(hash)?.parents, [before.tip]);
	assert.equal(commits.get(hash)?.message, 'Änderung 🎈\n');
	assert.equal(await branchOf(handle, 'main'), hash);
	assert.equal((await advertised('web-frontend')).get('refs/heads/main'), hash);
	assert.ok(handle.repository.updatedOn > before.updatedOn);
	assert.equal((await sandbox.services.git.file(handle.repository, hash, 'a b.txt'))?.toString(), 'x\n');
	assert.equal(await sandbox.services.git.file(handle.repository, hash, 'README.md'), undefined);
});

test('a new branch begins at the main branch; a first commit of an empty repository makes it one', async () => {
	const handle = sandbox.repository('web-frontend');
	const main = await branchOf(handle, 'main');
	const hash = await handle.commit({branch: 'feature/new', files: {'n.txt': 'n'}});
	assert.deepEqual((await handle.contents()).commits.get(hash)?.parents, [main]);

	const empty = sandbox.addRepository('fresh');
	const first = await empty.commit({branch: 'main', files: {'n.txt': 'n'}});
	assert.deepEqual((await empty.contents()).commits.get(first)?.parents, []);
	assert.equal(empty.repository.mainBranch, 'main');
});

test('a rewritten branch loses its tip, which stays fetchable by id', async () => {
	const handle = sandbox.repository('billing-service');
	const lost = await handle.commit({branch: 'doomed', files: {'d.txt': '1'}});
	const replaced = await handle.forcePush('doomed', {message: 'Other', files: {'d.txt': '2'}});
	const {commits} = await handle.contents();
	assert.deepEqual(commits.get(replaced)?.parents, commits.get(lost)?.parents);
	const refs = await advertised('billing-service');
	assert.equal(refs.get('refs/heads/doomed'), replaced);
	assert.ok(![...refs.values()].includes(lost));
	await git(['fetch', '--quiet', '--dry-run', `${sandbox.gitUrl}/acme/billing-service.git`, lost], {
		...admin,
		directory: await handleDirectory('data-lake'),
	});
});

test('branches and tags come and go', async () => {
	const handle = sandbox.repository('mobile-app');
	await handle.commit({branch: 'short-lived', files: {'s.txt': 's'}});
	await handle.deleteBranch('short-lived');
	const light = await handle.createTag('light/1');
	const annotated = await handle.createTag('heavy', {message: 'Größe\n\nzwei', target: 'main'});
	const {refs} = await handle.contents();
	const tagged = (name: string) => refs.find(ref => ref.kind === 'tag' && ref.name === name);
	assert.equal(tagged('light/1')?.hash, light);
	const heavy = tagged('heavy');
	assert.ok(heavy?.kind === 'tag');
	assert.equal(heavy.annotation?.hash, annotated);
	assert.equal(heavy.annotation?.message, 'Größe\n\nzwei\n');
	await handle.deleteTag('light/1');
	const names = [...(await advertised('mobile-app')).keys()];
	assert.ok(!names.includes('refs/heads/short-lived'));
	assert.ok(!names.includes('refs/tags/light/1'));
	assert.ok(names.includes('refs/tags/heavy^{}'));
});

test('another main branch is where HEAD points', async () => {
	const handle = sandbox.repository('search-index');
	await handle.setMainBranch('release/1.x');
	const output = await git(
		['ls-remote', '--symref', `${sandbox.gitUrl}/acme/search-index.git`, 'HEAD'],
		admin,
	);
	assert.match(output, /^ref: refs\/heads\/release\/1\.x\tHEAD$/m);
});

test('a renamed repository keeps its uuid and contents under its new slug', async () => {
	const handle = sandbox.repository('infrastructure');
	const {uuid} = handle.repository;
	const before = await advertised('infrastructure');
	await handle.rename('platform-code');
	assert.deepEqual(await advertised('platform-code'), before);
	assert.equal(sandbox.repository('platform-code').repository.uuid, uuid);
	assert.notEqual(
		(await runGit(['ls-remote', `${sandbox.gitUrl}/acme/infrastructure.git`], admin)).exitCode,
		0,
	);
});

test('a removed repository is gone', async () => {
	await sandbox.repository('ledger-api').remove();
	assert.throws(() => sandbox.repository('ledger-api'));
	const {stderr} = await runGit(['ls-remote', `${sandbox.gitUrl}/acme/ledger-api.git`], admin);
	assert.match(stderr, /not found/i);
});

test('a pull request follows its branch, is talked about, and is declined', async () => {
	const handle = sandbox.repository('design-system');
	await handle.commit({branch: 'feature/colour', files: {'c.css': 'a{}'}});
	const opened = await handle.addPullRequest({title: 'Farbe', source: 'feature/colour'});
	const comment = await handle.addComment(opened.id, {
		raw: 'Nice',
		inline: {path: 'c.css', from: null, to: 1, outdated: false},
	});
	const reply = await handle.addComment(opened.id, {raw: 'Thanks', parent: comment.id});
	const task = await handle.addTask(opened.id, 'Ask');
	assert.equal(new Set([comment.id, reply.id, task.id]).size, 3);

	const moved = await handle.commit({branch: 'feature/colour', files: {'c.css': 'b{}'}});
	assert.equal(opened.source.commit, moved);
	const main = await handle.commit({branch: 'main', files: {'m.css': 'm{}'}});
	assert.equal(opened.destination.commit, main);
	await handle.decline(opened.id, 'Too blue');
	assert.deepEqual(
		opened.activity.map(({kind}) => kind),
		['update', 'comment', 'comment', 'update', 'update'],
	);
	assert.equal(opened.state, 'DECLINED');

	await handle.commit({branch: 'feature/colour', files: {'c.css': 'c{}'}});
	assert.equal(opened.source.commit, moved, 'a closed one follows no more');
	await assert.rejects(handle.addPullRequest({title: 'No', source: 'no-such-branch'}));
	await assert.rejects(handle.addComment(999, {raw: 'No'}));
});

test('a silent comment does not touch the pull request', async () => {
	const handle = sandbox.repository('web-frontend');
	const [pullRequest] = (await handle.contents()).pullRequests;
	assert.ok(pullRequest);
	const {updatedOn} = pullRequest;
	await handle.addComment(pullRequest.id, {raw: 'psst', silently: true});
	assert.equal(pullRequest.updatedOn, updatedOn);
	const comment = await handle.addComment(pullRequest.id, {raw: 'hello'});
	assert.ok(pullRequest.updatedOn > updatedOn);

	const now = pullRequest.updatedOn;
	await handle.editComment(pullRequest.id, comment.id, {raw: 'hello again', silently: true});
	const task = await handle.addTask(pullRequest.id, 'wave', {silently: true});
	await handle.resolveTask(pullRequest.id, task.id, {silently: true});
	assert.equal(pullRequest.updatedOn, now);
	assert.deepEqual([comment.raw, task.state], ['hello again', 'RESOLVED']);
	await assert.rejects(handle.resolveTask(pullRequest.id, 1));
});

test('a file of LFS is committed as a pointer, its content kept by the server', async () => {
	const handle = sandbox.repository('data-lake');
	const oid = await handle.commitLfsFile('main', 'samples/new.parquet', Buffer.from('columns'));
	const {lfsObjects} = await handle.contents();
	assert.equal(lfsObjects.find(object => object.oid === oid)?.size, 7);
	const tip = await branchOf(handle, 'main');
	const file = await sandbox.services.git.file(handle.repository, tip ?? '', 'samples/new.parquet');
	assert.match(file?.toString() ?? '', new RegExp(`oid sha256:${oid}\nsize 7\n`));
});

async function handleDirectory(slug: string): Promise<string> {
	const handle = sandbox.repository(slug);
	await handle.contents();
	return `${sandbox.folder}/git/acme/${handle.repository.slug}.git`;
}
