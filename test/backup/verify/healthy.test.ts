import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe} from 'node:test';
import {openMirrorReader} from '../../../source/backup/mirror.ts';
import {tryRestore} from '../../../source/backup/verify/sample-restore.ts';
import {readGitIn, refsIn, runGitIn} from '../upstream-repository.ts';
import {filesIn, listing, packOf} from './damaged-mirror.ts';
import {openForks, textsOf} from './fork-test.ts';
import {type Fork, sha256} from './verified-workspace.ts';

const {forkTest, workspace} = openForks();

describe('what is whole', () => {
	forkTest('old objects that git would not make today', async (place, mirror) => {
		const git = (input: string, ...command: string[]): string => runGitIn(place.web.folder, command, input);
		const literally = ['-w', '--stdin', '--literally'];
		const tree = git('', 'mktree');
		const noEmail = git(
			`tree ${tree}\nauthor nobody\ncommitter nobody <n@example.com> 1 +0000\n\nbroken\n`,
			...['hash-object', '-t', 'commit', ...literally],
		);
		// One that git cannot even be told to pass over.
		const nul = git(
			`tree ${tree}\nauthor n\0 <n@example.com> 1 +0000\ncommitter n <n@example.com> 1 +0000\n\nbroken\n`,
			...['hash-object', '-t', 'commit', ...literally],
		);
		place.web.git('update-ref', 'refs/heads/old', noEmail);
		place.web.git('update-ref', 'refs/heads/older', nul);
		const {of} = await place.run();
		assert.equal(of('web').status, 'backed-up', of('web').problems.join());
		assert.throws(() => runGitIn(mirror, ['fsck', '--full']));
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'whole', textsOf(verified));
		assert.deepEqual(verified.findings, []);
	});

	forkTest('an empty repository', async (place, mirror) => {
		for (const name of place.web.refs().keys()) {
			place.web.git('update-ref', '-d', name);
		}

		assert.equal((await place.run()).of('web').status, 'backed-up');
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'whole', textsOf(verified));
		assert.equal(verified.snapshots, 4);
	});

	forkTest('a repository that is gone upstream', async (place, mirror) => {
		renameSync(place.web.folder, `${place.web.folder}.gone`);
		assert.equal((await place.verify(mirror)).state, 'whole');
	});

	forkTest('refs whose names are no text', async (place, mirror) => {
		const commit = refsIn(mirror).get('refs/mirror/heads/main') ?? '';
		const names = ['refs/heads/\xfcn"$;x', 'refs/heads/caf\xe9\xff'].map(
			name => `create ${name} ${commit}\n`,
		);
		readGitIn(place.web.folder, ['update-ref', '--stdin'], Buffer.from(names.join(''), 'latin1'));
		await place.run();
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'whole', textsOf(verified));
	});

	forkTest('a mirror of which no snapshot was made yet', async (place, mirror) => {
		const other = join(dirname(mirror), 'new-00000009.git');
		runGitIn(mirror, ['init', '--quiet', '--bare', other]);
		writeFileSync(join(other, 'config'), readFileSync(join(mirror, 'config')));
		// What `git init` makes and a mirror has not.
		renameSync(join(other, 'hooks'), join(place.web.folder, 'hooks-of-init'));
		writeFileSync(join(other, 'HEAD'), 'ref: refs/heads/main\n');
		const verified = await place.verify(other);
		assert.equal(verified.state, 'whole', textsOf(verified));
		assert.deepEqual([verified.snapshots, verified.verifiedAt], [0, null]);
	});

	forkTest('a mirror that git has packed anew, with everything that it derives', async (place, mirror) => {
		runGitIn(mirror, ['-c', 'extensions.preciousObjects=false', 'multi-pack-index', 'write']);
		runGitIn(mirror, ['commit-graph', 'write', '--reachable']);
		runGitIn(mirror, ['update-server-info']);
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'whole', textsOf(verified));
	});
});

describe('what is only noted', () => {
	forkTest(
		'files that nobody here wrote, among LFS objects and downloads: they stay',
		async (place, mirror) => {
			const planted = [
				'lfs/notes.txt',
				'lfs/objects/ab/cd/short',
				'downloads/readme',
				'objects/pack/readme.txt',
			];
			for (const name of planted) {
				mkdirSync(dirname(join(mirror, name)), {recursive: true});
				writeFileSync(join(mirror, name), 'mine');
			}

			const unneeded = sha256(Buffer.from('of a snapshot that was dropped'));
			const path = join('downloads', unneeded.slice(0, 2), unneeded.slice(2, 4), unneeded);
			mkdirSync(dirname(join(mirror, path)), {recursive: true});
			writeFileSync(join(mirror, path), 'of a snapshot that was dropped');
			const verified = await place.verify(mirror);
			assert.equal(verified.state, 'whole', textsOf(verified));
			assert.deepEqual(
				verified.findings.map(({kind, state, path: told}) => [kind, state, told]).sort(),
				planted.map(name => ['foreign-file', 'noted', name]).sort(),
			);
			assert.ok(planted.every(name => existsSync(join(mirror, name))));
		},
	);

	forkTest('an LFS object that was missing upstream when the snapshot was made', async (place, mirror) => {
		const oid = sha256(Buffer.from('never pushed'));
		place.web.commit('main', {
			'missing.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12\n`,
		});
		assert.equal((await place.run()).of('web').status, 'partial');
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'whole', textsOf(verified));
		assert.match(
			textsOf(verified),
			/^noted missing-upstream: 1 LFS object is not here; the snapshots themselves say/,
		);
	});

	forkTest('refs that a run has fetched which made no snapshot', async (place, mirror) => {
		const main = refsIn(mirror).get('refs/mirror/heads/main') ?? '';
		runGitIn(mirror, ['update-ref', 'refs/mirror/heads/new', main]);
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'whole', textsOf(verified));
		assert.match(textsOf(verified), /^noted refs: refs\/heads\/new in the mirror are not as the snapshot 2/);
	});
});

forkTest(
	'a file that no snapshot needs and that is not what its name says is moved away',
	async (place, mirror) => {
		const hash = sha256(Buffer.from('of a draft, perhaps'));
		const path = join('downloads', hash.slice(0, 2), hash.slice(2, 4), hash);
		mkdirSync(dirname(join(mirror, path)), {recursive: true});
		writeFileSync(join(mirror, path), 'of a draft, perhapS');
		const verified = await place.verify(mirror);
		assert.equal(verified.state, 'repaired', textsOf(verified));
		assert.match(textsOf(verified), new RegExp(`^repaired download: the download ${hash} is damaged: `));
		assert.equal(existsSync(join(mirror, path)), false);
		assert.ok(filesIn(mirror, 'damaged').some(name => name.endsWith(path)));
	},
);

forkTest('a snapshot under a strange name comes back under its own', async (place, mirror) => {
	const [first] = [...refsIn(mirror, 'refs/brigade/snapshots')];
	const [name = '', id = ''] = first ?? [];
	runGitIn(mirror, ['update-ref', name.replace('brigade', 'Trigade'), id]);
	runGitIn(mirror, ['update-ref', '-d', name]);
	runGitIn(mirror, ['update-ref', 'refs/heads/mine', workspace().lost]);
	const verified = await place.verify(mirror);
	assert.equal(verified.state, 'repaired', textsOf(verified));
	assert.match(
		textsOf(verified),
		/^repaired refs: the ref refs\/Trigade\/snapshots\/\S+ does not bear the name/m,
	);
	assert.match(textsOf(verified), /^noted refs: refs\/heads\/mine is a ref that nobody here made$/m);
	const after = refsIn(mirror);
	assert.equal(after.get(name), id);
	assert.equal(after.has(name.replace('brigade', 'Trigade')), false);
	assert.equal(after.get('refs/heads/mine'), workspace().lost);
});

describe('what is planted', () => {
	const plantTest = (
		name: string,
		plant: (mirror: string, place: Fork) => string,
		sentence: RegExp,
	): void => {
		forkTest(`${name}: one sentence, and it stays`, async (place, mirror) => {
			const path = plant(mirror, place);
			const before = listing(mirror);
			const verified = await place.verify(mirror);
			assert.equal(verified.state, 'damaged');
			assert.match(textsOf(verified), sentence);
			assert.equal(verified.findings.filter(({state}) => state === 'damaged').length, 1, textsOf(verified));
			assert.ok(existsSync(join(mirror, path)));
			assert.deepEqual(filesIn(mirror), [...before.keys()]);
			assert.equal(
				JSON.parse(readFileSync(join(mirror, 'bucket-brigade.json'), 'utf8')).verifiedAt,
				undefined,
			);
		});
	};

	plantTest(
		'a hook',
		mirror => {
			mkdirSync(join(mirror, 'hooks'));
			writeFileSync(join(mirror, 'hooks', 'reference-transaction'), '#!/bin/sh\n', {mode: 0o755});
			return 'hooks/reference-transaction';
		},
		/^damaged planted: hooks\/reference-transaction does not belong into a mirror/,
	);
	plantTest(
		'grafts',
		mirror => {
			mkdirSync(join(mirror, 'info'), {recursive: true});
			writeFileSync(join(mirror, 'info', 'grafts'), '');
			return 'info/grafts';
		},
		/^damaged planted: .*info\/grafts does not belong into a mirror/,
	);
	plantTest(
		'a ref that replaces an object',
		mirror => {
			const main = refsIn(mirror).get('refs/mirror/heads/main') ?? '';
			runGitIn(mirror, ['update-ref', `refs/replace/${main}`, workspace().lost]);
			return `refs/replace/${main}`;
		},
		/^damaged planted: .*refs\/replace does not belong into a mirror/m,
	);
	plantTest(
		'a pack that is a link',
		(mirror, place) => {
			const pack = packOf(mirror, workspace().lost);
			const target = join(place.web.folder, 'elsewhere.pack');
			renameSync(join(mirror, pack), target);
			symlinkSync(target, join(mirror, pack));
			return pack;
		},
		/^damaged planted: .*objects\/pack\/.*\.pack does not belong into a mirror/,
	);
	plantTest(
		'a folder of LFS objects that is a link',
		(mirror, place) => {
			renameSync(join(mirror, 'lfs'), join(place.web.folder, 'lfs'));
			symlinkSync(join(place.web.folder, 'lfs'), join(mirror, 'lfs'));
			return 'lfs';
		},
		/^damaged planted: .*lfs does not belong into a mirror/,
	);
});

describe('a trial', () => {
	const trial = async (
		mirror: string,
		work: string,
		change: (refs: Map<string, string>) => void = () => undefined,
	): Promise<string | undefined> => {
		const reader = await openMirrorReader(mirror, new AbortController().signal);
		const refs = new Map(
			[...refsIn(mirror, 'refs/mirror')].map(([name, id]) => [name.replace('mirror/', ''), id]),
		);
		change(refs);
		return tryRestore(reader, {refs, isWhole: false}, work);
	};

	forkTest(
		'of a part restores the newest commit of each ref, and nothing of its past',
		async (place, mirror) => {
			const work = join(place.web.folder, 'trial');
			assert.equal(await trial(mirror, work), undefined);
			assert.deepEqual(refsIn(work), place.web.refs());
			assert.equal(runGitIn(work, ['rev-list', '--count', 'refs/heads/main']), '1');
			assert.equal(runGitIn(work, ['cat-file', 'blob', 'refs/heads/main:readme.md']), 'web, once more');
		},
	);

	forkTest('also restores what no ref of the mirror points to', async (place, mirror) => {
		const tree = runGitIn(mirror, ['rev-parse', 'refs/mirror/heads/main~1^{tree}']);
		const addTree = (refs: Map<string, string>): void => {
			refs.set('refs/tags/tree', tree);
		};
		assert.equal(await trial(mirror, join(place.web.folder, 'trial'), addTree), undefined);
	});

	forkTest('of what is not there fails', async (place, mirror) => {
		const addNothing = (refs: Map<string, string>): void => {
			refs.set('refs/heads/lost', 'f'.repeat(40));
		};
		assert.match(
			(await trial(mirror, join(place.web.folder, 'trial'), addNothing)) ?? '',
			/^git says .*f{40}/,
		);
	});
});
