import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {dirname, join} from 'node:path';
import {after, afterEach, before, beforeEach, describe, test} from 'node:test';
import {openMirror, openMirrorReader} from '../../source/backup/mirror.ts';
import {mirrorConfig} from '../../source/backup/mirror-config.ts';
import {readMirrorNote} from '../../source/backup/mirror-note.ts';
import {destinationFailure, isOwnFailure} from '../../source/backup/own-failure.ts';
import {systemClock} from '../../source/system/clock.ts';
import {UserError} from '../../source/system/user-error.ts';
import {makeSmallWorkspace, type SmallWorkspace, uuidOf} from './small-workspace.ts';
import {refsIn, runGitIn} from './upstream-repository.ts';

let workspace: SmallWorkspace;
let mirror: string;
/** Made by whatever is executed that must not be. */
let canary: string;
/** A folder outside of the destination, with a file in it. */
let elsewhere: string;

before(open);
after(async () => workspace.close());

/** One workspace for the tests that leave it whole; the others open one of their own. */
async function open(): Promise<void> {
	workspace = await makeSmallWorkspace();
	workspace.answers.set('/repositories/acme', [
		{uuid: uuidOf(1), slug: 'web', full_name: 'acme/web'},
		{uuid: uuidOf(2), slug: 'api', full_name: 'acme/api'},
	]);
	workspace.web.commit('main', {'readme.md': 'first'});
	workspace.api.commit('main', {'readme.md': 'api'});
	canary = join(workspace.folder, 'canary');
	elsewhere = join(workspace.folder, 'elsewhere');
	mkdirSync(elsewhere);
	writeFileSync(join(elsewhere, 'precious'), 'precious');
	await run();
	mirror = workspace.mirror('web');
}

async function anew(): Promise<void> {
	await workspace.close();
	await open();
}

afterEach(() => {
	assert.equal(existsSync(canary), false, 'something was executed');
	assert.deepEqual(readdirSync(elsewhere), ['precious']);
	assert.equal(readFileSync(join(elsewhere, 'precious'), 'utf8'), 'precious');
});

const run = async () => workspace.run(['git', 'lfs', 'downloads']);

const script = (name: string): string => {
	const path = join(workspace.folder, name);
	writeFileSync(path, `#!/bin/sh\ntouch ${canary}\ncat\n`, {mode: 0o755});
	return path;
};

describe('what is planted in a mirror’s configuration', () => {
	test('is never obeyed, whatever it is, and written over', async () => {
		const evil = script('evil.sh');
		const included = join(workspace.folder, 'included');
		writeFileSync(included, `[core]\n\tfsmonitor = ${evil}\n\tsshCommand = ${evil}\n`);
		const origin = workspace.server.origin;
		const planted = `
[core]
	repositoryformatversion = 1
	bare = true
	sshCommand = ${evil}
	gitProxy = ${evil}
	fsmonitor = ${evil}
	askPass = ${evil}
	hooksPath = ${dirname(script('reference-transaction'))}
	attributesFile = ${join(workspace.folder, 'attributes')}
	alternateRefsCommand = ${evil}
	worktree = ${elsewhere}
	pager = ${evil}
	editor = ${evil}
[include]
	path = ${included}
[includeIf "gitdir:**"]
	path = ${included}
[alias]
	fetch = "!touch ${canary}"
	rev-list = "!touch ${canary}"
	cat-file = "!touch ${canary}"
	fast-import = "!touch ${canary}"
[url "file://${elsewhere}/"]
	insteadOf = ${origin}/
	pushInsteadOf = ${origin}/
[credential]
	helper = "!touch ${canary}"
[filter "all"]
	clean = ${evil}
	smudge = ${evil}
	process = ${evil}
	required = true
[diff]
	external = ${evil}
[uploadpack]
	packObjectsHook = ${evil}
[gc]
	auto = 1
	recentObjectsHook = ${evil}
[maintenance]
	auto = true
[extensions]
	preciousObjects = false
	partialClone = origin
	worktreeConfig = true
[remote "origin"]
	url = ext::sh -c touch% ${canary}
	promisor = true
	uploadpack = ${evil}
[protocol "ext"]
	allow = always
[http]
	proxy = ${origin}
	sslVerify = false
`;
		writeFileSync(join(workspace.folder, 'attributes'), '* filter=all diff=all\n');
		mkdirSync(join(mirror, 'info'), {recursive: true});
		writeFileSync(join(mirror, 'info', 'attributes'), '* filter=all diff=all\n');
		writeFileSync(join(mirror, 'config'), planted);
		workspace.web.commit('main', {'readme.md': 'second'});
		const {of} = await run();
		assert.equal(of('web').status, 'backed-up', of('web').problems.join());
		assert.equal(readFileSync(join(mirror, 'config'), 'utf8'), mirrorConfig);

		writeFileSync(join(mirror, 'config'), planted);
		const reader = await openMirrorReader(mirror, new AbortController().signal);
		assert.match((await reader.read(['for-each-ref'])).toString(), /refs\/mirror\/heads\/main/);
		assert.equal(readFileSync(join(mirror, 'config'), 'utf8'), mirrorConfig);
	});

	test('would be obeyed by a git that believes it, so that this can be noticed', () => {
		const own = join(workspace.folder, 'own-canary');
		writeFileSync(join(mirror, 'config'), `${mirrorConfig}[alias]\n\tobey = "!touch ${own}"\n`);
		runGitIn(mirror, ['obey']);
		assert.ok(existsSync(own));
	});
});

const hooks = [
	...[
		'applypatch-msg',
		'pre-applypatch',
		'post-applypatch',
		'pre-commit',
		'pre-merge-commit',
		'prepare-commit-msg',
	],
	...[
		'commit-msg',
		'post-commit',
		'pre-rebase',
		'post-checkout',
		'post-merge',
		'pre-push',
		'pre-receive',
		'update',
	],
	...[
		'proc-receive',
		'post-receive',
		'post-update',
		'reference-transaction',
		'push-to-checkout',
		'pre-auto-gc',
	],
	...[
		'post-rewrite',
		'sendemail-validate',
		'fsmonitor-watchman',
		'p4-changelist',
		'p4-pre-submit',
		'post-index-change',
	],
];

test('no hook that lies in a mirror is run, whatever its name', async () => {
	mkdirSync(join(mirror, 'hooks'), {recursive: true});
	for (const name of hooks) {
		writeFileSync(join(mirror, 'hooks', name), `#!/bin/sh\ntouch ${canary}\n`, {mode: 0o755});
	}

	workspace.web.commit('main', {'readme.md': 'second'}, {orphan: true});
	workspace.web.git('tag', 'v1', 'main');
	const {of} = await run();
	assert.equal(of('web').status, 'backed-up', of('web').problems.join());
});

let copies = 0;

const link = (path: string, target: string): void => {
	rmSync(join(mirror, path), {recursive: true, force: true});
	mkdirSync(dirname(join(mirror, path)), {recursive: true});
	symlinkSync(target, join(mirror, path));
};
const pipe = (path: string): void => {
	rmSync(join(mirror, path), {recursive: true, force: true});
	mkdirSync(dirname(join(mirror, path)), {recursive: true});
	execFileSync('mkfifo', [join(mirror, path)]);
};
const file = (path: string, text = '/elsewhere\n'): void => {
	mkdirSync(dirname(join(mirror, path)), {recursive: true});
	writeFileSync(join(mirror, path), text);
};

const aside = (path: string): void => renameSync(join(mirror, path), join(workspace.folder, 'aside'));

/** What is planted, and the path that the sentence must name. */
const refused: ReadonlyArray<readonly [name: string, plant: () => void, path: string]> = [
	...[
		'commondir',
		'shallow',
		'config.worktree',
		'info/grafts',
		'objects/info/alternates',
		'objects/info/http-alternates',
		'worktrees/other/gitdir',
		'logs/refs/mirror/heads/main',
		'refs/replace/0123456789012345678901234567890123456789',
	].map(
		path =>
			[
				`a file ${path}`,
				() => file(path),
				path.replace(/^(worktrees|logs|refs\/replace)\/.*/, '$1'),
			] as const,
	),
	...[
		'config',
		'HEAD',
		'packed-refs',
		'bucket-brigade.json',
		'bucket-brigade.guard',
		'bucket-brigade.git-guard',
		'bucket-brigade.writing',
		'packed-refs.lock',
		'objects/pack/pack-0123.keep',
		'objects/01/23456789012345678901234567890123456789',
		'refs/mirror/heads/side',
		'refs/brigade/snapshots/20261122T131500.123Z',
		'refs/brigade/draft',
		'info/attributes',
	].flatMap(path => [
		[`a link in place of ${path}`, () => link(path, join(elsewhere, 'precious')), path] as const,
		[`a pipe in place of ${path}`, () => pipe(path), path] as const,
	]),
	...[
		'objects',
		'objects/pack',
		'objects/info',
		'refs',
		'refs/mirror',
		'lfs',
		'lfs/objects',
		'lfs/tmp',
		'downloads',
		'downloads/tmp',
	].map(path => [`a link in place of ${path}`, () => link(path, elsewhere), path] as const),
	[
		'a file in place of objects',
		() => {
			aside('objects');
			file('objects');
		},
		'objects',
	],
	['a file in place of lfs', () => file('lfs'), 'lfs'],
	[
		'a folder in place of config',
		() => {
			rmSync(join(mirror, 'config'));
			mkdirSync(join(mirror, 'config'));
		},
		'config',
	],
	[
		'a folder in place of HEAD',
		() => {
			rmSync(join(mirror, 'HEAD'));
			mkdirSync(join(mirror, 'HEAD'));
		},
		'HEAD',
	],
];

for (const [name, plant, path] of refused) {
	test(`${name} is refused, by who writes and who reads`, async () => {
		const whole = mirror;
		// A copy costs less than a mirror of its own for each.
		mirror = join(workspace.folder, `copy-${copies}.git`);
		copies += 1;
		cpSync(whole, mirror, {recursive: true});
		try {
			plant();
			const sentence = `${join(mirror, path)} does not belong into a mirror and could lead git astray. Look who put it there, and move it away.`;
			const before = readdirSync(mirror, {recursive: true, encoding: 'utf8'});
			const {signal} = new AbortController();
			for (const opening of [
				async () => openMirror(mirror, systemClock, signal),
				async () => openMirrorReader(mirror, signal),
			]) {
				await assert.rejects(
					opening,
					(error: unknown) => error instanceof UserError && error.message === sentence,
				);
			}

			await readMirrorNote(mirror);
			assert.deepEqual(readdirSync(mirror, {recursive: true, encoding: 'utf8'}), before);
		} finally {
			mirror = whole;
		}
	});
}

for (const [name, plant] of [
	['a link', () => link('objects/pack', elsewhere)],
	['a pipe in place of its note', () => pipe('bucket-brigade.json')],
] as const) {
	test(`${name} in a mirror costs its repository alone`, async () => {
		await anew();
		plant();
		workspace.api.commit('main', {'readme.md': 'second'});
		const {outcome, of} = await run();
		assert.equal(outcome.status, 'partial');
		assert.equal(of('web').status, 'failed');
		assert.match(of('web').problems.join(), /does not belong into a mirror/);
		assert.equal(of('api').status, 'backed-up');
	});
}

test('a ref that is another name of a snapshot is refused, before anything is written to it', async () => {
	await anew();
	const [snapshot = ''] = workspace.snapshots('web');
	const commit = runGitIn(mirror, ['rev-parse', `refs/brigade/snapshots/${snapshot}`]);
	mkdirSync(join(mirror, 'refs', 'mirror', 'heads'), {recursive: true});
	writeFileSync(join(mirror, 'refs', 'mirror', 'heads', 'main'), `ref: refs/brigade/snapshots/${snapshot}\n`);
	workspace.web.commit('main', {'readme.md': 'second'});
	const {status, problems} = (await run()).of('web');
	assert.equal(status, 'failed');
	assert.match(problems.join(), /refs\/mirror\/heads\/main does not belong into a mirror/);
	assert.equal(runGitIn(mirror, ['rev-parse', `refs/brigade/snapshots/${snapshot}`]), commit);
});

describe('an object that stands in for another one', () => {
	beforeEach(anew);
	/** Hides all history behind the first commit of `readme.md`, as `git replace` does. */
	const replace = (): {hidden: string; shown: string} => {
		const hidden = runGitIn(mirror, ['rev-parse', 'refs/mirror/heads/main']);
		const tree = runGitIn(mirror, ['mktree'], '');
		const shown = runGitIn(mirror, ['commit-tree', tree, '-m', 'nothing ever happened']);
		runGitIn(mirror, ['-c', 'core.hooksPath=/dev/null', 'replace', hidden, shown]);
		return {hidden, shown};
	};

	test('is refused, also among the packed refs', async () => {
		const {hidden} = replace();
		assert.match((await run()).of('web').problems.join(), /refs\/replace does not belong/);
		runGitIn(mirror, ['pack-refs', '--all']);
		rmSync(join(mirror, 'refs', 'replace'), {recursive: true, force: true});
		const {problems, status} = (await run()).of('web');
		assert.equal(status, 'failed');
		assert.match(problems.join(), new RegExp(`refs/replace/${hidden} does not belong into a mirror`));
	});

	test('is not read in its place by any git of ours', async () => {
		const reader = await openMirrorReader(mirror, new AbortController().signal);
		const {hidden} = replace();
		assert.match(runGitIn(mirror, ['log', '--format=%s', hidden]), /nothing ever happened/);
		assert.doesNotMatch(
			(await reader.read(['log', '--format=%s', hidden])).toString(),
			/nothing ever happened/,
		);
	});
});

test('a file that says otherwise what a commit’s parents are is not believed', async () => {
	await anew();
	workspace.web.commit('main', {'readme.md': 'second'});
	workspace.web.commit('main', {'readme.md': 'third'});
	await run();
	runGitIn(mirror, ['commit-graph', 'write', '--reachable']);
	const path = join(mirror, 'objects', 'info', 'commit-graph');
	const graph = readFileSync(path);
	takeParentsAway(graph, runGitIn(mirror, ['rev-parse', 'refs/mirror/heads/main']));
	chmodSync(path, 0o600);
	writeFileSync(path, graph);
	const count = ['rev-list', '--count', 'refs/mirror/heads/main'];
	assert.equal(runGitIn(mirror, count), '1', 'git itself believes it');
	const reader = await openMirrorReader(mirror, new AbortController().signal);
	assert.equal((await reader.read(count)).toString().trim(), '3');
});

/** Changes what a commit-graph says of a commit: https://git-scm.com/docs/gitformat-commit-graph */
function takeParentsAway(graph: Buffer, commit: string): void {
	const offsetOf = (chunk: string): number => Number(graph.readBigUInt64BE(graph.indexOf(chunk, 8) + 4));
	const [ids, data] = [offsetOf('OIDL'), offsetOf('CDAT')];
	const index = (graph.indexOf(Buffer.from(commit, 'hex'), ids) - ids) / 20;
	const noParent = 0x7000_0000;
	graph.writeUInt32BE(noParent, data + index * 36 + 20);
}

describe('in place of a whole folder', () => {
	beforeEach(anew);
	test('a link to a mirror elsewhere is refused', async () => {
		const moved = join(workspace.folder, 'moved.git');
		renameSync(mirror, moved);
		symlinkSync(moved, mirror);
		const {status, problems} = (await run()).of('web');
		assert.equal(status, 'failed');
		assert.match(problems.join(), /web-00000001\.git is a link, or no folder/);
	});

	test('a link in place of the workspace’s folder ends the run before it began', async () => {
		const folder = join(workspace.destination, 'acme');
		const moved = join(workspace.folder, 'moved');
		renameSync(folder, moved);
		symlinkSync(moved, folder);
		await assert.rejects(
			run(),
			/^UserError: .*acme is a link, or no folder; a backup writes only to folders of its own/,
		);
	});

	test('a pipe in place of the mirror is refused, and keeps nobody waiting', async () => {
		renameSync(mirror, join(workspace.folder, 'moved.git'));
		execFileSync('mkfifo', [mirror]);
		const {status, problems} = (await run()).of('web');
		assert.equal(status, 'failed');
		assert.match(problems.join(), /is a link, or no folder/);
		rmSync(mirror);
	});
});

describe('a socket', () => {
	before(anew);
	let server: Server | undefined;
	after(() => server?.close());

	test('in place of a file is refused', async () => {
		// The path of a socket is short.
		const path = join(mirror, 's');
		server = createServer();
		const folder = process.cwd();
		process.chdir(mirror);
		await new Promise<void>(resolve => {
			server?.listen('s', resolve);
		});
		process.chdir(folder);
		assert.ok(existsSync(path));
		assert.match((await run()).of('web').problems.join(), /\/s does not belong into a mirror/);
	});
});

test('a mirror that belongs to somebody else: one sentence about what cannot be opened', {
	skip: process.getuid?.() !== 0 && 'only root can be somebody else',
}, async () => {
	await anew();
	for (const folder of [workspace.folder, workspace.destination, dirname(mirror)]) {
		chmodSync(folder, 0o755);
	}

	const before = refsIn(mirror);
	process.seteuid?.(65_534);
	let error: unknown;
	try {
		await openMirror(mirror, systemClock, new AbortController().signal);
	} catch (caught) {
		error = caught;
	} finally {
		process.seteuid?.(0);
	}

	assert.ok(isOwnFailure(error), String(error));
	assert.match(
		destinationFailure(workspace.destination, error).message,
		/^The destination .* cannot be written: EACCES: permission denied, .*web-00000001\.git.*\. Free space or make it writable/,
	);
	assert.deepEqual(refsIn(mirror), before);
});
