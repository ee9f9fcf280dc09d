import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {changeMirrorNote} from '../../../source/backup/mirror-note.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {
	assertWhole,
	copyOf,
	filesIn,
	type HistoryMaker,
	type MirrorHistory,
	startHistoryMaker,
	uuid,
} from './mirror-history.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01T02:00:00Z');
let maker: HistoryMaker;
let history: MirrorHistory;
before(async () => {
	maker = await startHistoryMaker();
	history = maker.make();
	for (const number of [1, 2, 3, 4]) {
		history.upstream.commit('main', {'a.txt': `${number}`}, {orphan: number % 2 === 1});
		history.upstream.git('tag', '--force', '-a', '-m', `${number}`, 'v', 'main');
		await history.backUp(start + number * day, {lfs: [`lfs ${number}`], downloads: [`download ${number}`]});
	}

	await history.inMirror(async ({folder}) => changeMirrorNote(folder, uuid, {frozen: undefined}));
});
after(async () => {
	await maker.close();
});

/** Runs a pass in another process. @param kill At which of its steps it is killed. @returns the steps that it told of. */
async function pass(folder: string, now: number, kill = Number.POSITIVE_INFINITY): Promise<string[]> {
	const script = fileURLToPath(new URL('retain-in-child.ts', import.meta.url));
	const child = spawn(process.execPath, ['--import=tsx', script, folder, String(now)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const gone = once(child, 'exit');
	const steps: string[] = [];
	for await (const step of createInterface({input: child.stdout})) {
		steps.push(step);
		if (steps.length === kill) {
			child.kill('SIGKILL');
		}
	}

	const [code, signal] = await gone;
	assert.ok(signal === 'SIGKILL' || code === 0);
	return steps;
}

const stateOf = (folder: string): unknown => ({
	refs: [...refsIn(folder)],
	files: filesIn(folder).filter(path => /^(lfs|downloads)/.test(path)),
});

test('a pass that is killed leaves every snapshot whole, and the next one ends as if nothing had been', async () => {
	const uninterrupted = copyOf(history.mirrorFolder);
	const now = start + 10 * day;
	const steps = await pass(uninterrupted, now);
	assert.ok(
		['set aside', 'file', 'pin', 'release', 'forget', 'pack', 'delete pack'].every(step =>
			steps.includes(step),
		),
	);
	for (const kill of [2, 4, steps.indexOf('release') + 1, steps.length]) {
		const folder = copyOf(history.mirrorFolder);
		await pass(folder, now, kill);
		assertWhole(folder, `killed at step ${kill}`);
		await pass(folder, now);
		assert.deepEqual(stateOf(folder), stateOf(uninterrupted), `killed at step ${kill}`);
		assert.equal(runGitIn(folder, ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']), '');
		assert.deepEqual(
			filesIn(folder).filter(path => /\.lock$|tmp_|writing$/.test(path)),
			[],
		);
	}
});
