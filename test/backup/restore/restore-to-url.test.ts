import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {
	organizationTarget,
	type PushTarget,
	usersTarget,
} from '../../../source/backup/restore/push-target.ts';
import {
	type PushedRepository,
	type RestoreToUrlOptions,
	restoreToUrl,
} from '../../../source/backup/restore/restore-to-url.ts';
import {gitUser} from '../git-server.ts';
import {makeUpstream, runGitIn, type UpstreamRepository} from '../upstream-repository.ts';
import {type SavedHistory, startSavedHistory} from './saved-history.ts';

const needsLfs = {
	skip: spawnSync('git', ['lfs', 'version']).status !== 0 && 'git-lfs is not installed',
};

let history: SavedHistory;
let target: UpstreamRepository;
/** HTTP requests that were charged. */
let charged = 0;
let overwritten: readonly string[] = [];

beforeEach(async () => {
	history = await startSavedHistory();
	target = makeUpstream(join(history.folder, 'upstream', 'target.git'));
	target.git('config', 'http.receivepack', 'true');
	charged = 0;
	overwritten = [];
	history.server.requests.length = 0;
});
afterEach(async () => {
	await history.close();
});

const url = (): string => `${history.server.origin}/target.git`;

const own = (): PushTarget =>
	organizationTarget(url(), async (requests, use) => {
		charged += requests;
		return use({origin: history.server.origin, ...gitUser});
	});

async function push(options: Partial<RestoreToUrlOptions> = {}, id?: string): Promise<PushedRepository> {
	return restoreToUrl({
		mirror: await history.reader(),
		snapshot: await history.snapshot(id),
		target: own(),
		force: false,
		withLfs: true,
		progress: () => undefined,
		onOverwrite: names => {
			overwritten = names;
		},
		...options,
	});
}

describe('pushed to a repository', () => {
	test('a snapshot arrives as it was, each ref under its own name', async () => {
		const {upstream} = history;
		const first = upstream.commit('main', {'a.txt': 'a'});
		upstream.commit('zeta', {'b.txt': 'b'});
		upstream.commit('ünï"\'$;x', {'b.txt': 'c'});
		upstream.git('tag', '-a', '-m', 'one', 'v1', first);
		upstream.git('notes', 'add', '-m', 'note', first);
		upstream.git('update-ref', 'refs/strange/place', first);
		upstream.git('symbolic-ref', 'HEAD', 'refs/heads/zeta');
		const {id, refs} = await history.save();
		upstream.git('update-ref', '-d', 'refs/heads/zeta');
		await history.save();
		history.server.requests.length = 0;

		const before = readdirSync(history.mirrorFolder, {recursive: true, encoding: 'utf8'}).sort();
		const pushed = await push({}, id);
		assert.deepEqual(
			target.refs(),
			new Map([...refs.refs].map(([name, at]) => [Buffer.from(name, 'latin1').toString(), at])),
		);
		assert.deepEqual(pushed.rejected, []);
		assert.deepEqual(pushed.missing, []);
		assert.deepEqual(overwritten, []);
		assert.equal(pushed.remoteHead, 'refs/heads/main', 'a push does not change it');
		assert.equal(runGitIn(target.folder, ['fsck', '--full', '--strict', '--no-dangling']), '');
		// Small pushes take one request less than a large one.
		assert.equal(charged, history.server.requests.length + 2);
		assert.deepEqual(readdirSync(history.mirrorFolder, {recursive: true, encoding: 'utf8'}).sort(), before);
	});

	test('a large one costs what is charged for it', async () => {
		history.upstream.commit('main', {'a.bin': randomBytes(1_500_000).toString('base64')});
		await history.save();
		history.server.requests.length = 0;
		await push();
		assert.equal(charged, history.server.requests.length);
	});

	test('the default branch goes first, for servers that take the first one for it', async () => {
		history.upstream.commit('alpha', {'a.txt': 'a'});
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save();
		writeFileSync(
			join(target.folder, 'hooks', 'pre-receive'),
			`#!/bin/sh\ncat | cut -d' ' -f3 >> ${join(history.folder, 'order')}\n`,
			{mode: 0o755},
		);
		await push();
		assert.deepEqual(readFileSync(join(history.folder, 'order'), 'utf8').trimEnd().split('\n'), [
			'refs/heads/main',
			'refs/heads/alpha',
		]);
	});

	test('one that is not empty is left as it is', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save();
		target.git('update-ref', 'refs/pull/1/head', target.commit('other', {'x.txt': 'x'}));
		const before = target.refs();
		await assert.rejects(push(), {
			name: 'UserError',
			exitCode: 1,
			message: /target\.git is not empty: it has 2 refs and was left as it is\. .*--force\./,
		});
		assert.deepEqual(target.refs(), before);
	});

	test('one that is not empty is written over where that is wanted, and loses nothing else', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		history.upstream.commit('side', {'a.txt': 'a'});
		const {refs} = await history.save();
		runGitIn(target.folder, ['fetch', '--quiet', history.upstream.folder, 'refs/heads/side:refs/heads/side']);
		target.commit('main', {'x.txt': 'x'});
		const other = target.commit('other', {'x.txt': 'x'});
		const pushed = await push({force: true});
		assert.deepEqual(overwritten, ['refs/heads/main']);
		assert.deepEqual(pushed.overwritten, ['refs/heads/main']);
		assert.deepEqual(
			target.refs(),
			new Map([...refs.refs, ['refs/heads/other', other]].sort() as Array<[string, string]>),
		);
		assert.equal(pushed.remoteHead, 'refs/heads/main');
	});

	test('a ref that somebody moved meanwhile is not written over', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		history.upstream.commit('side', {'a.txt': 'a'});
		await history.save();
		target.commit('main', {'x.txt': 'x'});
		let theirs = '';
		const pushed = await push({
			force: true,
			onOverwrite: () => {
				theirs = target.commit('main', {'y.txt': 'y'});
			},
		});
		assert.deepEqual(pushed.rejected, [{name: 'refs/heads/main', reason: 'stale info'}]);
		assert.deepEqual(pushed.overwritten, []);
		assert.equal(target.refs().get('refs/heads/main'), theirs);
		assert.ok(target.refs().has('refs/heads/side'));
	});

	test('what the server refuses is told ref by ref, and the rest arrives', async () => {
		const first = history.upstream.commit('main', {'a.txt': 'a'});
		history.upstream.git('update-ref', 'refs/hidden/one', first);
		history.upstream.git('update-ref', 'refs/hidden/two', first);
		history.upstream.git('update-ref', 'refs/protected/x', first);
		await history.save();
		target.git('config', 'transfer.hideRefs', 'refs/hidden');
		writeFileSync(
			join(target.folder, 'hooks', 'update'),
			'#!/bin/sh\ncase $1 in refs/protected/*) echo "\u001b[31mno" >&2; exit 1;; esac\n',
			{mode: 0o755},
		);
		const pushed = await push();
		assert.deepEqual(pushed.rejected, [
			{name: 'refs/hidden/one', reason: 'deny updating a hidden ref'},
			{name: 'refs/hidden/two', reason: 'deny updating a hidden ref'},
			{name: 'refs/protected/x', reason: 'hook declined'},
		]);
		assert.deepEqual([...target.refs().keys()], ['refs/heads/main']);
	});

	test('a server that takes a ref and does not keep it is found out', async () => {
		const first = history.upstream.commit('main', {'a.txt': 'a'});
		history.upstream.git('update-ref', 'refs/tags/v1', first);
		await history.save();
		writeFileSync(
			join(target.folder, 'hooks', 'post-receive'),
			'#!/bin/sh\ngit update-ref -d refs/tags/v1\n',
			{mode: 0o755},
		);
		const pushed = await push();
		assert.deepEqual(pushed.rejected, [{name: 'refs/tags/v1', reason: 'it was taken, and is not there'}]);
	});

	test('many refs go in portions', async () => {
		const first = history.upstream.commit('main', {'a.txt': 'a'});
		const names = Array.from({length: 300}, (_, index) => `refs/tags/${'long-'.repeat(40)}${index}`);
		runGitIn(
			history.upstream.folder,
			['update-ref', '--stdin'],
			names.map(name => `create ${name} ${first}\n`).join(''),
		);
		const {refs} = await history.save();
		history.server.requests.length = 0;
		charged = 0;
		await push();
		assert.equal(target.refs().size, refs.refs.size);
		const pushes = history.server.requests.filter(request => request.endsWith('git-receive-pack'));
		assert.ok(pushes.length >= 3, String(pushes.length));
		assert.ok(charged >= history.server.requests.length);
	});

	test('one that is empty on both sides stays so', async () => {
		await history.save();
		const pushed = await push();
		assert.deepEqual(pushed.rejected, []);
		assert.equal(target.refs().size, 0);
	});

	test('nothing is pushed of a backup that is damaged', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await history.save();
		const snapshot = {
			...(await history.snapshot()),
			refs: {...refs, refs: new Map([...refs.refs, ['refs/heads/gone', '1'.repeat(40)]])},
		};
		await assert.rejects(push({snapshot}), {name: 'BackupDamaged'});
		assert.equal(target.refs().size, 0);
	});
});

describe('a server of the user’s own', () => {
	/** The environment as a person has it, for as long as something runs. */
	async function asUser<Result>(
		variables: Readonly<Record<string, string>>,
		work: () => Promise<Result>,
	): Promise<Result> {
		const before = {...process.env};
		Object.assign(process.env, variables);
		try {
			return await work();
		} finally {
			for (const name of Object.keys(variables)) {
				delete process.env[name];
				if (before[name] !== undefined) {
					process.env[name] = before[name];
				}
			}
		}
	}

	/** A home whose git signs in to the test's server, and would run a hook of its own. */
	function makeHome(): {readonly home: string; readonly proof: string} {
		const home = join(history.folder, 'home');
		const proof = join(history.folder, 'hook-ran');
		mkdirSync(join(home, 'hooks'), {recursive: true});
		writeFileSync(join(home, 'hooks', 'pre-push'), `#!/bin/sh\ntouch ${proof}\n`, {mode: 0o755});
		writeFileSync(
			join(home, 'helper'),
			`#!/bin/sh\ntest "$1" = get && printf 'username=%s\\npassword=%s\\n' ${gitUser.username} ${gitUser.password}\n`,
			{mode: 0o755},
		);
		writeFileSync(
			join(home, '.gitconfig'),
			`[credential]\n\thelper = ${join(home, 'helper')}\n[core]\n\thooksPath = ${join(home, 'hooks')}\n[push]\n\tfollowTags = true\n\tgpgSign = true\n`,
		);
		return {home, proof};
	}

	test('is signed in to as git does it for the user, without hooks', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await history.save();
		const {home, proof} = makeHome();
		const pushed = await asUser({HOME: home, GIT_DIR: '/nowhere', GIT_TRACE: '1'}, async () =>
			push({target: usersTarget(url(), true)}),
		);
		assert.deepEqual(pushed.rejected, []);
		assert.deepEqual(target.refs(), refs.refs);
		assert.equal(charged, 0);
		assert.equal(existsSync(proof), false);
	});

	test('that does not let the user in is told without asking at a terminal, and without a password', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		await history.save();
		const home = join(history.folder, 'empty-home');
		mkdirSync(home);
		writeFileSync(
			join(home, '.gitconfig'),
			`[url "${history.server.origin.replace('//', '//ada:secret-canary@')}/"]\n\tinsteadOf = ${history.server.origin}/\n`,
		);
		await assert.rejects(
			asUser({HOME: home}, async () => push({target: usersTarget(url(), true)})),
			(error: Error) => {
				assert.equal(error.name, 'GitFailed');
				assert.match(error.message, /Authentication failed|could not read/);
				assert.doesNotMatch(error.message, /secret-canary/);
				return true;
			},
		);
	});

	test('over ssh runs the user’s ssh', async () => {
		history.upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await history.save();
		const ssh = join(history.folder, 'ssh');
		writeFileSync(
			ssh,
			`#!/bin/sh\nfor last; do :; done\necho "$*" >> ${ssh}.log\nexec sh -c "$(printf '%s' "$last" | sed "s,'/,'${history.folder}/,")"\n`,
			{mode: 0o755},
		);
		await asUser({GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'ssh'}, async () =>
			push({target: usersTarget('ssh://git@example.com/upstream/target.git', false)}),
		);
		assert.deepEqual(target.refs(), refs.refs);
		assert.match(
			readFileSync(`${ssh}.log`, 'utf8'),
			/git@example\.com git-receive-pack '\/upstream\/target\.git'/,
		);
	});

	describe('with LFS', () => {
		const contents = Buffer.from('large contents');
		const oid = createHash('sha256').update(contents).digest('hex');
		let uploaded: Map<string, Buffer>;

		beforeEach(async () => {
			history.store('lfs/objects', oid, contents);
			history.upstream.commit('main', {
				'a.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${contents.length}\n`,
			});
			await history.save({'lfs.json': [{oid, size: contents.length}]});
			uploaded = serveLfs();
		});

		/** An LFS server beside the Git server that takes what it is given. */
		function serveLfs(): Map<string, Buffer> {
			const objects = new Map<string, Buffer>();
			history.server.intercept = (request, response) => {
				const path = request.url ?? '';
				if (!path.includes('/info/lfs/') && !path.startsWith('/store/')) {
					return false;
				}

				const chunks: Buffer[] = [];
				request.on('data', (chunk: Buffer) => chunks.push(chunk));
				request.on('end', () => {
					const body = Buffer.concat(chunks);
					if (request.method === 'PUT') {
						objects.set(path.replace('/store/', ''), body);
						response.end();
						return;
					}

					response.setHeader('content-type', 'application/vnd.git-lfs+json');
					if (!path.endsWith('/objects/batch')) {
						response.writeHead(404).end('{}');
						return;
					}

					const wanted = (JSON.parse(body.toString()) as {objects: Array<{oid: string; size: number}>})
						.objects;
					response.end(
						JSON.stringify({
							transfer: 'basic',
							objects: wanted.map(one => ({
								...one,
								actions: {upload: {href: `${history.server.origin}/store/${one.oid}`}},
							})),
						}),
					);
				});
				return true;
			};
			return objects;
		}

		test('the user’s git-lfs uploads objects, and writes nothing into the mirror', needsLfs, async () => {
			const {home} = makeHome();
			const config = readFileSync(join(history.mirrorFolder, 'config'), 'utf8');
			const pushed = await asUser({HOME: home}, async () => push({target: usersTarget(url(), true)}));
			assert.deepEqual(pushed.missing, []);
			assert.equal(pushed.lfsObjects, 1);
			assert.deepEqual(uploaded.get(oid), contents);
			assert.equal(readFileSync(join(history.mirrorFolder, 'config'), 'utf8'), config);
			assert.deepEqual(readdirSync(join(history.mirrorFolder, 'lfs')), ['objects']);
		});

		test('where git-lfs is missing, it is said that they were not uploaded', async () => {
			const {home} = makeHome();
			// A search path with git alone.
			const bin = join(history.folder, 'bin');
			mkdirSync(bin);
			for (const name of ['git', 'sh']) {
				const path = process.env['PATH']?.split(delimiter).find(part => existsSync(join(part, name)));
				writeFileSync(
					join(bin, name),
					`#!/bin/sh\nexec ${path}/${name} "$@"\n`.replace('#!/bin/sh', '#!/bin/sh'),
				);
				chmodSync(join(bin, name), 0o755);
			}

			const empty = join(history.folder, 'no-exec-path');
			execFileSync('cp', ['-a', execFileSync('git', ['--exec-path'], {encoding: 'utf8'}).trim(), empty]);
			const lfs = join(empty, 'git-lfs');
			if (existsSync(lfs)) {
				execFileSync('rm', [lfs]);
			}

			const pushed = await asUser({HOME: home, PATH: bin, GIT_EXEC_PATH: empty}, async () =>
				push({target: usersTarget(url(), true)}),
			);
			assert.deepEqual(pushed.missing, ['1 LFS object could not be uploaded: git-lfs is not installed']);
			assert.equal(pushed.lfsObjects, 0);
			assert.ok(target.refs().has('refs/heads/main'));
		});

		test('objects that are damaged in the backup are not sent', async () => {
			history.store('lfs/objects', oid, Buffer.from('LARGE contents'));
			const pushed = await push();
			assert.equal(pushed.lfsObjects, 0);
			assert.match(pushed.missing[0] ?? '', /^1 LFS object damaged in the backup, the first is /);
			assert.equal(uploaded.size, 0);
		});

		test('our own upload goes there without git-lfs, too', async () => {
			const pushed = await push();
			assert.deepEqual(pushed.missing, []);
			assert.equal(pushed.lfsObjects, 1);
			assert.deepEqual(uploaded.get(oid), contents);
		});

		test('a server without LFS is said to have none, and gets the refs', async () => {
			history.server.intercept = (request, response) => {
				if (!request.url?.includes('/info/lfs/')) {
					return false;
				}

				response.writeHead(404).end('Not found');
				return true;
			};
			const pushed = await push();
			assert.deepEqual(pushed.missing, [
				'1 LFS object could not be uploaded: the server offers no LFS there (it said 404)',
			]);
			assert.ok(target.refs().has('refs/heads/main'));
		});
	});
});
