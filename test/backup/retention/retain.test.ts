import assert from 'node:assert/strict';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {openMirrorReader} from '../../../source/backup/mirror.ts';
import {changeMirrorNote, readMirrorNote} from '../../../source/backup/mirror-note.ts';
import {
	inspectRetention,
	type RetentionRules,
	type RetentionView,
	retain,
} from '../../../source/backup/retention/retain.ts';
import {replaceCommit} from '../../../source/backup/write-snapshot.ts';
import type {KeepRules} from '../../../source/model/plan.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
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

/** A force-push would freeze the repository: what is tested here is what follows once that was accepted. */
const accept = async (): Promise<void> =>
	history.inMirror(async ({folder}) => changeMirrorNote(folder, uuid, {frozen: undefined}));

const forcePush = (text: string): string => history.upstream.commit('main', {'a.txt': text}, {orphan: true});

const kept = ({keep}: RetentionView): string[] => keep.map(({id}) => id);

describe('a snapshot that goes', () => {
	test('takes with it what upstream lost and no other snapshot lists', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const lost = history.upstream.commit('main', {'a.txt': 'secret'});
		const first = await history.backUp(start);
		forcePush('b');
		const second = await history.backUp(start + day);
		assert.deepEqual(history.pins(), [lost]);
		await accept();

		const {remove, frees} = await thinOut({last: 1});
		assert.deepEqual(remove, [first]);
		assert.ok((frees.objects ?? 0) > 100);
		assert.deepEqual(history.snapshots(), [second]);
		assert.deepEqual(history.pins(), []);
		assert.equal(refsIn(history.mirrorFolder, 'refs/brigade/removed').size, 0);
		assertWhole(history.mirrorFolder);
		assert.ok(has(lost), 'it is there for the time of grace');
		await thinOut({last: 1}, start + 113 * day);
		assert.ok(has(lost));
		await thinOut({last: 1}, start + 115 * day);
		assert.equal(has(lost), false);
		assertWhole(history.mirrorFolder);
	});

	test('leaves a tip of an older snapshot that only its own pin led to', async () => {
		const old = history.upstream.commit('main', {'a.txt': 'a'});
		const first = await history.backUp(start);
		const lost = history.upstream.commit('main', {'a.txt': 'b'});
		const second = await history.backUp(start + day);
		forcePush('c');
		const third = await history.backUp(start + 2 * day);
		assert.deepEqual(history.pins(), [lost]);
		await accept();

		const {remove} = await thinOut({yearly: 2, last: 1});
		assert.deepEqual(remove, [second]);
		assert.deepEqual(history.snapshots(), [first, third]);
		assert.deepEqual(history.pins(), [old]);
		assertWhole(history.mirrorFolder);
		await thinOut({yearly: 2, last: 1}, start + 115 * day);
		assert.equal(has(lost), false);
		assertWhole(history.mirrorFolder);
	});

	test('leaves annotated tags that another one lists', async () => {
		const commit = history.upstream.commit('main', {'a.txt': 'a'});
		history.upstream.git('tag', '-a', '-m', 'one', 'both', commit);
		const both = history.upstream.refs().get('refs/tags/both') ?? '';
		await history.backUp(start);
		history.upstream.git('tag', '-a', '-m', 'two', 'middle', commit);
		const middle = history.upstream.refs().get('refs/tags/middle') ?? '';
		await history.backUp(start + day);
		history.upstream.git('tag', '-d', 'middle');
		history.upstream.git('tag', '-d', 'both');
		await history.backUp(start + 2 * day);
		assert.deepEqual(history.pins(), [both, middle].sort());
		await accept();

		await thinOut({yearly: 2, last: 1});
		assert.deepEqual(history.pins(), [both]);
		assertWhole(history.mirrorFolder);
	});

	test('leaves the commits of pull requests, also where they were no tip', async () => {
		const source = history.upstream.commit('feature', {'a.txt': 'a'});
		history.upstream.commit('main', {'m.txt': 'm'});
		history.upstream.commit('feature', {'a.txt': 'b'});
		await history.backUp(start);
		history.upstream.git('update-ref', '-d', 'refs/heads/feature');
		await history.backUp(start + day, {pullRequests: new Map([[17, source]])});
		assert.equal(history.pins().length, 1);
		assert.notDeepEqual(history.pins(), [source]);

		await thinOut({last: 1});
		assert.deepEqual(history.pins(), [source]);
		assertWhole(history.mirrorFolder);
	});

	test('leaves what the draft of the next one relies on', async () => {
		const source = history.upstream.commit('feature', {'a.txt': 'a'});
		history.upstream.commit('main', {'m.txt': 'm'});
		await history.backUp(start, {downloads: ['drafted', 'other']});
		history.upstream.git('update-ref', '-d', 'refs/heads/feature');
		await history.backUp(start + day);
		const pullRequest = `{\n\t"source": {"commit": {"hash": "${source.slice(0, 12)}"}}}`;
		const files = new Map([
			['000001/draft.json', `{"downloads": {"one": "${hashOf('drafted')}"}}`],
			['000001/parts/pull-requests/17/pull-request.json', pullRequest],
		]);
		await history.inMirror(async mirror =>
			replaceCommit(mirror, {
				ref: 'refs/brigade/draft',
				at: start,
				title: 'Draft',
				parts: new Map([...files].map(([path, text]) => [path, {kind: 'new', contents: Buffer.from(text)}])),
			}),
		);

		await thinOut({last: 1});
		assert.deepEqual(history.pins(), [source]);
		assert.ok(existsSync(storedPath(history.mirrorFolder, 'downloads', hashOf('drafted'))));
		assert.equal(existsSync(storedPath(history.mirrorFolder, 'downloads', hashOf('other'))), false);
		assert.equal(refsIn(history.mirrorFolder, 'refs/brigade/draft').size, 1);
	});

	test('takes the files with it that no other one lists, and says how large they were', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.backUp(start, {lfs: ['both', 'first, large'], downloads: ['one', 'both']});
		await history.backUp(start + day, {lfs: ['both'], downloads: ['both', 'two']});
		const {frees} = await thinOut({last: 1});
		assert.deepEqual([frees.lfs, frees.downloads], ['first, large'.length, 'one'.length]);
		const left = filesIn(history.mirrorFolder).filter(path => /^(lfs|downloads)/.test(path));
		assert.deepEqual(
			left,
			[
				relative(history.mirrorFolder, storedPath(history.mirrorFolder, 'downloads', hashOf('both'))),
				relative(history.mirrorFolder, storedPath(history.mirrorFolder, 'downloads', hashOf('two'))),
				relative(history.mirrorFolder, storedPath(history.mirrorFolder, 'lfs/objects', hashOf('both'))),
			].sort(),
		);
		assertWhole(history.mirrorFolder);
	});
});

describe('never goes', () => {
	test('the newest snapshot, the last good one, and what is not ours to remove', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const ids = [
			await history.backUp(start),
			await history.backUp(start + day, {plan: 'elsewhere'}),
			await history.backUp(start + 2 * day, {version: 2}),
			await history.backUp(start + 3 * day),
			await history.backUp(start + 4 * day, {isGood: false}),
			await history.backUp(start + 5 * day, {isGood: false}),
			await history.backUp(start + 300 * day, {isGood: false}),
		];
		const view = await thinOut({last: 1});
		assert.deepEqual(
			view.keep.map(({id, reasons}) => [ids.indexOf(id), reasons]),
			[
				[1, ['it was made by the plan "elsewhere", which is not known here']],
				[2, ['it was made by a newer version of this program']],
				[3, ['last that lacks nothing']],
				[5, ['last snapshot']],
				[6, ['its time has not come yet', 'newest snapshot']],
			],
		);
		assert.deepEqual(history.snapshots(), kept(view));
		assertWhole(history.mirrorFolder);
	});

	test('a pin that no removed snapshot listed', async () => {
		const commit = history.upstream.commit('main', {'a.txt': 'a'});
		await history.backUp(start);
		const stranger = history.upstream.commit('side', {'a.txt': 'b'}, {orphan: true});
		runGitIn(history.mirrorFolder, [
			'fetch',
			'--quiet',
			history.upstream.folder,
			`${stranger}:refs/brigade/kept/${stranger}`,
		]);
		history.upstream.git('update-ref', '-d', 'refs/heads/side');
		history.upstream.commit('main', {'a.txt': 'c'});
		await history.backUp(start + day);
		runGitIn(history.mirrorFolder, ['update-ref', `refs/brigade/kept/${commit}`, commit]);
		await thinOut({last: 1});
		assert.deepEqual(history.pins(), [stranger]);
	});

	test('anything in the mirror that nobody here wrote', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const lost = history.upstream.commit('main', {'a.txt': 'b'});
		await history.backUp(start, {lfs: ['linked', 'lfs'], downloads: ['download']});
		forcePush('c');
		await history.backUp(start + day);
		await accept();
		const {mirrorFolder} = history;
		const write = (path: string): void => {
			mkdirSync(dirname(join(mirrorFolder, path)), {recursive: true});
			writeFileSync(join(mirrorFolder, path), 'mine');
		};
		const foreign = [
			'notes.txt',
			'lfs/readme.txt',
			'lfs/objects/readme.txt',
			`lfs/objects/zz/${hashOf('lfs')}`,
			`lfs/${hashOf('lfs')}`,
			`downloads/${hashOf('download')}.txt`,
			`downloads/ab/cd/${hashOf('something')}`,
			'objects/pack/readme.txt',
			'objects/pack/pack-mine.pack',
			'hooks/post-update',
		];
		foreign.forEach(write);
		// A folder elsewhere, by way of a link in the place of one of ours.
		const elsewhere = join(maker.folder, `elsewhere-${Date.now()}`);
		const linked = storedPath(mirrorFolder, 'lfs/objects', hashOf('linked'));
		cpSync(dirname(linked), elsewhere, {recursive: true});
		rmSync(dirname(linked), {recursive: true});
		symlinkSync(elsewhere, dirname(linked));
		const refs = ['refs/brigade/other', 'refs/brigade/kept/mine', 'refs/brigade/removed/mine', 'refs/mine/x'];
		for (const ref of [...refs, 'refs/brigade/snapshots/mine', 'refs/brigade/snapshots/20260101T020000Z']) {
			runGitIn(mirrorFolder, ['update-ref', ref, lost]);
		}

		runGitIn(mirrorFolder, ['symbolic-ref', 'refs/brigade/snapshots/20251231T020000.000Z', 'refs/mine/x']);
		const before = refsIn(mirrorFolder);
		const {remove} = await thinOut({last: 1});
		await thinOut({last: 1}, start + 115 * day);
		assert.equal(remove.length, 1);
		const after = refsIn(mirrorFolder);
		const gone = [...before.keys()].filter(name => !after.has(name));
		assert.deepEqual(gone, [`refs/brigade/kept/${lost}`, `refs/brigade/snapshots/${remove[0]}`].sort());
		for (const path of foreign) {
			assert.equal(readFileSync(join(mirrorFolder, path), 'utf8'), 'mine', path);
		}

		assert.deepEqual(readdirSync(elsewhere), [hashOf('linked')]);
		assert.ok(has(lost), 'a ref that is not ours leads to it');
	});
});

describe('nothing goes', () => {
	const twoSnapshots = async (): Promise<void> => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.backUp(start, {lfs: ['one']});
		history.upstream.commit('main', {'a.txt': 'b'});
		await history.backUp(start + day);
	};

	test('from a frozen repository, until the change is accepted', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.backUp(start);
		history.upstream.commit('main', {'a.txt': 'b'});
		await history.backUp(start + day);
		await thinOut({last: 1});
		forcePush('c');
		await history.backUp(start + 2 * day);
		await history.backUp(start + 3 * day);
		const before = listingOf(history.mirrorFolder);
		for (const now of [start + 100 * day, start + 400 * day]) {
			const view = await thinOut({last: 1}, now);
			assert.deepEqual(view.remove, []);
			assert.equal(view.keep.length, 3);
			assert.match(view.keep[0]?.reasons.join() ?? '', /^frozen: the default branch was rewritten upstream$/);
			assert.equal(view.frozen?.since, new Date(start + 2 * day).toISOString());
		}

		assert.equal(listingOf(history.mirrorFolder), before);
		await accept();
		assert.equal((await thinOut({last: 1})).remove.length, 2);
	});

	test('where a snapshot that stays lists what cannot be read', async () => {
		await twoSnapshots();
		const [tip = ''] = [...history.upstream.refs().values()];
		await history.inMirror(async ({folder}) => {
			// As if a disk had lost it: the ref that leads there is gone too, and everything else was packed anew.
			runGitIn(folder, ['update-ref', '-d', 'refs/mirror/heads/main']);
			const config = readFileSync(join(folder, 'config'), 'utf8');
			writeFileSync(join(folder, 'config'), config.replace('preciousObjects = true', ''));
			runGitIn(folder, ['repack', '-a', '-d', '-q']);
			writeFileSync(join(folder, 'config'), config);
		});
		assert.equal(has(tip), false);
		const before = listingOf(history.mirrorFolder);
		await assert.rejects(thinOut({last: 1}), new RegExp(`damaged: ${tip} is listed by a snapshot`));
		assert.equal(listingOf(history.mirrorFolder), before);
	});

	test('where the note that would say that it is frozen is lost', async () => {
		await twoSnapshots();
		writeFileSync(join(history.mirrorFolder, 'bucket-brigade.json'), '{');
		const {remove, problems} = await thinOut({last: 1});
		assert.deepEqual(remove, []);
		assert.match(problems.join(), /its note bucket-brigade.json cannot be read/);
		assert.equal(history.snapshots().length, 2);
	});

	test('while it is only looked at: what is said is what goes then', async () => {
		await twoSnapshots();
		const before = listingOf(history.mirrorFolder);
		const reader = await openMirrorReader(history.mirrorFolder, new AbortController().signal);
		const foretold = await inspectRetention(reader, rulesOf({last: 1}));
		assert.equal(foretold.remove.length, 1);
		assert.equal(listingOf(history.mirrorFolder), before);
		assert.deepEqual(await thinOut({last: 1}), foretold);
		assert.notEqual(listingOf(history.mirrorFolder), before);
	});

	test('twice', async () => {
		await twoSnapshots();
		await thinOut({last: 1});
		const before = listingOf(history.mirrorFolder);
		assert.deepEqual((await thinOut({last: 1})).remove, []);
		assert.equal(listingOf(history.mirrorFolder), before);
	});
});

test('a removal that broke off is undone where the rules are different by then, and its snapshot stands still', async () => {
	history.upstream.commit('main', {'a.txt': 'a'});
	const first = await history.backUp(start, {lfs: ['one']});
	await history.backUp(start + day);
	const broken = history.inMirror(async mirror =>
		retain(mirror, {
			...rulesOf({last: 1}),
			before: step => {
				if (step === 'set aside') {
					throw new Error('killed');
				}
			},
		}),
	);
	await assert.rejects(broken, /killed/);
	assert.equal(refsIn(history.mirrorFolder, 'refs/brigade/removed').size, 1);
	await thinOut({last: 2});
	assert.equal(refsIn(history.mirrorFolder, 'refs/brigade/removed').size, 0);
	assert.equal(history.snapshots()[0], first);
	assertWhole(history.mirrorFolder);
});

test('who read the note before cannot unfreeze a mirror', async () => {
	history.upstream.commit('main', {'a.txt': 'a'});
	await history.backUp(start);
	await history.inMirror(async ({folder}) => {
		await changeMirrorNote(folder, uuid, {frozen: {since: new Date(start).toISOString(), reason: 'a test'}});
		await changeMirrorNote(folder, uuid, {slug: 'renamed'});
		const now = await readMirrorNote(folder);
		assert.deepEqual([now?.slug, now?.frozen?.reason], ['renamed', 'a test']);
	});
});
