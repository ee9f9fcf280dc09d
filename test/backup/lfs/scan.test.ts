import assert from 'node:assert/strict';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {scanForPointers} from '../../../source/backup/lfs/scan.ts';
import {type MirrorReader, openMirror} from '../../../source/backup/mirror.ts';
import {systemClock} from '../../../source/system/clock.ts';
import {GitFailed} from '../../../source/system/git.ts';
import {temporaryFolder} from '../../temporary-folder.ts';
import {makeUpstream, runGitIn, type UpstreamRepository} from '../upstream-repository.ts';
import {oidOf, pointerText} from './lfs-upstream.ts';

const pointer = (text: string): string => pointerText(oidOf(Buffer.from(text)), text.length);

async function open(context: TestContext): Promise<{
	upstream: UpstreamRepository;
	mirror: MirrorReader;
	scan: (tips: string[], known?: string[]) => Promise<number[]>;
}> {
	const folder = await temporaryFolder(context);
	const upstream = makeUpstream(join(folder, 'upstream.git'));
	const opened = await openMirror(join(folder, 'mirror.git'), systemClock, new AbortController().signal);
	context.after(() => opened.close());
	// Whatever it prints is not held as a whole.
	const mirror: MirrorReader = {...opened, read: async () => assert.fail('it is to be streamed')};
	return {
		upstream,
		mirror,
		scan: async (tips, known = []) => {
			runGitIn(opened.folder, ['fetch', '--quiet', upstream.folder, '+refs/*:refs/mirror/*']);
			const found = await scanForPointers(mirror, tips, known);
			return found.map(({size}) => size).sort((left, right) => left - right);
		},
	};
}

test('scan: finds every pointer of the history of the tips, each once, and nothing that is none', async context => {
	const {upstream, scan} = await open(context);
	const first = upstream.commit('main', {
		'a.bin': pointer('a'),
		'same.bin': pointer('a'),
		'text.md': 'x'.repeat(130),
	});
	const second = upstream.commit('main', {
		'b.bin': pointer('bb'),
		'large.txt': pointer('bb') + 'x'.repeat(2000),
	});
	const side = upstream.commit('side', {'c.bin': pointer('ccc')});
	assert.deepEqual(await scan([second]), [1, 2]);
	assert.deepEqual(await scan([second, side]), [1, 2, 3]);
	assert.deepEqual(await scan([second, side], [first]), [2, 3]);
	assert.deepEqual(await scan([second], [second]), []);
	assert.deepEqual(await scan([]), []);
});

test('scan: finds pointers behind annotated tags, and where a tag is of a tree or a file', async context => {
	const {upstream, scan} = await open(context);
	const commit = upstream.commit('main', {'a.bin': pointer('a')});
	upstream.git('tag', '-a', '-m', 'one', 'v1', commit);
	const blob = runGitIn(upstream.folder, ['hash-object', '-w', '--stdin'], pointer('bb'));
	upstream.git('tag', 'blob', blob);
	const inTree = runGitIn(upstream.folder, ['hash-object', '-w', '--stdin'], pointer('ccc'));
	upstream.git('tag', 'tree', runGitIn(upstream.folder, ['mktree'], `100644 blob ${inTree}\tfile\n`));
	assert.deepEqual(await scan([...upstream.refs().values()]), [1, 2, 3]);
});

test('scan: a tip that the mirror does not have hides nothing, and is no reason to stop', async context => {
	const {upstream, scan} = await open(context);
	const tip = upstream.commit('main', {'a.bin': pointer('a')});
	assert.deepEqual(await scan([tip], ['0123456789'.repeat(4)]), [1]);
});

test('scan: where history cannot be read, it fails', async context => {
	const {upstream, mirror, scan} = await open(context);
	const tip = upstream.commit('main', {'a.bin': pointer('a')});
	await scan([tip]);
	const tree = runGitIn(mirror.folder, ['rev-parse', `${tip}^{tree}`]);
	const broken = runGitIn(
		mirror.folder,
		['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'],
		`tree ${tree.replace(/./g, '7')}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\nbroken\n`,
	);
	await assert.rejects(scanForPointers(mirror, [broken], []), GitFailed);
});
