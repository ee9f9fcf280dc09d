import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {test} from 'node:test';
import {pointedOid} from '../../source/sandbox/generate/lfs-data.ts';
import {generateWorld} from '../../source/sandbox/generate-world.ts';
import type {PullRequest, RepositoryContents} from '../../source/sandbox/world.ts';
import {type MadeWorld, makeWorld} from './world-maker.ts';

test('the same seed makes the same world, hashes included', async context => {
	const one = await makeWorld(context);
	const other = await makeWorld(context);
	assert.deepEqual(one.world, other.world);
	// In another order, as whoever asks first decides it.
	const slugs = ['legacy-erp', 'web-frontend-experiments', 'data-lake'];
	const contents = await Promise.all(slugs.map(slug => one.contentsOf(slug)));
	for (const slug of slugs.toReversed()) {
		assert.deepEqual(await other.contentsOf(slug), contents[slugs.indexOf(slug)]);
	}
});

test('another seed makes another world', async context => {
	const one = await makeWorld(context, {seed: 1});
	const other = await makeWorld(context, {seed: 2});
	const tipOf = async ({contentsOf}: MadeWorld) => (await contentsOf('legacy-erp')).refs[0]?.hash;
	assert.notEqual(await tipOf(one), await tipOf(other));
	assert.notEqual(one.world.workspace.uuid, other.world.workspace.uuid);
});

test('more repositories change nothing of those that were there', async context => {
	const small = await makeWorld(context);
	const large = await makeWorld(context, {repositories: 40});
	assert.deepEqual(large.world.repositories.slice(0, 12), small.world.repositories);
	assert.deepEqual(await large.contentsOf('legacy-erp'), await small.contentsOf('legacy-erp'));
});

test('thousands of repositories are listed without any Git data, each with a name and id of its own', () => {
	const {world} = generateWorld({repositories: 5000});
	assert.equal(world.repositories.length, 5000);
	assert.equal(new Set(world.repositories.map(({slug}) => slug)).size, 5000);
	assert.equal(new Set(world.repositories.map(({uuid}) => uuid)).size, 5000);
});

test('a tiny repository past the named ones has history like the others', async context => {
	const made = await makeWorld(context, {repositories: 20, pullRequests: 4});
	const repository = made.world.repositories[19];
	assert.ok(repository);
	const contents = await made.store.contents(repository);
	assert.ok(contents.refs.some(({name}) => name === repository.mainBranch));
	assert.deepEqual(states(contents.pullRequests), ['DECLINED', 'MERGED', 'OPEN', 'SUPERSEDED']);
	assert.equal(contents.pullRequests.length, 4);
});

test('sizes are as asked for', async context => {
	const made = await makeWorld(context, {repositories: 3, pullRequests: 11, accounts: 7});
	assert.equal(made.world.repositories.length, 3);
	assert.equal((await made.contentsOf('web-frontend')).pullRequests.length, 11);
	const bots = made.world.users.filter(({displayName}) => displayName.startsWith('Backup Bot '));
	assert.equal(bots.length, 7);
});

test('the default world is small and lifelike', async context => {
	const made = await makeWorld(context);
	const {world, store} = made;
	assert.equal(world.repositories.length, 12);
	assert.equal(new Set(world.repositories.map(({project}) => project)).size, 3);
	assert.equal(world.repositories.filter(({parent}) => parent !== undefined).length, 1);
	assert.equal(world.repositories.filter(({mainBranch}) => mainBranch === undefined).length, 1);
	assert.ok(world.repositories.some(({mainBranch}) => mainBranch === 'develop'));

	const all: RepositoryContents[] = [];
	for (const repository of world.repositories) {
		all.push(await store.contents(repository));
	}

	for (const [index, {commits}] of all.entries()) {
		const {mainBranch, slug} = world.repositories[index] ?? {};
		assert.ok(
			mainBranch === undefined ? commits.size === 0 : commits.size >= 24 && commits.size <= 160,
			slug,
		);
	}

	const refs = all.flatMap(contents => contents.refs);
	assert.ok(
		refs.some(ref => ref.kind === 'tag' && ref.annotation !== undefined),
		'annotated tags',
	);
	assert.ok(
		refs.some(ref => ref.kind === 'tag' && ref.annotation === undefined),
		'lightweight tags',
	);
	assert.ok(
		refs.some(({name}) => /\p{Letter}\/.*[^\u0000-\u007f]/u.test(name)),
		'slashes and other letters in branches',
	);

	const pullRequests = all.flatMap(contents => contents.pullRequests);
	assert.deepEqual(states(pullRequests), ['DECLINED', 'MERGED', 'OPEN', 'SUPERSEDED']);
	const comments = pullRequests.flatMap(pullRequest => pullRequest.comments);
	for (const [what, found] of [
		['inline, new side', comments.some(({inline}) => typeof inline?.to === 'number')],
		['inline, old side', comments.some(({inline}) => typeof inline?.from === 'number')],
		['reply', comments.some(({parent}) => parent !== undefined)],
		['deleted', comments.some(({deleted, raw}) => deleted && raw === '')],
		['resolved', comments.some(({resolved}) => resolved !== undefined)],
		['task', pullRequests.some(({tasks}) => tasks.some(({comment}) => comment !== undefined))],
		['approval', pullRequests.some(({activity}) => activity.some(({kind}) => kind === 'approval'))],
		['status', all.some(({commitStatuses}) => commitStatuses.length > 0)],
		['download', all.some(({downloads}) => downloads.length > 0)],
		['webhook', all.some(({webhooks}) => webhooks.some(({secretSet}) => secretSet))],
		['restriction', all.some(({branchRestrictions}) => branchRestrictions.length > 0)],
		[
			'secured variable',
			all.some(({variables}) => variables.some(({secured, value}) => secured && value === undefined)),
		],
		['runner', all.some(({runners}) => runners.length > 0)],
		[
			'pipeline log',
			all.some(({pipelines}) => pipelines.some(({steps}) => steps.some(({log}) => log !== undefined))),
		],
		['deployment', all.some(({deployments}) => deployments.length > 0)],
	] as const) {
		assert.ok(found, what);
	}

	assert.equal(new Set(comments.map(({id}) => id)).size, comments.length);
});

test('every hash that a pull request, status or pipeline names is a commit of the repository', async context => {
	const made = await makeWorld(context);
	for (const slug of ['web-frontend', 'payments-core', 'web-frontend-experiments']) {
		const {commits, pullRequests, commitStatuses, pipelines} = await made.contentsOf(slug);
		const named = [
			...pullRequests.flatMap(({source, destination, mergeCommit}) => [
				source.commit,
				destination.commit,
				...(mergeCommit === undefined ? [] : [mergeCommit]),
			]),
			...commitStatuses.map(({commit}) => commit),
			...pipelines.map(({target}) => target.commit),
		];
		for (const hash of named) {
			assert.ok(commits.has(hash), `${slug} ${hash}`);
		}
	}
});

test('what was squashed or declined with its branch is reached by no branch or tag, yet is there', async context => {
	const made = await makeWorld(context);
	const {pullRequests, refs} = await made.contentsOf('web-frontend');
	const directory = await made.store.gitDirectory(made.find('web-frontend'));
	const visible = refs.map(({hash}) => hash);
	const reachable = (await made.git.run(directory, ['rev-list', ...visible])).toString().split('\n');
	const lost = pullRequests.filter(
		({mergeStrategy, state}) => mergeStrategy === 'squash' || state === 'DECLINED',
	);
	assert.ok(lost.some(({state}) => state === 'DECLINED'));
	assert.ok(lost.some(({state}) => state === 'MERGED'));
	for (const {source} of lost) {
		assert.ok(!reachable.includes(source.commit));
		assert.ok(!refs.some(({name}) => name === source.branch));
		await made.git.run(directory, ['cat-file', '-e', `${source.commit}^{commit}`]);
	}
});

test('inline comments stand on lines that their file has', async context => {
	const made = await makeWorld(context);
	const repository = made.find('web-frontend');
	const directory = await made.store.gitDirectory(repository);
	const {pullRequests} = await made.contentsOf('web-frontend');
	const places = pullRequests.flatMap(({comments, source}) =>
		comments.flatMap(({inline}) =>
			typeof inline?.to === 'number' ? [{...inline, commit: source.commit}] : [],
		),
	);
	assert.ok(places.length > 0);
	for (const {path, to, commit} of places) {
		const text = (await made.git.run(directory, ['cat-file', 'blob', `${commit}:${path}`])).toString();
		assert.ok(Number(to) <= text.split('\n').length - 1, `${path}:${to}`);
	}
});

test('the fork shares its beginning with its parent', async context => {
	const made = await makeWorld(context);
	const parent = await made.contentsOf('web-frontend');
	const fork = await made.contentsOf('web-frontend-experiments');
	const shared = [...fork.commits.keys()].filter(hash => parent.commits.has(hash));
	assert.ok(shared.length > 20);
	assert.ok(shared.length < fork.commits.size);
	assert.equal(made.find('web-frontend-experiments').parent, made.find('web-frontend').uuid);
});

test('LFS pointers in history name exactly the objects that the server has', async context => {
	const made = await makeWorld(context);
	const {lfsObjects} = await made.contentsOf('data-lake');
	const directory = await made.store.gitDirectory(made.find('data-lake'));
	const listing = (await made.git.run(directory, ['rev-list', '--objects', '--all'])).toString();
	const pointed = new Set<string>();
	for (const line of listing.split('\n')) {
		const [, hash = '', path = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
		if (/\.(?:parquet|png)$/.test(path)) {
			const oid = pointedOid((await made.git.run(directory, ['cat-file', 'blob', hash])).toString());
			assert.ok(oid);
			pointed.add(oid);
		}
	}

	assert.ok(lfsObjects.length >= 6);
	assert.deepEqual(new Set(lfsObjects.map(({oid}) => oid)), pointed);
	for (const {oid, size, content} of lfsObjects) {
		assert.equal(createHash('sha256').update(content).digest('hex'), oid);
		assert.equal(content.length, size);
	}
});

test('Git finds nothing wrong with what was generated', async context => {
	const made = await makeWorld(context);
	for (const slug of ['web-frontend', 'data-lake', 'legacy-erp']) {
		const directory = await made.store.gitDirectory(made.find(slug));
		await made.git.run(directory, ['fsck', '--strict', '--no-dangling']);
	}

	const erp = await made.store.gitDirectory(made.find('legacy-erp'));
	const notes = (await made.git.run(erp, ['notes', 'list'])).toString().trim().split('\n');
	assert.equal(notes.length, 3);
});

test('a snippet is a small repository of its own', async context => {
	const made = await makeWorld(context);
	const [snippet] = made.world.snippets;
	assert.ok(snippet);
	const {commits, files, head} = await made.store.snippetContents(snippet);
	assert.equal(commits[0]?.hash, head);
	assert.equal(commits.length, 2);
	const directory = await made.store.snippetGitDirectory(snippet);
	for (const {path, content} of files) {
		const stored = await made.git.run(directory, ['cat-file', 'blob', `${head}:${path}`]);
		assert.deepEqual(stored, Buffer.from(content));
	}
});

function states(pullRequests: readonly PullRequest[]): string[] {
	return [...new Set(pullRequests.map(({state}) => state))].sort();
}
