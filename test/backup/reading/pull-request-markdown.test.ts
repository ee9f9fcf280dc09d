import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {threadComments} from '../../../source/backup/reading/comment-threads.ts';
import type {PullRequestFiles} from '../../../source/backup/reading/pull-request-files.ts';
import {pullRequestMarkdown} from '../../../source/backup/reading/pull-request-markdown.ts';

const fixtures = new URL('../../../fixtures/pull-requests/', import.meta.url);

const place = {
	number: 42,
	repository: 'acme/web-frontend',
	snapshot: '20261122T131500.123Z',
	changesCommand: 'git --git-dir=web.git show x:pull-requests/42/patch',
};

const noFiles: PullRequestFiles = {
	pullRequest: undefined,
	comments: undefined,
	tasks: undefined,
	activity: undefined,
	statuses: undefined,
	commits: undefined,
	hasPatch: false,
};

const markdown = (files: Partial<PullRequestFiles>): string =>
	pullRequestMarkdown({...noFiles, ...files}, place);

describe('a saved pull request as Markdown', () => {
	/** Made of what the sandbox answers; `UPDATE_FIXTURES=1` writes the pages anew, to be looked at. */
	for (const name of ['open', 'merged', 'superseded']) {
		test(`reads as it always did: ${name}`, () => {
			const files = JSON.parse(
				readFileSync(new URL(`${name}.json`, fixtures), 'utf8'),
			) as Partial<PullRequestFiles>;
			const page = markdown(files);
			const golden = new URL(`${name}.md`, fixtures);
			if (process.env['UPDATE_FIXTURES'] === '1') {
				writeFileSync(golden, page);
			}

			assert.equal(page, readFileSync(golden, 'utf8'));
		});
	}

	test('has commits and builds where they were saved', () => {
		const page = markdown({
			pullRequest: {title: 'Fix'},
			commits: [
				{
					hash: '0123456789abcdef',
					message: 'Fix it\n\nWhy',
					author: {raw: 'Ada <ada@example.com>'},
					date: '2026-11-22T13:15:00Z',
				},
				{hash: 'fedcba', message: 'More', author: {user: {display_name: 'Bob'}}},
			],
			statuses: [
				{
					state: 'FAILED',
					name: 'build 7',
					url: 'https://ci.example.com/7',
					updated_on: '2026-11-22T13:15:00Z',
				},
			],
		});
		assert.match(page, /^- `0123456789ab` Fix it \(Ada, 2026-11-22 13:15 UTC\)$/m);
		assert.match(page, /^- `fedcba` More \(Bob\)$/m);
		assert.match(page, /^- FAILED build 7, https:\/\/ci\.example\.com\/7, 2026-11-22 13:15 UTC$/m);
	});

	test('of a fork names both repositories, also one that is gone', () => {
		const end = (branch: string, name?: string) => ({
			branch: {name: branch},
			commit: {hash: 'abc'},
			repository: name === undefined ? null : {full_name: name},
		});
		const destination = end('main', 'acme/web');
		assert.match(
			markdown({pullRequest: {source: end('fix', 'ada/web'), destination}}),
			/^- Branches: `fix` at `abc` of ada\/web → `main` at `abc` of acme\/web$/m,
		);
		assert.match(
			markdown({pullRequest: {source: end('fix'), destination}}),
			/^- Branches: `fix` at `abc` of a repository that is gone → /m,
		);
	});

	test('says what is missing and what cannot be read, and shows the rest', () => {
		const bare = markdown({});
		assert.match(bare, /^The description of the pull request cannot be read\.$/m);
		assert.match(bare, /^The backup has no comments of it\.$/m);
		assert.match(bare, /^- Branches: unknown → unknown$/m);
		assert.doesNotMatch(bare, /Builds|Commits/);
		const page = markdown({
			pullRequest: {title: 7, author: 'nobody', participants: 'none', reviewers: [1, {display_name: 'Ada'}]},
			comments: [{id: 'one'}, 7, null, {id: 1, content: 'text', user: null, inline: 'here', deleted: 'yes'}],
			tasks: {},
			activity: [{}, {unheard_of: {date: 'x'}}, {approval: 'yes'}],
			statuses: 'none',
			commits: [{}],
		});
		assert.match(page, /^# #42 \(no title\)$/m);
		assert.match(page, /^- Reviewers: Ada$/m);
		assert.match(page, /^- \*\*somebody\*\*, $/m);
		assert.match(page, /^What the backup has of the tasks cannot be read\.$/m);
		assert.match(page, /something else happened \(unheard_of\)/);
	});

	test('lets nothing act on the terminal, and nothing pass for a part of the page', () => {
		const evil =
			'\u001b[31mred\u001b]52;c;AAAA\u0007\u202eevil\u009b2J\r\n## Tasks\n\n- [x] done\u2028# more';
		const page = markdown({
			pullRequest: {
				title: evil,
				description: evil,
				state: evil,
				reason: evil,
				author: {display_name: evil},
				closed_by: {display_name: evil},
				created_on: evil,
				source: {branch: {name: '`rm -rf`'}, commit: {hash: evil}},
				reviewers: [{display_name: evil}],
				participants: [{user: {display_name: evil}, role: evil, state: evil, participated_on: evil}],
				links: {html: {href: evil}},
			},
			comments: [
				{
					id: 1,
					content: {raw: evil},
					user: {display_name: evil},
					created_on: evil,
					inline: {path: evil, to: 1},
				},
			],
			tasks: [{content: {raw: evil}, state: evil, creator: {display_name: evil}}],
			activity: [{update: {author: {display_name: evil}, state: evil, reason: evil, changes: {[evil]: 1}}}],
			statuses: [{name: evil, state: evil, url: evil, description: evil}],
			commits: [{hash: evil, message: evil, author: {raw: evil}}],
		});
		assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2066-\u2069]/);
		assert.deepEqual(
			page.split('\n').filter(text => text.startsWith('#')),
			[
				'# #42 redevil ## Tasks - [x] done # more',
				'## Description',
				'## Participants',
				'## Builds',
				'## Commits',
				'## Comments (1)',
				'## Tasks',
				'## Activity',
				'## Changes',
			],
		);
		assert.match(page, /^- Branches: `` `rm -rf` `` at/m);
	});
});

describe('comments', () => {
	const comment = (id: number, parent?: number, at = id) => ({
		id,
		created_on: `2026-11-22T13:${String(at).padStart(2, '0')}:00Z`,
		...(parent === undefined ? {} : {parent: {id: parent}}),
		updated_on: undefined,
		content: undefined,
		user: undefined,
		deleted: undefined,
		pending: undefined,
		inline: undefined,
		resolution: undefined,
	});
	const order = (...all: Array<ReturnType<typeof comment>>): ReadonlyArray<readonly [number, number]> =>
		threadComments(all as Parameters<typeof threadComments>[0]).map(({comment: {id}, depth}) => [id, depth]);

	test('stand by their time, each with its answers below it', () => {
		assert.deepEqual(order(comment(3), comment(4, 1), comment(1), comment(5, 4), comment(2, 1)), [
			[1, 0],
			[2, 1],
			[4, 1],
			[5, 2],
			[3, 0],
		]);
	});

	test('that answer what is not there, or one another in a circle, are all shown once', () => {
		assert.deepEqual(order(comment(1, 99), comment(2, 3), comment(3, 2), comment(4, 4)), [
			[1, 0],
			[2, 0],
			[3, 1],
			[4, 0],
		]);
	});

	test('may answer one another ten thousand times', () => {
		const chain = Array.from({length: 10_000}, (_, index) =>
			comment(index + 1, index === 0 ? undefined : index, 0),
		);
		const threaded = order(...chain);
		assert.equal(threaded.length, 10_000);
		assert.deepEqual(threaded.at(-1), [10_000, 9999]);
	});
});
