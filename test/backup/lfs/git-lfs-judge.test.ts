import assert from 'node:assert/strict';
import {execFile, execFileSync, spawnSync} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {promisify} from 'node:util';
import {type Sandbox, startSandbox} from '../../../source/sandbox/start-sandbox.ts';
import {type MirrorReader, readMirror} from '../mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from '../run-against-sandbox.ts';
import {oidOf} from './lfs-upstream.ts';

const slug = 'data-lake';
const reason = spawnSync('git', ['lfs', 'version']).status !== 0 && 'git-lfs is not installed';

describe('what git-lfs says of a mirror', {skip: reason}, () => {
	let folder: string;
	let sandbox: Sandbox;
	let run: SandboxRun;
	let mirror: MirrorReader;
	let trap: Server;
	let trapUrl: string;
	/** What was asked of the address in the repository's `.lfsconfig`. */
	const trapped: string[] = [];
	const large = Buffer.alloc(3_000_000, 'large ');

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-judge-'));
		trap = createServer((request, response) => {
			trapped.push(`${request.method} ${request.url}`);
			response.writeHead(404).end();
		});
		await new Promise<void>(resolve => {
			trap.listen(0, '127.0.0.1', resolve);
		});
		trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
		sandbox = await startSandbox({repositories: 4});
		const repository = sandbox.repository(slug);
		await repository.commit({
			branch: 'main',
			files: {
				'.lfsconfig': [
					'[lfs]',
					`\turl = ${trapUrl}/evil`,
					`\tpushurl = ${trapUrl}/evil`,
					'\tconcurrenttransfers = 1',
					`[lfs "${sandbox.gitUrl}/acme/${slug}.git/info/lfs"]`,
					'\taccess = none',
					`[remote "origin"]\n\tlfsurl = ${trapUrl}/evil`,
					`[url "${trapUrl}/"]\n\tinsteadOf = ${sandbox.gitUrl}/`,
					'',
				].join('\n'),
			},
		});
		await repository.commitLfsFile('main', 'samples/large.parquet', large);
		const {workspace, apiUrl, gitUrl, credentials} = sandbox;
		run = {
			folder,
			workspace,
			apiUrl,
			gitUrl,
			credentials: credentials.filter(({label}) => label === 'primary'),
			plan: {include: [slug], data: ['git', 'lfs']},
		};
		const outcome = await runAgainstSandbox(run);
		assert.equal(outcome.status, 'succeeded', outcome.problems.join('\n'));
		mirror = readMirror(join(destinationOf(run), workspace), slug);
	});
	after(async () => {
		await sandbox.close();
		await new Promise(resolve => {
			trap.closeAllConnections();
			trap.close(resolve);
		});
		rmSync(folder, {recursive: true, force: true});
	});

	test('a repository’s .lfsconfig has had no say', () => {
		assert.deepEqual(trapped, []);
		assert.deepEqual(sandbox.statistics().leaks, []);
	});

	const environment = (): Record<string, string> => ({
		PATH: process.env['PATH'] ?? '',
		HOME: folder,
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_TERMINAL_PROMPT: '0',
		http_proxy: 'http://127.0.0.1:9',
		https_proxy: 'http://127.0.0.1:9',
	});

	/** A clone as the README says, with the mirror's objects, that reaches nobody. */
	function restore(name: string): {path: string; git: (...arguments_: string[]) => string} {
		const path = join(folder, name);
		const runGit = (...arguments_: string[]): string =>
			execFileSync('git', arguments_, {cwd: folder, env: environment(), encoding: 'utf8', stdio: 'pipe'});
		runGit(
			'clone',
			'--quiet',
			'--no-checkout',
			'--config',
			'remote.origin.fetch=+refs/mirror/heads/*:refs/remotes/origin/*',
			mirror.folder,
			path,
		);
		runGit('-C', path, 'lfs', 'install', '--local', '--skip-repo');
		cpSync(join(mirror.folder, 'lfs', 'objects'), join(path, '.git', 'lfs', 'objects'), {recursive: true});
		return {path, git: (...arguments_) => runGit('-C', path, ...arguments_)};
	}

	test('all objects of all commits are there, and whole', () => {
		const {git} = restore('checked');
		for (const [name] of mirror.mirrored()) {
			const ref = name.replace('refs/heads/', 'origin/');
			if (name.startsWith('refs/heads/')) {
				assert.equal(git('lfs', 'fsck', '--objects', ref), 'Git LFS fsck OK\n', ref);
			}
		}

		const known = JSON.parse(mirror.text('lfs.json')) as Array<{oid: string}>;
		const all = git('lfs', 'ls-files', '--all', '--long')
			.trim()
			.split('\n')
			.map(line => line.split(' ')[0]);
		assert.deepEqual(
			[...new Set(all)].sort(),
			known.map(({oid}) => oid),
		);
		assert.ok(known.length > 5);
	});

	test('a checkout without any server has the files’ contents', () => {
		const {path, git} = restore('checked-out');
		git('checkout', '--quiet', 'main');
		assert.ok(readFileSync(join(path, 'samples/large.parquet')).equals(large));
		git('lfs', 'checkout');
		assert.equal(git('status', '--porcelain'), '');
		const pointers = git('lfs', 'ls-files').trim().split('\n');
		assert.ok(
			pointers.every(line => line.includes(' * ')),
			pointers.join('\n'),
		);
		assert.deepEqual(trapped, []);
	});

	test('and git-lfs finds the byte that is wrong, so that it is a judge', () => {
		const {path, git} = restore('spoilt');
		const oid = oidOf(large);
		assert.equal(git('lfs', 'fsck', '--objects', 'origin/main'), 'Git LFS fsck OK\n');
		writeFileSync(join(path, '.git', 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid), 'spoilt');
		assert.throws(() => git('lfs', 'fsck', '--objects', 'origin/main'));
	});

	test('while git-lfs itself goes where the repository’s .lfsconfig says', async () => {
		const {path, git} = restore('believing');
		git('checkout', '--quiet', 'origin/main', '--', '.lfsconfig');
		rmSync(join(path, '.git', 'lfs', 'objects'), {recursive: true});
		// Not synchronous: the trap is in this process.
		const fetch = ['-C', path, 'lfs', 'fetch', 'origin', 'origin/main'];
		await assert.rejects(promisify(execFile)('git', fetch, {cwd: folder, env: environment()}));
		assert.ok(trapped.length > 0);
	});
});
