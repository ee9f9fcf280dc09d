import assert from 'node:assert/strict';
import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {refsIn, runGitIn} from '../backup/upstream-repository.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

const plan = 'nightly';
/** What every process of these tests printed: searched for secrets at the end. */
const printed: Ended[] = [];

let box: Sandbox;
let home: TestHome;
let destination: string;
/** Slugs: one with a history of three snapshots, and one with LFS objects. */
let slug: string;
let withLfs: string;

const run = async (...commandLine: string[]): Promise<Ended> => {
	const ended = await home.run(commandLine);
	printed.push(ended);
	return ended;
};

async function json<Value>(...commandLine: string[]): Promise<Value> {
	const ended = await run(...commandLine, '--json');
	assert.ok(ended.code === 0 || ended.code === 3, ended.stderr);
	return JSON.parse(ended.stdout) as Value;
}

const target = (name: string): string => join(home.folder, 'restored', name);

/** What upstream shows: everything but what the sandbox hides. */
const upstreamRefs = (name: string): Map<string, string> =>
	new Map(
		[...refsIn(join(box.folder, 'git', 'acme', `${name}.git`))].filter(
			([ref]) => !ref.startsWith('refs/sandbox/'),
		),
	);

before(async () => {
	box = await startSandbox({repositories: 3, pullRequests: 3});
	home = await openTestHome();
	destination = join(home.folder, 'mirrors');
	const connect = connector(home, box);
	const succeed = async (...commandLine: string[]): Promise<void> => {
		const {code, stdout, stderr} = await run(...commandLine);
		assert.equal(code, 0, stderr + stdout.slice(-2000));
	};

	printed.push(await connect.addOrganization());
	await succeed('plan', 'add', plan, '--organization', 'acme', '--destination', destination);
	await succeed('run', plan);
	slug = box.world.repositories[0]?.slug ?? '';
	const lfsCounts = await Promise.all(
		box.world.repositories.map(async one => (await box.repository(one.slug).contents()).lfsObjects.length),
	);
	withLfs = box.world.repositories[lfsCounts.findIndex(count => count > 0)]?.slug ?? '';
	const repository = box.repository(slug);
	await repository.commit({branch: 'main', files: {'new.txt': 'new'}});
	await repository.commit({branch: 'topic', files: {'topic.txt': 'topic'}});
	await succeed('run', plan);
	await repository.forcePush('topic');
	await repository.createTag('v99', {message: 'the \u001b[31mlast'});
	await succeed('run', plan);
});
after(async () => {
	await home.close();
	await box.close();
});

type Listed = {repository: string; snapshot: string; at: string; refs: number; pullRequests: number};

describe('snapshots', () => {
	test('lists every snapshot of every repository', async () => {
		const all = await json<Array<Listed & Record<string, unknown>>>('snapshots', plan);
		const own = all.filter(({repository}) => repository === slug);
		assert.equal(own.length, 3);
		assert.deepEqual(
			own.map(({snapshot}) => snapshot),
			own
				.map(({snapshot}) => snapshot)
				.toSorted()
				.toReversed(),
		);
		for (const {repository, snapshot, at, refs, pullRequests, problems, verifiedAt} of own) {
			assert.equal(repository, slug);
			assert.equal(at.replace(/[-:]/g, ''), snapshot);
			assert.ok(refs > 0);
			assert.equal(pullRequests, 3);
			assert.deepEqual(problems, []);
			assert.equal(verifiedAt, null);
		}

		const {stdout} = await run('snapshots', plan);
		assert.match(stdout, new RegExp(`^${slug} +3 +${own[0]?.snapshot} +\\d+ +3 `, 'm'));
		assert.match(stdout, /^\w+ \(snippet\) +1 /m);
	});

	test('says of each what changed since the one before', async () => {
		const {stdout} = await run('snapshots', plan, slug);
		const lines = stdout.trimEnd().split('\n');
		assert.equal(lines.length, 4);
		assert.match(lines[1] ?? '', / branch topic force-pushed, tag v99 new$/);
		assert.match(lines[2] ?? '', / branch main moved, branch topic new, pull request #\d+ updated$/);
		assert.match(lines[3] ?? '', / the first one$/);
		const listed = await json<Array<{changes: {branches: {moved: unknown[]}} | null}>>(
			'snapshots',
			plan,
			slug,
		);
		assert.equal(listed[0]?.changes?.branches.moved.length, 1);
		assert.equal(listed[2]?.changes, null);
	});

	test('shows everything between two, however they are named', async () => {
		const ids = (await json<Listed[]>('snapshots', plan, slug)).map(({snapshot}) => snapshot);
		for (const range of [
			'latest',
			ids[0] ?? '',
			`${ids[1]}..${ids[0]}`,
			`${ids[1]}..latest`,
			`${ids[1]}..`,
		]) {
			const {code, stdout} = await run('snapshots', plan, slug, '--changes', range);
			assert.equal(code, 0);
			assert.match(stdout, new RegExp(`^${slug}: ${ids[1]} → ${ids[0]}$`, 'm'));
			assert.match(stdout, /^Branches\n {2}topic {2}force-pushed {2}[0-9a-f]{10} → [0-9a-f]{10}$/m);
			assert.match(stdout, /^Tags\n {2}v99 {2}new {2}[0-9a-f]{10}$/m);
		}

		const whole = await json<{changes: {text: string}; details: {pullRequests: unknown[]}}>(
			...['snapshots', plan, slug, '--changes', `${ids[2]}..${ids[0]}`],
		);
		assert.match(whole.changes.text, /^branch main moved, branch topic new, tag v99 new, /);
		assert.equal(whole.details.pullRequests.length, 1);
		const first = await run('snapshots', plan, slug, '--changes', ids[2] ?? '');
		assert.equal(first.code, 2);
		assert.match(first.stderr, /is the oldest snapshot of .*: there is none before it/);
	});

	test('goes on where one backup cannot be read, and says so', async () => {
		const mirror = readdirSync(join(destination, 'acme')).find(name => name.startsWith(withLfs)) ?? '';
		const planted = join(destination, 'acme', mirror, 'commondir');
		writeFileSync(planted, '/elsewhere\n');
		try {
			const {code, stdout, stderr} = await run('snapshots', plan);
			assert.equal(code, 3);
			assert.match(stdout, new RegExp(`^${slug} `, 'm'));
			assert.match(stderr, /commondir does not belong into a mirror/);
			const restored = await run('restore', plan, withLfs, '--to', target('planted'));
			assert.equal(restored.code, 1);
			assert.equal(existsSync(target('planted')), false);
		} finally {
			rmSync(planted);
		}
	});
});

describe('what does not exist', () => {
	for (const [what, message] of [
		[['snapshots', 'other'], /^There is no plan called "other"\. Known: nightly\.\n$/],
		[['snapshots', plan, 'other'], /^There is no backup of "other"\. There are: .*\.\n$/],
		[
			['restore', plan, 'SLUG', '--snapshot', '20200101', '--to', '/nowhere/x'],
			/^There is no snapshot "20200101" of .*; the nearest is \d{8}T/,
		],
		[['restore', plan, 'SLUG'], /^Wrong usage: required option '--to <dir\|url>' not specified/],
		[['restore', plan, 'SLUG', '--to', 'http://example.com/x.git'], /^Nothing is pushed over plain http/],
		[
			['restore', plan, 'SLUG', '--to', 'https://x.example/x.git', '--working-copy'],
			/^A working copy is restored to a folder/,
		],
		[['restore', plan, 'workspace', '--to', 'https://x.example/x.git'], /has no Git data to push/],
		[
			['show', plan, 'SLUG', 'pull-request', '999'],
			/^There is no pull request #999 in the snapshot .*; it has 3, from #1 to #3, the nearest: #3\.\n$/,
		],
		[
			['show', plan, 'workspace', 'file', 'nothing.json'],
			/^There is no file nothing\.json in the snapshot .* of workspace\. List them with: bucket-brigade show .* workspace file\n$/,
		],
		[['show', plan, 'SLUG', 'pull-request', 'x'], /^"x" is no number of a pull request\.\n$/],
	] as const) {
		test(`is one sentence and exit code 2: ${what.join(' ')}`, async () => {
			const {code, stdout, stderr} = await run(...what.map(word => (word === 'SLUG' ? slug : word)));
			assert.equal(code, 2, stderr);
			assert.equal(stdout, '');
			assert.match(stderr, message);
			assert.equal(stderr.trimEnd().split('\n').length, 1);
		});
	}
});

type Restored = {
	status: string;
	form: string;
	refs: number;
	head: string;
	lfsObjects: number;
	downloads: number;
	metadata: string | null;
	problems: string[];
	rejected: unknown[];
	overwritten: string[];
	notes: string[];
};

describe('restore', () => {
	test('makes a bare repository that is what upstream is, with its LFS objects, and metadata beside it', async () => {
		for (const {slug: name} of box.world.repositories) {
			const folder = target(`${name}.git`);
			const restored = await json<Restored>('restore', plan, name, '--to', folder);
			assert.equal(restored.status, 'restored', restored.problems.join());
			assert.deepEqual(refsIn(folder), upstreamRefs(name));
			assert.equal(restored.refs, upstreamRefs(name).size);
			assert.equal(runGitIn(folder, ['fsck', '--full', '--strict', '--no-dangling']), '');
			const {lfsObjects, downloads, pullRequests} = await box.repository(name).contents();
			assert.equal(restored.lfsObjects, lfsObjects.length);
			for (const {oid, content} of lfsObjects) {
				assert.deepEqual(
					readFileSync(join(folder, 'lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid)),
					Buffer.from(content),
				);
			}

			assert.equal(restored.metadata, `${folder}-metadata`);
			assert.equal(restored.downloads, downloads.length);
			for (const {name: file, content} of downloads) {
				assert.deepEqual(readFileSync(join(`${folder}-metadata`, 'downloads', file)), Buffer.from(content));
			}

			assert.equal(readdirSync(join(`${folder}-metadata`, 'pull-requests')).length, pullRequests.length);
			assert.equal(existsSync(join(`${folder}-metadata`, 'refs')), false);
		}
	});

	test('goes back to any snapshot, and tells people what it did', async () => {
		const ids = (await json<Listed[]>('snapshots', plan, slug)).map(({snapshot}) => snapshot);
		const {code, stdout} = await run(
			...[
				'restore',
				plan,
				slug,
				'--snapshot',
				ids[2] ?? '',
				'--to',
				target('first'),
				'--working-copy',
				'--no-metadata',
			],
		);
		assert.equal(code, 0);
		assert.match(stdout, /^Git: [\d,]+ objects$/m);
		assert.match(
			stdout,
			new RegExp(`^Restored ${slug} as it was at ${ids[2]} to ${target('first')}\\.$`, 'm'),
		);
		assert.equal(existsSync(join(target('first'), 'new.txt')), false);
		assert.equal(existsSync(`${target('first')}-metadata`), false);
		await run(
			'restore',
			plan,
			slug,
			'--to',
			target('newest'),
			'--working-copy',
			'--metadata',
			target('beside'),
		);
		assert.equal(readFileSync(join(target('newest'), 'new.txt'), 'utf8'), 'new');
		assert.ok(existsSync(join(target('beside'), 'repository.json')));
	});

	test('refuses a folder that is not empty, and leaves it as it is', async () => {
		const folder = target('full');
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'precious.txt'), 'precious');
		for (const more of [[], ['--force']]) {
			const {code, stderr} = await run('restore', plan, slug, '--to', folder, ...more);
			assert.equal(code, 1);
			assert.match(stderr, /^\/.*\/full is not empty: it was left as it is\. [^\n]*\n$/);
			assert.deepEqual(readdirSync(folder), ['precious.txt']);
		}
	});

	test('of the workspace writes its files', async () => {
		const restored = await json<Restored>('restore', plan, 'workspace', '--to', target('workspace'));
		assert.equal(restored.form, 'files');
		assert.ok(existsSync(join(target('workspace'), 'members.json')));
	});

	test('says what is missing in the end, and ends with 3', async () => {
		const mirror = join(
			destination,
			'acme',
			readdirSync(join(destination, 'acme')).find(name => name.startsWith(withLfs)) ?? '',
		);
		const [object] = (await box.repository(withLfs).contents()).lfsObjects;
		const oid = object?.oid ?? '';
		const path = join(mirror, 'lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid);
		renameSync(path, `${path}.away`);
		try {
			const {code, stdout} = await run('restore', plan, withLfs, '--to', target('partial'));
			assert.equal(code, 3);
			assert.match(stdout, /, but something is missing\.$/m);
			assert.match(
				stdout,
				new RegExp(`^Missing: 1 LFS object missing in the backup, the first is ${oid}$`, 'm'),
			);
			assert.ok(existsSync(join(target('partial'), 'HEAD')));
		} finally {
			renameSync(`${path}.away`, path);
		}
	});

	test('of a damaged backup says to verify it, and leaves nothing', async () => {
		const mirror = join(
			destination,
			'acme',
			readdirSync(join(destination, 'acme')).find(name => name.startsWith(slug)) ?? '',
		);
		const packs = join(mirror, 'objects', 'pack');
		const moved = join(home.folder, 'packs-away');
		const [largest] = readdirSync(packs)
			.filter(name => name.endsWith('.pack'))
			.sort(
				(left, right) => readFileSync(join(packs, right)).length - readFileSync(join(packs, left)).length,
			);
		mkdirSync(moved);
		const pair = [largest ?? '', (largest ?? '').replace(/pack$/, 'idx')];
		for (const name of pair) {
			renameSync(join(packs, name), join(moved, name));
		}

		try {
			const {code, stderr} = await run('restore', plan, slug, '--to', target('damaged'));
			assert.equal(code, 1);
			assert.match(
				stderr,
				new RegExp(
					`^The backup of ${slug} is damaged \\(.*\\)\\. See what is wrong with it with: bucket-brigade verify ${plan} ${slug}\\n$`,
				),
			);
			assert.equal(existsSync(target('damaged')), false);
			assert.ok(!readdirSync(target('.')).some(name => name.includes('unfinished')));
		} finally {
			for (const name of pair) {
				renameSync(join(moved, name), join(packs, name));
			}
		}
	});
});

describe('show', () => {
	test('lists the pull requests, the newest first', async () => {
		const list = await json<Array<{number: number; state: string; title: string; author: string}>>(
			'show',
			plan,
			slug,
		);
		assert.deepEqual(
			list.map(({number}) => number),
			[3, 2, 1],
		);
		const {pullRequests} = await box.repository(slug).contents();
		assert.equal(list[2]?.title, pullRequests.find(({id}) => id === 1)?.title);
		assert.match((await run('show', plan, slug)).stdout, /^#3 +[A-Z]+ /m);
	});

	test('one of them as Markdown, and as it was saved', async () => {
		const {code, stdout} = await run('show', plan, slug, 'pull-request', '1');
		assert.equal(code, 0);
		const {pullRequests} = await box.repository(slug).contents();
		const pullRequest = pullRequests.find(({id}) => id === 1);
		assert.ok(stdout.startsWith(`# #1 ${pullRequest?.title}\n`));
		assert.match(stdout, /^## Comments \(\d+\)$/m);
		const command = /^ {4}(git .*)$/m.exec(stdout)?.[1] ?? '';
		assert.match(command, /(show refs\/brigade\/snapshots\/.*:pull-requests\/1\/patch|diff [0-9a-f.]+)$/);
		const saved = await json<{pullRequest: {title: string}; comments: unknown[]}>(
			'show',
			plan,
			slug,
			'pull-request',
			'#1',
		);
		assert.equal(saved.pullRequest.title, pullRequest?.title);
		assert.equal(saved.comments.length, pullRequest?.comments.length);
	});

	test('the files of a snapshot, and one of them laid out over lines', async () => {
		const files = await json<Array<{path: string; label: string; bytes: number}>>(
			'show',
			plan,
			'workspace',
			'file',
		);
		const members = files.find(({path}) => path === 'members.json');
		assert.ok(members !== undefined && members.bytes > 0);
		assert.match((await run('show', plan, 'workspace', 'file')).stdout, /^members\.json +members +\d/m);
		const {stdout} = await run('show', plan, 'workspace', 'file', 'members.json');
		assert.match(stdout, /^\[\n {2}\{\n {4}"/);
		assert.ok(Array.isArray(JSON.parse(stdout)));
		const ofRepository = await json<Array<{path: string}>>('show', plan, slug, 'file');
		assert.ok(ofRepository.some(({path}) => path === 'repository.json'));
		assert.ok(!ofRepository.some(({path}) => path.startsWith('pull-requests/')));
	});
});

describe('a push to the organization’s own server', () => {
	const url = (name: string): string => `${box.gitUrl}/acme/${name}.git`;

	test('that the credential may not do says which scope it takes', async () => {
		box.addRepository('forbidden');
		const {code, stderr} = await run('restore', plan, slug, '--to', url('forbidden'));
		assert.equal(code, 1);
		assert.match(
			stderr,
			/^The credential "primary" may not push to .*: it takes the scope write:repository:bitbucket /,
		);
	});

	test('to a repository that is not there says to make it', async () => {
		const {code, stderr} = await run('restore', plan, slug, '--to', url('not-there'));
		assert.equal(code, 1);
		assert.match(
			stderr,
			/^There is no repository at .*not-there\.git, or the credential "primary" does not see it/,
		);
	});

	test('brings refs, LFS objects and the default branch; no process shows the secret', async () => {
		box.control.grantScope('primary', 'write:repository:bitbucket');
		const repository = box.addRepository('restored');
		const secrets = box.credentials.flatMap(({secret, username}) => [
			secret,
			Buffer.from(`${username ?? 'x-token-auth'}:${secret}`).toString('base64'),
			Buffer.from(`x-bitbucket-api-token-auth:${secret}`).toString('base64'),
		]);
		const seen = new Set<string>();
		let gits = 0;
		const look = (): void => {
			for (const text of readProcesses()) {
				gits += Number(/git-remote-http/.test(text));
				for (const secret of secrets.filter(one => text.includes(one))) {
					seen.add(secret);
				}
			}
		};

		subscribe('http.server.request.start', look);
		let restored: Restored;
		try {
			restored = await json<Restored>('restore', plan, withLfs, '--to', url('restored'));
		} finally {
			unsubscribe('http.server.request.start', look);
		}

		assert.equal(restored.status, 'restored', restored.problems.join());
		assert.equal(restored.form, 'pushed');
		assert.deepEqual([...seen], []);
		assert.ok(process.platform !== 'linux' || gits > 0, 'git was looked at while it pushed');
		assert.deepEqual(upstreamRefs('restored'), upstreamRefs(withLfs));
		assert.equal(repository.repository.mainBranch, box.repository(withLfs).repository.mainBranch);
		const {lfsObjects} = await repository.contents();
		const before = (await box.repository(withLfs).contents()).lfsObjects;
		assert.equal(restored.lfsObjects, before.length);
		assert.deepEqual(lfsObjects.map(({oid}) => oid).sort(), before.map(({oid}) => oid).sort());
		assert.deepEqual(box.statistics().leaks, []);
	});

	test('where there is something already leaves it, and writes over it where that is wanted', async () => {
		const repository = box.addRepository('taken');
		const theirs = await repository.commit({branch: 'main', files: {'theirs.txt': 'theirs'}});
		const other = await repository.commit({branch: 'other', files: {'theirs.txt': 'other'}});
		const refused = await run('restore', plan, slug, '--to', url('taken'));
		assert.equal(refused.code, 1);
		assert.match(
			refused.stderr,
			/taken\.git is not empty: it has 2 refs and was left as it is\. .*--force\.\n$/,
		);
		assert.equal(upstreamRefs('taken').get('refs/heads/main'), theirs);

		const {code, stdout} = await run('restore', plan, slug, '--to', url('taken'), '--force');
		assert.equal(code, 0);
		assert.match(stdout, /^1 ref of the repository is written over:\n {2}refs\/heads\/main$/m);
		const after = upstreamRefs('taken');
		assert.equal(after.get('refs/heads/other'), other);
		after.delete('refs/heads/other');
		assert.deepEqual(after, upstreamRefs(slug));
	});

	test('is not begun where the folder for metadata is not free; else they lie there', async () => {
		const repository = box.addRepository('with-metadata');
		const folder = target('push-metadata');
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'precious.txt'), 'precious');
		const push = async (): Promise<Ended> =>
			run('restore', plan, slug, '--to', url('with-metadata'), '--metadata', folder);
		assert.equal((await push()).code, 1);
		assert.equal((await repository.contents()).refs.length, 0);
		rmSync(join(folder, 'precious.txt'));
		assert.equal((await push()).code, 0);
		assert.ok(existsSync(join(folder, 'repository.json')));
	});

	test('of another default branch says which one to set', async () => {
		const repository = box.addRepository('other-default');
		await repository.commit({branch: 'trunk', files: {'a.txt': 'a'}});
		const {code, stdout} = await run('restore', plan, slug, '--to', url('other-default'), '--force');
		assert.equal(code, 0);
		assert.match(stdout, /^Note: a push cannot set the default branch: set it to main there$/m);
	});
});

test('a push with a credential that is refused is told in a sentence, without the credential', async () => {
	box.control.revoke('primary');
	const {code, stderr} = await run('restore', plan, slug, '--to', `${box.gitUrl}/acme/restored.git`);
	assert.equal(code, 1);
	assert.match(stderr, /^(Nothing could be pushed to|None of the) [^\n]*\n$/);
});

/** Arguments and environments of all processes that may be looked at. */
function readProcesses(): readonly string[] {
	const names = process.platform === 'linux' ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : [];
	return names
		.flatMap(name => [`/proc/${name}/cmdline`, `/proc/${name}/environ`])
		.flatMap(path => {
			try {
				return [readFileSync(path, 'latin1')];
			} catch {
				return [];
			}
		});
}

test('a destination alone is enough: without catalog and journals, for repositories that are gone, on another machine', async () => {
	const refs = upstreamRefs(slug);
	await box.repository(slug).remove();
	for (const name of readdirSync(home.home)) {
		if (name.startsWith('state.db') || name === 'runs') {
			rmSync(join(home.home, name), {recursive: true});
		}
	}

	const elsewhere = join(home.folder, 'elsewhere');
	renameSync(destination, elsewhere);
	const gone = await run('restore', plan, slug, '--to', target('gone.git'));
	assert.equal(gone.code, 2);
	assert.match(gone.stderr, /Nothing was backed up to this destination yet\./);
	const restored = await json<Restored>(
		...['restore', plan, slug, '--to', target('gone.git'), '--destination', elsewhere],
	);
	assert.equal(restored.status, 'restored');
	assert.deepEqual(refsIn(target('gone.git')), refs);
	const listed = await json<Listed[]>('snapshots', plan, slug, '--destination', elsewhere);
	assert.equal(listed.length, 3);
	assert.equal((await run('show', plan, slug, '--destination', elsewhere)).code, 0);
});

test('nothing that was printed holds a secret or a control character', () => {
	for (const {stdout, stderr} of printed) {
		assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
		for (const {secret} of box.credentials) {
			assert.ok(!(stdout + stderr).includes(secret));
		}
	}
});
