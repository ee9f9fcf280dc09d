import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createGitReader} from '../../source/sandbox/git-reader.ts';
import type {PullRequest} from '../../source/sandbox/world.ts';
import {makeWorld} from './world-maker.ts';

test('what a pull request is about: commits, diff, patch, files', async context => {
	const {store, git, find, contentsOf} = await makeWorld(context);
	const reader = createGitReader(git, store.gitDirectory, () => undefined);
	const repository = find('web-frontend');
	const {pullRequests} = await contentsOf('web-frontend');
	const declined = pullRequests.find(({state}) => state === 'DECLINED') as PullRequest;
	const from = declined.destination.commit;
	const to = declined.source.commit;

	const commits = await reader.log(repository, {include: [to], exclude: [from]});
	assert.equal(commits[0]?.hash, to);
	assert.ok(commits.length >= 1 && commits.length <= 3);
	const diff = (await reader.diff(repository, from, to)).toString();
	assert.match(diff, /^diff --git a\//);
	const patch = (await reader.patch(repository, from, to)).toString();
	assert.equal(patch.match(/^From [0-9a-f]{40} /gm)?.length, commits.length);

	const entries = await reader.diffstat(repository, from, to);
	const files = diff.match(/^diff --git /gm)?.length;
	assert.equal(entries.length, files);
	const changed = entries.find(({newPath}) => newPath !== null);
	assert.ok(changed?.newPath);
	assert.ok(await reader.file(repository, to, changed.newPath));
});

test('folders are listed with what is in them, files are read whatever their name', async context => {
	const {store, git, find, contentsOf} = await makeWorld(context);
	const reader = createGitReader(git, store.gitDirectory, () => undefined);
	const repository = find('web-frontend');
	const tip = (await contentsOf('web-frontend')).refs.find(({name}) => name === 'main')?.hash ?? '';
	const root = await reader.folder(repository, tip, '');
	assert.equal(root.find(({path}) => path === 'docs')?.type, 'commit_directory');
	const [page] = await reader.folder(repository, tip, 'docs');
	assert.equal(page?.path, 'docs/Übersicht 日本語.md');
	const text = await reader.file(repository, tip, 'docs/Übersicht 日本語.md');
	assert.equal(text?.length, page?.size);
	assert.equal(await reader.file(repository, tip, 'docs'), undefined);
	assert.equal(await reader.file(repository, tip, 'nowhere.txt'), undefined);
});

test('what is no hash never reaches git, an unknown one is an error', async context => {
	const {store, git, find} = await makeWorld(context);
	const reader = createGitReader(git, store.gitDirectory, () => undefined);
	const repository = find('legacy-erp');
	await assert.rejects(reader.diff(repository, '--output=/tmp/x', 'main'), /no commit hash/);
	await assert.rejects(reader.log(repository, {include: ['--all']}), /no commit hash/);
	await assert.rejects(reader.log(repository, {include: ['f'.repeat(40)]}), /git log ended with 128/);
});
