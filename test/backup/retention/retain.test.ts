import assert from 'node:assert/strict';
import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {openMirrorReader} from '../../../source/backup/mirror.ts';
import {changeMirrorNote, readMirrorNote} from '../../../source/backup/mirror-note.ts';
import {inspectRetention, type RetentionRules, retain} from '../../../source/backup/retention/retain.ts';
import type {KeepRules} from '../../../source/model/plan.ts';
import {runGitIn} from '../upstream-repository.ts';
import {
	assertWhole,
	filesIn,
	type HistoryMaker,
	hashOf,
	listingOf,
	type MirrorHistory,
	startHistoryMaker,
	storedPath,
	uuid,
} from './mirror-history.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-01T02:00:00Z');
let maker: HistoryMaker;
let history: MirrorHistory;
before(async () => {
	maker = await startHistoryMaker();
});
after(async () => {
	await maker.close();
});
beforeEach(() => {
	history = maker.make();
});

const rulesOf = (keep: KeepRules, now = start + 100 * day): RetentionRules => ({
	policies: [{plan: 'nightly', rules: keep}],
	isKnownPlan: plan => plan === 'nightly',
	now,
});

const thinOut = async (keep: KeepRules, now?: number) =>
	history.inMirror(async mirror => retain(mirror, rulesOf(keep, now)));

const has = (id: string): boolean => {
	try {
		runGitIn(history.mirrorFolder, ['cat-file', '-e', id]);
		return true;
	} catch {
		return false;
	}
};

describe('a snapshot that goes', () => {
	test('takes with it what upstream lost and no other snapshot lists', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const lost = history.upstream.commit('main', {'a.txt': 'secret'});
		const first = await history.backUp(start);
		history.upstream.commit('main', {'a.txt': 'b'}, {orphan: true});
		const second = await history.backUp(start + day);
		assert.deepEqual(history.pins(), [lost]);

		await history.inMirror(async ({folder}) => changeMirrorNote(folder, uuid, {frozen: undefined}));
		const {remove} = await thinOut({last: 1});
		assert.deepEqual(remove, [first]);
		assert.deepEqual(history.snapshots(), [second]);
		assert.deepEqual(history.pins(), []);
		assertWhole(history.mirrorFolder);
		assert.ok(has(lost), 'still there for the time of grace');
		await thinOut({last: 1}, start + 101 * day + 15 * day);
		assert.equal(has(lost), false);
		assertWhole(history.mirrorFolder);
	});
});
