import assert from 'node:assert/strict';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe} from 'node:test';
import {refsIn, runGitIn} from '../upstream-repository.ts';
import {cut, filesIn, flip, looseFile, packOf, unpackAll} from './damaged-mirror.ts';
import {openForks, textsOf} from './fork-test.ts';
import {type Fork, has, sha256} from './verified-workspace.ts';

/* What upstream has no more: it is lost, it is said, and everything else goes on. */

const {forkTest, workspace} = openForks();

/** Ids of the snapshots, oldest first. */
const snapshotsIn = (mirror: string): string[] =>
	[...refsIn(mirror, 'refs/brigade/snapshots').keys()].map(name => name.replace(/.*\//, ''));

/** A snapshot, 0 the oldest, as git names it. */
const snapshotIn = (mirror: string, index: number): string =>
	`refs/brigade/snapshots/${snapshotsIn(mirror).at(index)}`;

const idOf = (mirror: string, revision: string): string => runGitIn(mirror, ['rev-parse', revision]);

/** A run after a commit with a new LFS object, which it has to save. */
async function newLfsObject(place: Fork) {
	const bytes = Buffer.from(`object ${place.lfs.size}`);
	const oid = sha256(bytes);
	place.lfs.set(oid, bytes);
	place.web.commit('main', {
		'new.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`,
	});
	const result = await run(place);
	assert.ok(
		filesIn(place.mirror, 'lfs/objects').some(name => basename(name) === oid),
		result.problems.join(),
	);
	return result;
}

async function run(place: Fork) {
	return (await place.run()).of('web');
}

forkTest(
	'a tip that upstream threw away: the snapshots that need it are named, the others are as before',
	async (place, mirror) => {
		place.prune();
		unpackAll(mirror);
		rmSync(join(mirror, looseFile(workspace().lost)));
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'damaged');
		const [finding] = verified.findings.filter(({state}) => state === 'damaged');
		assert.match(
			finding?.text ?? '',
			new RegExp(`^refs/heads/side cannot be restored .*: the object ${workspace().lost} is missing`),
		);
		assert.deepEqual(finding?.snapshots, [snapshotsIn(mirror)[1]]);
		assert.equal(refsIn(mirror).has(`refs/brigade/kept/${workspace().lost}`), false);

		assert.equal((await run(place)).status, 'unchanged', 'backups go on');
		place.web.commit('main', {'readme.md': 'later'});
		assert.equal((await run(place)).status, 'backed-up');
		assert.equal(snapshotsIn(mirror).length, 4);
		assert.equal((await place.verify(mirror)).state, 'damaged', 'the loss is said each time');
	},
);

forkTest(
	'history behind a tip that upstream threw away: what is there of it stays',
	async (place, mirror) => {
		place.prune();
		unpackAll(mirror);
		const file = idOf(mirror, `${workspace().lost}:side.txt`);
		rmSync(join(mirror, looseFile(file)));
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'damaged');
		assert.match(
			textsOf(verified),
			new RegExp(`refs/heads/side \\(${workspace().lost}\\) cannot be restored whole`),
		);
		assert.ok(has(mirror, workspace().lost));
		assert.equal(refsIn(mirror).get(`refs/brigade/kept/${workspace().lost}`), workspace().lost);
		assert.equal((await newLfsObject(place)).status, 'backed-up');
	},
);

forkTest(
	'a commit behind a tip that upstream threw away: new history is searched for LFS objects all the same',
	async (place, mirror) => {
		place.prune();
		unpackAll(mirror);
		rmSync(join(mirror, looseFile(idOf(mirror, `${workspace().lost}^`))));
		const {status, problems} = await newLfsObject(place);
		assert.equal(status, 'partial');
		assert.match(problems.join('\n'), /^the backup on disk is damaged: refs\/heads\/side/);
		assert.equal((await newLfsObject(place)).status, 'backed-up', 'what is known stops no later run');
	},
);

forkTest(
	'a pack of which upstream has nothing any more: everything that can be read of it is saved',
	async (place, mirror) => {
		place.prune();
		const pack = packOf(mirror, workspace().lost);
		// The last object of it that is a file.
		const listed = runGitIn(
			mirror,
			['verify-pack', '-v', pack].map(part => (part === pack ? join(mirror, part) : part)),
		);
		const objects = [...listed.matchAll(/^([0-9a-f]{40}) (\w+) +\d+ \d+ (\d+)/gm)];
		const blob = objects.find(([, , type]) => type === 'blob');
		flip(join(mirror, pack), Number(blob?.[3]) + 10);
		const before = objects.map(([, id]) => id ?? '').filter(id => id !== blob?.[1]);
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'damaged', textsOf(verified));
		assert.match(
			textsOf(verified),
			new RegExp(`repaired pack: ${pack} is damaged; 1 of its ${objects.length} objects`),
		);
		assert.ok(before.every(id => has(mirror, id)));
		assert.equal(has(mirror, blob?.[1] ?? ''), false);
		const [aside] = readdirSync(join(mirror, 'damaged'));
		assert.ok(filesIn(mirror, `damaged/${aside}`).some(name => name.endsWith(pack)));
	},
);

forkTest('a pack that was cut: everything before the cut is saved', async (place, mirror) => {
	place.prune();
	const pack = packOf(mirror, workspace().lost);
	const listed = runGitIn(mirror, ['verify-pack', '-v', join(mirror, pack)]);
	const offsets = [...listed.matchAll(/^([0-9a-f]{40}) \w+ +\d+ \d+ (\d+)/gm)]
		.map(([, id, offset]) => ({id: id ?? '', offset: Number(offset)}))
		.sort((left, right) => left.offset - right.offset);
	const last = offsets.at(-1);
	assert.ok(last && offsets.length > 2);
	cut(join(mirror, pack), last.offset + 15);
	await place.verify(mirror);
	for (const {id} of offsets) {
		assert.equal(has(mirror, id), id !== last.id);
	}
});

forkTest('a byte that says nothing of an object’s contents costs nothing', async (place, mirror) => {
	place.prune();
	const pack = packOf(mirror, workspace().lost);
	const listed = runGitIn(mirror, ['verify-pack', '-v', join(mirror, pack)]);
	const [, offset] = /^[0-9a-f]{40} blob +\d+ \d+ (\d+)\n/m.exec(listed) ?? [];
	const bytes = readFileSync(join(mirror, pack));
	// Of the stream that holds the object, the second byte says how hard it was compressed.
	const stream = bytes.indexOf(Buffer.from('789c', 'hex'), Number(offset));
	assert.ok(stream > Number(offset) && stream < Number(offset) + 6);
	flip(join(mirror, pack), stream + 1, 0x9c ^ 0xda);
	const verified = await place.verify(mirror);
	assert.equal(verified.state, 'repaired', textsOf(verified));
	assert.match(textsOf(verified), /is damaged; its \d+ objects can all be read/);
});

forkTest('a snapshot whose files cannot be understood', async (place, mirror) => {
	const git = (input: string, ...command: string[]): string => runGitIn(mirror, command, input);
	const entry = (name: string, contents: string): string =>
		`100644 blob ${git(contents, 'hash-object', '-w', '--stdin')}\t${name}\n`;
	const files = {
		refs: 'nonsense',
		'snapshot.json': '{',
		'lfs.json': '[{"oid": "short"}]',
		'downloads.json': '{}',
	};
	const tree = git(
		Object.entries(files)
			.map(([name, contents]) => entry(name, contents))
			.join(''),
		'mktree',
	);
	const odd = git('', 'commit-tree', tree, '-m', 'odd');
	git('', 'update-ref', 'refs/brigade/snapshots/20250101T000000.000Z', odd);
	const bare = git('', 'commit-tree', git('', 'mktree'), '-m', 'bare');
	git('', 'update-ref', 'refs/brigade/snapshots/20250101T000000.001Z', bare);
	git('', 'update-ref', 'refs/brigade/snapshots/20250101T000000.002Z', snapshotIn(mirror, -1));
	const verified = await place.verify(mirror, {repair: false});
	assert.equal(verified.state, 'damaged');
	const told = textsOf(verified);
	for (const sentence of [
		'the file refs is no list of refs in the snapshot 20250101T000000.000Z',
		'the file snapshot.json cannot be understood in the snapshot 20250101T000000.000Z',
		'the file lfs.json cannot be understood in the snapshot 20250101T000000.000Z',
		'the file downloads.json cannot be understood in the snapshot 20250101T000000.000Z',
		'the file refs is missing in the snapshot 20250101T000000.001Z',
		'the file snapshot.json is missing in the snapshot 20250101T000000.001Z',
	]) {
		assert.ok(told.includes(`damaged snapshot: ${sentence}`), `${sentence} in ${told}`);
	}

	assert.match(told, /the file snapshot\.json tells another time .* in the snapshot 20250101T000000\.002Z/);
});

describe('a file of a snapshot', () => {
	const lose = (mirror: string, path: string, index = -1): string => {
		unpackAll(mirror);
		const id = idOf(mirror, `${snapshotIn(mirror, index)}${path}`);
		rmSync(join(mirror, looseFile(id)));
		return id;
	};

	forkTest(
		'that no run would write again is named, with the snapshots that lack it',
		async (place, mirror) => {
			lose(mirror, ':pull-requests/1/pull-request.json', 0);
			const all = snapshotsIn(mirror);
			const verified = await place.verify(mirror, {repair: false});
			assert.equal(verified.state, 'damaged');
			const [finding] = verified.findings;
			assert.match(
				finding?.text ?? '',
				/^pull-requests\/1\/pull-request\.json is missing in the snapshots 2/,
			);
			assert.deepEqual(finding?.snapshots, all);
		},
	);

	for (const {paths, isSame = true} of [
		{
			paths: [
				':pull-requests/1/pull-request.json',
				':settings/hooks.json',
				':downloads.json',
				':repository.json',
			],
		},
		{paths: [':pull-requests/2', ':settings']},
		{paths: [':pull-requests']},
		{paths: [':refs']},
		{paths: [':lfs.json']},
		// A record is of one time only.
		{paths: [':snapshot.json'], isSame: false},
		{paths: [':snapshot.json', ':settings/hooks.json'], isSame: false},
	]) {
		forkTest(`${paths.join(', ')}: read again by the next run`, async (place, mirror) => {
			const ids = paths.map(path => idOf(mirror, `${snapshotIn(mirror, -1)}${path}`));
			unpackAll(mirror);
			for (const id of ids) {
				rmSync(join(mirror, looseFile(id)));
			}

			const hurt = snapshotsIn(mirror).at(-1) ?? '';
			const first = await place.verify(mirror);
			assert.equal(first.state, 'damaged');
			for (const path of paths) {
				const finding = first.findings.find(({text}) => text.startsWith(`${path.slice(1)} is missing in`));
				assert.ok(finding?.snapshots?.includes(hurt), `${path}: ${textsOf(first)}`);
			}

			const after = await run(place);
			assert.equal(after.status, 'backed-up', after.problems.join());
			const second = await place.verify(mirror);
			if (isSame) {
				// What is read again has the same bytes: the snapshot that lacked it is whole.
				assert.equal(second.state, 'whole', textsOf(second));
				assert.ok(ids.every(id => has(mirror, id)));
			} else {
				assert.equal(second.state, 'damaged', textsOf(second));
			}

			const list = runGitIn(mirror, ['ls-tree', '-r', '--name-only', snapshotIn(mirror, -1)]).split('\n');
			for (const file of ['pull-requests/1/pull-request.json', 'settings/hooks.json', 'lfs.json', 'refs']) {
				assert.ok(list.includes(file), file);
			}

			const record = runGitIn(mirror, ['cat-file', 'blob', `${snapshotIn(mirror, -1)}:snapshot.json`]);
			assert.deepEqual(JSON.parse(record).incomplete, []);
		});
	}

	for (const [what, revision] of [
		['its tree', '^{tree}'],
		['its commit', ''],
	] as const) {
		forkTest(
			`${what}: the snapshot is given up, and each later verification says it`,
			async (place, mirror) => {
				const hurt = snapshotsIn(mirror).at(-1) ?? '';
				lose(mirror, revision);
				const verified = await place.verify(mirror);
				assert.equal(verified.state, 'damaged', textsOf(verified));
				assert.match(textsOf(verified), new RegExp(`damaged lost: nothing is left of the snapshot ${hurt}`));
				assert.equal(snapshotsIn(mirror).length, 2);
				assert.equal((await run(place)).status, 'backed-up');
				assert.equal(snapshotsIn(mirror).length, 3);
				const later = await place.verify(mirror);
				assert.equal(later.state, 'damaged');
				const [aside] = readdirSync(join(mirror, 'damaged'));
				rmSync(join(mirror, 'damaged', aside ?? ''), {recursive: true});
				assert.equal((await place.verify(mirror)).state, 'whole', 'until somebody has seen it');
			},
		);
	}
});

forkTest('an LFS object and a download that upstream has no more', async (place, mirror) => {
	const [oid = ''] = [...place.lfs.keys()];
	place.lfs.delete(oid);
	const hash = sha256(place.downloads.get('one.zip') ?? Buffer.alloc(0));
	place.downloads.set('one.zip', Buffer.from('something else'));
	const files = filesIn(mirror).filter(name => [oid, hash].includes(basename(name)));
	assert.equal(files.length, 2);
	for (const file of files) {
		flip(join(mirror, file), 0);
	}

	const verified = await place.verify(mirror);
	assert.equal(verified.state, 'damaged');
	assert.match(textsOf(verified), new RegExp(`damaged lfs: the LFS object ${oid} is gone; the snapshots`));
	assert.match(textsOf(verified), new RegExp(`damaged download: the download one.zip \\(${hash}\\) is gone`));
	assert.deepEqual(
		filesIn(mirror, 'damaged')
			.map(name => basename(name))
			.sort(),
		[hash, oid].sort(),
		'what is damaged is kept',
	);
	assert.equal((await place.verify(mirror)).state, 'damaged');
});

forkTest('the draft of the next snapshot: it is taken away', async (place, mirror) => {
	const blob = runGitIn(mirror, ['hash-object', '-w', '--stdin'], 'drafted');
	const tree = runGitIn(mirror, ['mktree'], `100644 blob ${blob}\tfile\n`);
	const commit = runGitIn(mirror, ['commit-tree', tree, '-m', 'Draft']);
	runGitIn(mirror, ['update-ref', 'refs/brigade/draft', commit]);
	assert.equal((await place.verify(mirror)).state, 'whole');
	rmSync(join(mirror, looseFile(blob)));
	const verified = await place.verify(mirror);
	assert.equal(verified.state, 'repaired', textsOf(verified));
	assert.match(textsOf(verified), /^repaired draft: /);
	assert.equal(refsIn(mirror).has('refs/brigade/draft'), false);
});

forkTest('upstream cannot be asked: what can be done without it is done, and said', async (place, mirror) => {
	const pack = packOf(mirror, refsIn(mirror).get('refs/mirror/heads/main') ?? '');
	flip(join(mirror, pack), 100);
	await place.server.close();
	const verified = await place.verify(mirror);
	assert.equal(verified.state, 'damaged');
	assert.match(verified.repairs.join('\n'), /nothing could be fetched again: /);
	assert.ok(refsIn(mirror).has('refs/mirror/heads/main'));
	assert.ok(
		readFileSync(join(mirror, 'damaged', readdirSync(join(mirror, 'damaged'))[0] ?? '', pack)).length > 0,
	);
});
