import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {FindingKind} from '../../../source/backup/verify/finding.ts';
import type {Verification} from '../../../source/backup/verify/verify-listed.ts';
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

const textsOf = ({findings}: Verification): string =>
	findings.map(({state, kind, text}) => `${state} ${kind}: ${text}`).join('\n');

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
	/** @returns the path or word that the finding must name. */
	readonly make: (mirror: string) => string;
	readonly kind: FindingKind;
};

const main = (mirror: string): string => refsIn(mirror).get('refs/mirror/heads/main') ?? '';

const damages: readonly Damage[] = [
	{
		name: 'a byte in the middle of a pack',
		kind: 'pack',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			flip(join(mirror, pack), 100);
			return pack;
		},
	},
	{
		name: 'a byte in the head of a pack',
		kind: 'pack',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			flip(join(mirror, pack), 5);
			return pack;
		},
	},
	{
		name: 'the last byte of a pack',
		kind: 'pack',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			flip(join(mirror, pack), -1);
			return pack;
		},
	},
	{
		name: 'a pack that was cut',
		kind: 'pack',
		make: mirror => {
			const pack = packOf(mirror, place.lost);
			cut(join(mirror, pack), 150);
			return pack;
		},
	},
	{
		name: 'a pack that was deleted',
		kind: 'pack',
		make: mirror => {
			const pack = packOf(mirror, place.lost);
			rmSync(join(mirror, pack));
			return pack;
		},
	},
	{
		name: 'a pack and its index that were deleted',
		kind: 'missing-objects',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			rmSync(join(mirror, pack));
			rmSync(join(mirror, pack.replace(/pack$/, 'idx')));
			return main(mirror);
		},
	},
	{
		name: 'a pack and its index that are both damaged',
		kind: 'pack',
		make: mirror => {
			const pack = packOf(mirror, main(mirror));
			flip(join(mirror, pack), -40);
			flip(join(mirror, pack.replace(/pack$/, 'idx')), 1000);
			return pack;
		},
	},
	...[5, 1040, -30, -1].map(
		(offset): Damage => ({
			name: `byte ${offset} of the index of a pack`,
			kind: 'pack-index',
			make: mirror => {
				const index = packOf(mirror, main(mirror)).replace(/pack$/, 'idx');
				flip(join(mirror, index), offset);
				return index;
			},
		}),
	),
	{
		name: 'the index of a pack that was deleted',
		kind: 'pack-index',
		make: mirror => {
			const index = packOf(mirror, main(mirror)).replace(/pack$/, 'idx');
			rmSync(join(mirror, index));
			return index;
		},
	},
	{
		name: 'a byte in an index of all packs',
		kind: 'derived-file',
		make: mirror => {
			runGitIn(mirror, ['multi-pack-index', 'write']);
			flip(join(mirror, 'objects/pack/multi-pack-index'), 300);
			return 'objects/pack/multi-pack-index';
		},
	},
	{
		name: 'a byte in a commit-graph',
		kind: 'derived-file',
		make: mirror => {
			runGitIn(mirror, ['commit-graph', 'write', '--reachable']);
			flip(join(mirror, 'objects/info/commit-graph'), 1200);
			return 'objects/info/commit-graph';
		},
	},
	{
		name: 'a byte in an object of its own',
		kind: 'loose-object',
		make: mirror => {
			unpackAll(mirror);
			const file = looseFile(main(mirror));
			flip(join(mirror, file), 30);
			return file;
		},
	},
	{
		name: 'the object of a tip that was deleted',
		kind: 'missing-objects',
		make: mirror => {
			unpackAll(mirror);
			rmSync(join(mirror, looseFile(main(mirror))));
			return main(mirror);
		},
	},
	{
		name: 'the object of a tip that no ref of upstream has any more, deleted',
		kind: 'missing-objects',
		make: mirror => {
			unpackAll(mirror);
			rmSync(join(mirror, looseFile(place.lost)));
			return place.lost;
		},
	},
	{
		name: 'a tip that only a snapshot lists, deleted with its pin',
		kind: 'missing-objects',
		make: mirror => {
			unpackAll(mirror);
			runGitIn(mirror, ['update-ref', '-d', `refs/brigade/kept/${place.lost}`]);
			rmSync(join(mirror, looseFile(place.lost)));
			return place.lost;
		},
	},
	{
		name: 'a tip that only a snapshot lists, without its pin',
		kind: 'refs',
		make: mirror => {
			runGitIn(mirror, ['update-ref', '-d', `refs/brigade/kept/${place.lost}`]);
			return place.lost;
		},
	},
	{
		name: 'packed-refs that git cannot read',
		kind: 'refs',
		make: mirror => {
			const path = join(mirror, 'packed-refs');
			writeFileSync(path, readFileSync(path, 'latin1').replace('refs/mirror', 'ref\0/mirror'));
			return 'packed-refs';
		},
	},
	{
		name: 'packed-refs that were cut',
		kind: 'refs',
		make: mirror => {
			cut(join(mirror, 'packed-refs'), 120);
			return 'packed-refs';
		},
	},
	{
		name: 'packed-refs that were deleted',
		kind: 'refs',
		make: mirror => {
			rmSync(join(mirror, 'packed-refs'));
			return 'refs';
		},
	},
	{
		name: 'a ref to something else',
		kind: 'missing-objects',
		make: mirror => {
			const path = join(mirror, 'packed-refs');
			const wrong = 'f'.repeat(40);
			writeFileSync(path, readFileSync(path, 'latin1').replace(main(mirror), wrong));
			return wrong;
		},
	},
	{
		name: 'what a tag is said to lead to',
		kind: 'refs',
		make: mirror => {
			const path = join(mirror, 'packed-refs');
			writeFileSync(path, readFileSync(path, 'latin1').replace(/^\^.{40}/m, `^${main(mirror)}`));
			return 'packed-refs';
		},
	},
	{
		name: 'a byte of an LFS object',
		kind: 'lfs',
		make: mirror => {
			flip(join(mirror, lfsFile), 3);
			return lfsFile;
		},
	},
	{
		name: 'an LFS object that was cut',
		kind: 'lfs',
		make: mirror => {
			cut(join(mirror, lfsFile), 3);
			return lfsFile;
		},
	},
	{
		name: 'an LFS object that was deleted',
		kind: 'lfs',
		make: mirror => {
			rmSync(join(mirror, lfsFile));
			return lfsFile;
		},
	},
	{
		name: 'a byte of a download',
		kind: 'download',
		make: mirror => {
			flip(join(mirror, downloadFile), 0);
			return downloadFile;
		},
	},
	{
		name: 'a download that was cut',
		kind: 'download',
		make: mirror => {
			cut(join(mirror, downloadFile), 0);
			return downloadFile;
		},
	},
];

/** Refs are packed again when they are repaired. */
const isUnneeded = (path: string): boolean => path.startsWith('refs/');

describe('damage that upstream can make good', {concurrency: 2}, () => {
	for (const {name, make, kind} of damages) {
		test(name, async () => {
			const mirror = place.copy();
			const named = make(mirror);
			const before = filesIn(mirror);
			const verified = await place.verify(mirror);
			assert.equal(verified.state, 'repaired', textsOf(verified));
			const telling = verified.findings.find(each => each.kind === kind && each.state === 'repaired');
			assert.ok(`${telling?.path} ${telling?.text}`.includes(named), `${named} in ${textsOf(verified)}`);
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
