import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {whyNoSmallDisk} from '../small-disk.ts';
import {makeSmallWorkspace, type SmallWorkspace} from './small-workspace.ts';
import {runGitIn} from './upstream-repository.ts';

const reason = whyNoSmallDisk();
let workspace: SmallWorkspace;
before(async () => {
	workspace = await makeSmallWorkspace();
	workspace.web.commit('main', {'big.txt': randomBytes(150_000).toString('base64')});
	workspace.api.commit('main', {'readme.md': 'api'});
	workspace.answers.set('/repositories/acme/web/pullrequests', [
		{id: 1, comment_count: 1, description: randomBytes(60_000).toString('base64')},
	]);
	workspace.answers.set('/repositories/acme/web/pullrequests/1/comments', [{id: 10}]);
	workspace.answers.set('/repositories/acme/web/downloads', [{name: 'a.zip', size: 100_000}]);
	workspace.answers.set('/repositories/acme/web/downloads/a.zip', randomBytes(100_000));
});
after(async () => {
	await workspace.close();
});

for (const kilobytes of [8, 40, 96, 200, 260, 340]) {
	test(`a disk that is full after ${kilobytes} kB fails the run; with room, the next one is complete`, {
		skip: reason,
	}, async () => {
		mkdirSync(workspace.destination, {recursive: true});
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', workspace.destination]);
		try {
			const data = ['git', 'pull-requests', 'downloads'] as const;
			const attempt = await workspace.run([...data]).then(
				({outcome}) => ({status: outcome.status, problem: outcome.problems[0] ?? ''}),
				(error: Error) => ({status: 'failed', problem: error.message}),
			);
			assert.equal(attempt.status, 'failed', attempt.problem);
			assert.match(attempt.problem, /^The destination .* cannot be written: /);

			execFileSync('mount', ['-o', 'remount,size=64m', workspace.destination]);
			const {outcome} = await workspace.run([...data]);
			assert.equal(outcome.status, 'succeeded', outcome.problems.join('\n'));
			for (const slug of ['web', 'api']) {
				assert.equal(runGitIn(workspace.mirror(slug), ['fsck', '--full', '--strict', '--no-dangling']), '');
			}
		} finally {
			execFileSync('umount', [workspace.destination]);
		}
	});
}
