import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {FindingKind} from '../../../source/backup/verify/finding.ts';
import {tryProcessLock} from '../../../source/system/process-lock.ts';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {
	cut,
	filesIn,
	flip,
	listing,
	looseFile,
	packOf,
	unpackAll,
	whatSnapshotsHold,
} from './damaged-mirror.ts';
import {textsOf} from './fork-test.ts';
import {makeVerifiedWorkspace, sha256, type VerifiedWorkspace} from './verified-workspace.ts';

let place: VerifiedWorkspace;
/** What the snapshots hold as long as nothing is damaged. */
let held: Map<string, string>;
let lfsFile: string;
let downloadFile: string;
/** What is tried out lies here: other tests do the same at the same time. */
let temporary: string;
const usual = process.env['TMPDIR'];
before(async () => {
	temporary = mkdtempSync(join(tmpdir(), 'bucket-brigade-temporary-'));
	process.env['TMPDIR'] = temporary;
	place = await makeVerifiedWorkspace();
	held = whatSnapshotsHold(place.copy());
	assert.equal(held.size, 3);
	const stored = (folder: string, hash: string): string =>
		join(folder, hash.slice(0, 2), hash.slice(2, 4), hash);
	lfsFile = stored('lfs/objects', [...place.lfs.keys()][0] ?? '');
	downloadFile = stored('downloads', sha256(place.downloads.get('one.zip') ?? Buffer.alloc(0)));
});
after(async () => {
	await place.close();
	if (usual === undefined) {
		delete process.env['TMPDIR'];
	} else {
		process.env['TMPDIR'] = usual;
	}

	const left = readdirSync(temporary).filter(name => name !== 'node-compile-cache');
	rmSync(temporary, {recursive: true});
	assert.deepEqual(left, []);
});

test('a healthy mirror is whole, and only its note changes', async () => {
	const mirror = place.copy();
	const before = listing(mirror);
	const verified = await place.verify(mirror);
	assert.equal(verified.state, 'whole', textsOf(verified));
	assert.deepEqual(verified.findings, []);
	assert.equal(verified.snapshots, 3);
	assert.ok(verified.objects > 40);
	assert.ok(Date.parse(verified.verifiedAt ?? '') > 0);
	const after = listing(mirror);
	before.delete('bucket-brigade.json');
	after.delete('bucket-brigade.json');
	assert.deepEqual(after, before);
	assert.equal(
		JSON.parse(readFileSync(join(mirror, 'bucket-brigade.json'), 'utf8')).verifiedAt,
		verified.verifiedAt,
	);
});

test('what a killed verification left is cleared away, and what another one works in is not', async () => {
	const make = (name: string): string => {
		const path = join(tmpdir(), `bucket-brigade-verify-${name}`);
		mkdirSync(path);
		return path;
	};

	const [abandoned, inUse, beginning] = [make('abandoned'), make('in-use'), make('beginning')];
	const guardOf = (path: string): string => join(path, 'guard');
	tryProcessLock(guardOf(abandoned))?.release();
	const lock = tryProcessLock(guardOf(inUse));
	try {
		assert.equal((await place.verify(place.copy())).state, 'whole');
		const left = readdirSync(tmpdir()).filter(name => name.startsWith('bucket-brigade-verify-'));
		assert.deepEqual(left.sort(), ['bucket-brigade-verify-beginning', 'bucket-brigade-verify-in-use']);
	} finally {
		lock?.release();
		rmSync(inUse, {recursive: true});
		rmSync(beginning, {recursive: true});
	}
});

test('where there is no folder for temporary files, it is tried out beside the mirror', async () => {
	const mirror = place.copy();
	process.env['TMPDIR'] = join(temporary, 'none');
	try {
		assert.equal((await place.verify(mirror)).state, 'whole');
	} finally {
		process.env['TMPDIR'] = temporary;
	}

	assert.deepEqual(readdirSync(dirname(mirror)), [basename(mirror)]);
});

test('a snapshot that git does not hand out cannot be restored: that is damage', async () => {
	const path = process.env['PATH'] ?? '';
	const programs = mkdtempSync(join(tmpdir(), 'programs-'));
	const git = execFileSync('sh', ['-c', 'command -v git'], {encoding: 'utf8'}).trim();
	const script = `#!/bin/sh\ncase " $* " in *" upload-pack "*) echo "fatal: no" >&2; exit 128 ;; esac\nexec ${git} "$@"\n`;
	writeFileSync(join(programs, 'git'), script, {mode: 0o755});
	process.env['PATH'] = `${programs}:${path}`;
	try {
		const verified = await place.verify(place.copy(), {repair: false});
		assert.equal(verified.state, 'damaged');
		assert.match(textsOf(verified), /^damaged restore: the snapshot 2\S+ cannot be restored: git says /);
	} finally {
		process.env['PATH'] = path;
		rmSync(programs, {recursive: true});
	}
});

type Damage = {
	readonly name: string;
	/** @returns what findings must tell: their kind, and a path or word that they name. */
	readonly make: (mirror: string) => ReadonlyArray<readonly [FindingKind, string]>;
};

const main = (mirror: string): string => refsIn(mirror).get('refs/mirror/heads/main') ?? '';
const indexOf = (pack: string): string => pack.replace(/pack$/, 'idx');

/** Three packs of upstream's history. */
function packsIn(mirror: string): readonly [string, string, string] {
	const first = runGitIn(mirror, ['rev-parse', 'refs/mirror/heads/main~2']);
	return [packOf(mirror, main(mirror)), packOf(mirror, place.lost), packOf(mirror, first)];
}

const damages: readonly Damage[] = [
	{
		name: 'a byte in the middle of a pack, in the head of one, and the last one of one',
		make: mirror => {
			const packs = packsIn(mirror);
			assert.equal(new Set(packs).size, 3);
			for (const [index, offset] of [100, 5, -1].entries()) {
				flip(join(mirror, packs[index] ?? ''), offset);
			}

			return packs.map(pack => ['pack', pack]);
		},
	},
	{
		name: 'a pack that was cut, and one that was deleted',
		make: mirror => {
			const [first, second] = packsIn(mirror);
			cut(join(mirror, first), 150);
			rmSync(join(mirror, second));
			return [
				['pack', first],
				['pack', second],
			];
		},
	},
	{
		name: 'a pack and its index that were deleted',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			rmSync(join(mirror, pack));
			rmSync(join(mirror, indexOf(pack)));
			return [['missing-objects', main(mirror)]];
		},
	},
	{
		name: 'a pack and its index that are both damaged',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			flip(join(mirror, pack), -40);
			flip(join(mirror, indexOf(pack)), 1000);
			return [['pack', pack]];
		},
	},
	{
		name: 'bytes of indexes: at the head, of an id, at the end',
		make: mirror => {
			const indexes = packsIn(mirror).map(indexOf);
			for (const [index, offset] of [5, 1040, -1].entries()) {
				flip(join(mirror, indexes[index] ?? ''), offset);
			}

			return indexes.map(index => ['pack-index', index]);
		},
	},
	{
		name: 'the index of a pack that was deleted, and one that names another pack',
		make: mirror => {
			const [first, second, third] = packsIn(mirror).map(indexOf) as [string, string, string];
			rmSync(join(mirror, first));
			const other = readFileSync(join(mirror, third));
			chmodSync(join(mirror, second), 0o644);
			writeFileSync(join(mirror, second), other);
			return [
				['pack-index', first],
				['pack-index', second],
			];
		},
	},
	{
		name: 'a byte in an index of all packs, and one in a commit-graph',
		make: mirror => {
			runGitIn(mirror, ['multi-pack-index', 'write']);
			runGitIn(mirror, ['commit-graph', 'write', '--reachable']);
			const files = ['objects/pack/multi-pack-index', 'objects/info/commit-graph'];
			flip(join(mirror, files[0] ?? ''), 300);
			flip(join(mirror, files[1] ?? ''), 1200);
			return files.map(file => ['derived-file', file]);
		},
	},
	{
		name: 'bytes of objects of their own',
		make: mirror => {
			unpackAll(mirror);
			const files = [main(mirror), place.lost, place.tag].map(looseFile);
			for (const [index, offset] of [30, 1, -1].entries()) {
				flip(join(mirror, files[index] ?? ''), offset);
			}

			return files.map(file => ['loose-object', file]);
		},
	},
	{
		name: 'objects of tips that were deleted: of a branch, and of one that no ref of upstream has any more',
		make: mirror => {
			unpackAll(mirror);
			rmSync(join(mirror, looseFile(main(mirror))));
			rmSync(join(mirror, looseFile(place.lost)));
			return [
				['missing-objects', main(mirror)],
				['missing-objects', place.lost],
			];
		},
	},
	{
		name: 'a file and a folder of the past that were deleted',
		make: mirror => {
			unpackAll(mirror);
			const past = ['side.txt', '/'].map(path =>
				runGitIn(mirror, ['rev-parse', `${place.lost}~1${path === '/' ? '^{tree}' : `:${path}`}`]),
			);
			for (const id of past) {
				rmSync(join(mirror, looseFile(id)));
			}

			return [['missing-objects', past[1] ?? '']];
		},
	},
	{
		name: 'a tip that only a snapshot lists, deleted with its pin',
		make: mirror => {
			unpackAll(mirror);
			runGitIn(mirror, ['update-ref', '-d', `refs/brigade/kept/${place.lost}`]);
			rmSync(join(mirror, looseFile(place.lost)));
			return [['missing-objects', place.lost]];
		},
	},
	{
		name: 'a tip that only a snapshot lists, without its pin',
		make: mirror => {
			runGitIn(mirror, ['update-ref', '-d', `refs/brigade/kept/${place.lost}`]);
			return [['refs', place.lost]];
		},
	},
	{
		name: 'packed-refs that git cannot read',
		make: mirror => {
			const path = join(mirror, 'packed-refs');
			writeFileSync(path, `nonsense\n${readFileSync(path, 'latin1')}`);
			return [['refs', 'the file packed-refs is damaged in line']];
		},
	},
	{
		name: 'packed-refs that were cut',
		make: mirror => {
			cut(join(mirror, 'packed-refs'), 120);
			return [['refs', 'the file packed-refs is damaged in line']];
		},
	},
	{
		name: 'packed-refs that were deleted',
		make: mirror => {
			rmSync(join(mirror, 'packed-refs'));
			return [['refs', 'no snapshot is left']];
		},
	},
	{
		name: 'a ref to something else, and what a tag is said to lead to',
		make: mirror => {
			const path = join(mirror, 'packed-refs');
			const commit = main(mirror);
			const wrong = 'f'.repeat(40);
			const text = readFileSync(path, 'latin1').replace(commit, wrong);
			writeFileSync(path, text.replace(/^\^.{40}/m, `^${commit}`));
			return [
				['missing-objects', wrong],
				['refs', 'packed-refs'],
			];
		},
	},
	{
		name: 'bytes of an LFS object and of a download',
		make: mirror => {
			flip(join(mirror, lfsFile), 3);
			flip(join(mirror, downloadFile), 0);
			return [
				['lfs', lfsFile],
				['download', downloadFile],
			];
		},
	},
	{
		name: 'an LFS object that was cut, and a download that was emptied',
		make: mirror => {
			cut(join(mirror, lfsFile), 3);
			cut(join(mirror, downloadFile), 0);
			return [
				['lfs', lfsFile],
				['download', downloadFile],
			];
		},
	},
	{
		name: 'an LFS object and a download that were deleted',
		make: mirror => {
			rmSync(join(mirror, lfsFile));
			rmSync(join(mirror, downloadFile));
			return [
				['lfs', lfsFile],
				['download', downloadFile],
			];
		},
	},
];

/** Refs are packed again when they are repaired. */
const isUnneeded = (path: string): boolean => path.startsWith('refs/');

describe('damage that upstream can make good', {concurrency: 2}, () => {
	for (const {name, make} of damages) {
		test(name, async () => {
			const mirror = place.copy();
			const named = make(mirror);
			const before = filesIn(mirror);
			const verified = await place.verify(mirror);
			assert.equal(verified.state, 'repaired', textsOf(verified));
			for (const [kind, word] of named) {
				const isTold = verified.findings.some(
					each => each.kind === kind && `${each.path} ${each.text}`.includes(word),
				);
				assert.ok(isTold, `${kind} ${word} in ${textsOf(verified)}`);
			}

			assert.deepEqual(whatSnapshotsHold(mirror), held);
			assert.equal(runGitIn(mirror, ['fsck', '--full', '--no-dangling']), '');
			const now = filesIn(mirror);
			const gone = before.filter(path => !now.some(file => file === path || file.endsWith(`Z/${path}`)));
			assert.deepEqual(
				gone.filter(path => !isUnneeded(path)),
				[],
				'all is where it was, or moved aside',
			);
		});
	}
});
