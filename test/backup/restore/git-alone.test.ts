import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import type {RefList} from '../../../source/backup/ref-list.ts';
import {readGitIn, runGitIn} from '../upstream-repository.ts';
import {type SavedHistory, startSavedHistory} from './saved-history.ts';

let history: SavedHistory;
before(async () => {
	history = await startSavedHistory();
});
after(async () => {
	await history.close();
});

/** The lines that the README gives, with its first ones, which say what from and where to, set to what a test wants. */
function linesOfReadme(values: Readonly<Record<string, string>>): string {
	const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
	const [, block] = /^### Restore with git alone\n[^#]*?^```sh\n(.*?)^```$/ms.exec(readme) ?? [];
	assert.ok(block, 'the README says how to restore with git alone');
	return Object.entries(values).reduce((lines, [name, value]) => {
		const assignment = new RegExp(`^${name}=.*$`, 'm');
		assert.match(lines, assignment);
		return lines.replace(assignment, () => `${name}='${value.replaceAll("'", "'\\''")}'`);
	}, block);
}

let targets = 0;

function restoreWithGitAlone(snapshot: string): {readonly target: string; readonly metadata: string} {
	targets += 1;
	const target = join(history.folder, `restored ${targets}.git`);
	const metadata = join(history.folder, `metadata ${targets}`);
	execFileSync('sh', ['-e', '-u'], {
		input: linesOfReadme({mirror: history.mirrorFolder, snapshot, target, metadata}),
		env: {PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1'},
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	return {target, metadata};
}

function assertSame(target: string, {head, refs}: RefList): void {
	const output = readGitIn(target, ['for-each-ref', '--format=%(objectname) %(refname)']).toString('latin1');
	assert.equal(output, [...refs].map(([name, id]) => `${id} ${name}\n`).join(''));
	const found = readFileSync(join(target, 'HEAD'), 'latin1')
		.trimEnd()
		.replace(/^ref: /, '');
	assert.equal(found, head ?? found);
	assert.equal(runGitIn(target, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']), '');
}

test('by the lines of the README, git alone restores any snapshot', async () => {
	const {upstream} = history;
	const empty = await history.save({'settings/hooks.json': []});

	const first = upstream.commit('main', {'a.txt': 'a'});
	upstream.commit('a', {'b.txt': 'b'});
	upstream.git('tag', '-a', '-m', 'one', 'v1', first);
	upstream.git('notes', 'add', '-m', 'note', first);
	upstream.git('update-ref', 'refs/strange/"place\'$x', first);
	upstream.git('update-ref', 'refs/heads/HEAD', first);
	writeFileSync(
		join(upstream.folder, 'packed-refs'),
		Buffer.from(`${first} refs/heads/caf\xe9\n`, 'latin1'),
		{
			flag: 'a',
		},
	);
	const contents = Buffer.from('large contents');
	const oid = createHash('sha256').update(contents).digest('hex');
	history.store('lfs/objects', oid, contents);
	const full = await history.save({'pull-requests/7/pull-request.json': {id: 7}});

	upstream.git('update-ref', '-d', 'refs/heads/a');
	upstream.commit('a/b', {'b.txt': 'c'}, {orphan: true});
	upstream.commit('main', {'a.txt': 'rewritten'}, {orphan: true});
	upstream.git('tag', '--delete', 'v1');
	upstream.git('update-ref', '--no-deref', 'HEAD', first);
	const detached = await history.save();
	assert.equal(detached.refs.head, first);

	for (const {id, refs} of [empty, full, detached]) {
		assertSame(restoreWithGitAlone(id).target, refs);
	}

	const {target, metadata} = restoreWithGitAlone(full.id);
	assert.deepEqual(
		readFileSync(join(target, 'lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid)),
		contents,
	);
	assert.deepEqual(JSON.parse(readFileSync(join(metadata, 'pull-requests/7/pull-request.json'), 'utf8')), {
		id: 7,
	});
	const clone = join(history.folder, 'clone');
	execFileSync('git', ['clone', '--quiet', target, clone], {
		env: {PATH: process.env['PATH'], HOME: '/nowhere'},
	});
	assert.ok(existsSync(join(clone, 'a.txt')));
});
