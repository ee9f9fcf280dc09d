import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {after, afterEach, before, beforeEach, describe, test} from 'node:test';
import fc from 'fast-check';
import {mirrorGit} from '../../source/backup/git-step.ts';
import {type Mirror, openMirror} from '../../source/backup/mirror.ts';
import {readMirrorRefs} from '../../source/backup/mirror-refs.ts';
import {createProblems} from '../../source/backup/problems.ts';
import type {RefList} from '../../source/backup/ref-list.ts';
import {createWritingMark} from '../../source/backup/stale-files.ts';
import {writeSnapshot} from '../../source/backup/write-snapshot.ts';
import {type Clock, systemClock} from '../../source/system/clock.ts';
import {createFakePool} from './fake-pool.ts';
import {type GitServer, startGitServer} from './git-server.ts';
import {makeUpstream, refsIn, runGitIn, type UpstreamRepository} from './upstream-repository.ts';

let folder: string;
let server: GitServer;
let upstream: UpstreamRepository;
let mirrorFolder: string;
let number = 0;
let copies = 0;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-git-'));
	server = await startGitServer(join(folder, 'upstream'));
});
after(async () => {
	await server.close();
	rmSync(folder, {recursive: true, force: true});
});
beforeEach(() => {
	number += 1;
	upstream = makeUpstream(join(folder, 'upstream', `r${number}.git`));
	mirrorFolder = join(folder, `mirror-${number}.git`);
	server.requests.length = 0;
	server.intercept = () => false;
});

async function inMirror<Result>(work: (mirror: Mirror) => Promise<Result>): Promise<Result> {
	const mirror = await openMirror(mirrorFolder, systemClock, new AbortController().signal);
	try {
		return await work(mirror);
	} finally {
		mirror.close();
	}
}

async function back(lastSnapshot?: RefList, isFullPass = false) {
	return inMirror(async mirror => {
		const problems = createProblems();
		const pool = createFakePool({origin: server.origin});
		const step = await mirrorGit({
			mirror,
			upstream: {name: 'r', cloneUrl: `${server.origin}/r${number}.git`, pool},
			before: await readMirrorRefs(mirror),
			lastSnapshot,
			isFullPass,
			isMended: true,
			problems,
			progress: () => undefined,
		});
		return {...step, problems, charged: pool.charged()};
	});
}

function mirrored(): Map<string, string> {
	return new Map(
		[...refsIn(mirrorFolder, 'refs/mirror')].map(([name, id]) => [name.replace('refs/mirror/', 'refs/'), id]),
	);
}

const kept = (): string[] => [...refsIn(mirrorFolder, 'refs/brigade/kept').values()].sort();

/** Whether an object survives in a copy that has nothing but what refs lead to. */
function survives(id: string): boolean {
	copies += 1;
	const copy = join(folder, `copy-${number}-${copies}.git`);
	runGitIn(mirrorFolder, ['clone', '--quiet', '--mirror', '--no-local', mirrorFolder, copy]);
	try {
		runGitIn(copy, ['cat-file', '-e', id]);
		return true;
	} catch {
		return false;
	}
}

describe('a mirror', () => {
	test('has every ref of upstream: branches, annotated tags, notes, whatever is below refs', async () => {
		const first = upstream.commit('main', {'a.txt': 'a'});
		upstream.commit('feature/ünï"\'$;x', {'b.txt': 'b'});
		upstream.git('tag', '-a', '-m', 'one', 'v1', first);
		upstream.git('notes', 'add', '-m', 'note', first);
		upstream.git('update-ref', 'refs/strange/place', first);
		const {refs, hasChanged, charged} = await back();
		assert.ok(hasChanged);
		assert.equal(refs.head, 'refs/heads/main');
		assert.deepEqual(mirrored(), upstream.refs());
		assert.equal(refs.refs.size, upstream.refs().size);
		assert.equal(charged, server.requests.length);
		assert.doesNotThrow(() => runGitIn(mirrorFolder, ['fsck', '--strict']));
	});

	test('costs what is charged for it: first, unchanged, changed', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const first = await back();
		assert.equal(first.charged, server.requests.length);

		server.requests.length = 0;
		const second = await back(first.refs);
		assert.equal(second.hasChanged, false);
		assert.equal(second.charged, server.requests.length);

		upstream.commit('main', {'a.txt': 'b'});
		server.requests.length = 0;
		const third = await back(first.refs);
		assert.ok(third.hasChanged);
		assert.equal(third.charged, server.requests.length, server.requests.join(', '));
	});

	test('of a server that answers nobody who does not greet first, and speaks the old protocol', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		upstream.git('tag', '-a', '-m', 'one', 'v1', 'main');
		server.intercept = (request, response) => {
			const wantsNew = request.headers['git-protocol'] === 'version=2';
			if (
				request.method === 'POST' &&
				wantsNew &&
				request.headers['user-agent']?.startsWith('bucket-brigade')
			) {
				response.writeHead(403).end('greet first');
				return true;
			}

			delete request.headers['git-protocol'];
			return false;
		};
		const {refs} = await back();
		assert.equal(refs.head, 'refs/heads/main');
		assert.deepEqual(mirrored(), upstream.refs());
		assert.equal((await back(refs)).hasChanged, false);
	});

	test('is not taken from a page that says something else', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await back();
		server.intercept = (_, response) => {
			response.writeHead(200, {'content-type': 'text/html'}).end('<html>Down for maintenance</html>');
			return true;
		};
		await assert.rejects(back(refs), /is no list of refs/);
		assert.deepEqual(mirrored(), upstream.refs());
	});

	test('of an empty repository is empty, and unchanged the next time', async () => {
		const {refs} = await back();
		assert.deepEqual([...refs.refs], []);
		assert.equal((await back(refs)).hasChanged, false);
	});

	test('follows a HEAD that moved to another branch', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		upstream.commit('develop', {'a.txt': 'b'});
		const {refs} = await back();
		upstream.git('symbolic-ref', 'HEAD', 'refs/heads/develop');
		const second = await back(refs);
		assert.ok(second.hasChanged);
		assert.equal(second.refs.head, 'refs/heads/develop');
	});

	test('has what a detached HEAD stands at, though no ref leads to it, and keeps it', async () => {
		const id = upstream.commit('side', {'a.txt': 'a'});
		upstream.commit('main', {'b.txt': 'b'});
		upstream.git('update-ref', '--no-deref', 'HEAD', id);
		upstream.git('update-ref', '-d', 'refs/heads/side');
		const {refs} = await back();
		assert.equal(refs.head, id);
		assert.deepEqual(kept(), [id]);
		upstream.git('symbolic-ref', 'HEAD', 'refs/heads/main');
		await back(refs);
		assert.ok(survives(id));
	});

	test('takes a branch that became a folder of branches', async () => {
		upstream.commit('a', {'a.txt': 'a'});
		const {refs} = await back();
		upstream.git('branch', '-m', 'a', 'a/b');
		await back(refs);
		assert.deepEqual(mirrored(), upstream.refs());
	});

	/** Somebody force-pushes while objects are fetched, so often: what was advertised is not there any more. */
	const pushAmidFetches = (times: number): void => {
		let requests = 0;
		server.intercept = () => {
			requests += 1;
			// Each try asks for the refs, then for the objects.
			if (requests % 2 === 0 && requests <= 2 * times) {
				upstream.commit('main', {'a.txt': `pushed ${requests}`}, {orphan: true});
				upstream.git('prune', '--expire=now');
			}

			return false;
		};
	};

	test('of a branch that is pushed to meanwhile is what upstream is in the end', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		pushAmidFetches(2);
		const {refs, problems} = await back();
		assert.deepEqual(mirrored(), upstream.refs());
		assert.deepEqual(refs.refs, mirrored());
		assert.deepEqual(problems.incomplete(), []);
	});

	test('of a branch that never stands still says so, and is never called whole', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		await back();
		const before = mirrored();
		upstream.commit('main', {'a.txt': 'b'});
		pushAmidFetches(100);
		const {refs, problems} = await back();
		assert.deepEqual(refs.refs, before, 'a snapshot lists what is here');
		assert.deepEqual(
			problems.incomplete().map(({path}) => path),
			['refs'],
		);
		assert.match(
			problems.texts().join(),
			/^1 refs are not as upstream has them, the first is refs\/heads\/main$/,
		);
	});

	test('of which something is lost though all refs are as they were is fetched again on a full pass', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const tip = upstream.commit('main', {'b.txt': 'b'});
		const {refs} = await back();
		const packs = join(mirrorFolder, 'objects/pack');
		for (const name of readdirSync(packs)) {
			rmSync(join(packs, name));
		}

		assert.equal((await back(refs)).hasChanged, false, 'refs alone do not tell');
		const {problems} = await back(refs, true);
		assert.match(problems.texts().join(), /damaged; everything is fetched again/);
		assert.match(runGitIn(mirrorFolder, ['rev-list', '--objects', tip]), /\n/);
		assert.deepEqual((await back(refs, true)).problems.texts(), []);
	});

	test('of which something is lost is whole again when its branch moves on', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await back();
		const packs = join(mirrorFolder, 'objects/pack');
		for (const name of readdirSync(packs)) {
			rmSync(join(packs, name));
		}

		const tip = upstream.commit('main', {'b.txt': 'b'});
		const {problems} = await back(refs);
		assert.match(problems.texts().join(), /damaged; everything is fetched again/);
		assert.deepEqual(mirrored(), upstream.refs());
		assert.match(runGitIn(mirrorFolder, ['rev-list', '--objects', tip]), /\n/);
	});

	test('leaves out a ref whose name git does not allow, and says so', async () => {
		const id = upstream.commit('main', {'a.txt': 'a'});
		const line = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;
		server.intercept = (request, response) => {
			const isQuestion = request.url?.endsWith('/git-upload-pack') === true && server.requests.length === 0;
			if (isQuestion) {
				server.requests.push('ls-refs');
				request.resume();
				response.setHeader('content-type', 'application/x-git-upload-pack-result');
				const names = ['heads/main', 'heads/../../brigade/kept/x', 'heads/a.lock', 'heads/\x07bell'];
				response.end(`${names.map(name => line(`${id} refs/${name}\n`)).join('')}0000`, 'latin1');
			}

			return isQuestion;
		};
		const {problems} = await back();
		assert.deepEqual([...mirrored().keys()], ['refs/heads/main']);
		assert.match(problems.texts().join(), /3 refs have names that git does not allow and are left out/);
		assert.doesNotMatch(problems.texts().join(), /\x07/);
	});

	test('takes old objects that do not pass the checks of git, and says so', async () => {
		const tree = runGitIn(upstream.folder, ['mktree'], '');
		const commit = runGitIn(
			upstream.folder,
			['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'],
			`tree ${tree}\nauthor nobody\ncommitter nobody <n@example.com> 1 +0000\n\nbroken\n`,
		);
		upstream.git('update-ref', 'refs/heads/main', commit);
		const {problems} = await back();
		assert.deepEqual(mirrored(), upstream.refs());
		assert.match(problems.texts().join(), /do not pass the checks of git/);
		assert.deepEqual(problems.incomplete(), []);
	});
});

describe('a tip that upstream lost', () => {
	test('by a force-push is kept, and survives when all that is unreachable is thrown away', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const lost = upstream.commit('main', {'a.txt': 'b'});
		const {refs} = await back();
		upstream.commit('main', {'a.txt': 'c'}, {orphan: true});
		const second = await back(refs);
		assert.deepEqual(kept(), [lost]);
		assert.ok(survives(lost));
		assert.deepEqual(mirrored(), upstream.refs());

		// And again: what was kept stays.
		upstream.git('update-ref', '-d', 'refs/heads/main');
		await back(second.refs);
		assert.ok(survives(lost));
		assert.equal(kept().length, 2);
	});

	test('needs no pin when its branch only moved on', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await back();
		upstream.commit('main', {'a.txt': 'b'});
		await back(refs);
		assert.deepEqual(kept(), []);
	});

	test('is kept as an annotated tag, though its commit is reachable', async () => {
		const commit = upstream.commit('main', {'a.txt': 'a'});
		upstream.git('tag', '-a', '-m', 'one', 'v1', commit);
		const tag = upstream.refs().get('refs/tags/v1') ?? '';
		const {refs} = await back();
		upstream.git('tag', '-d', 'v1');
		await back(refs);
		assert.deepEqual(kept(), [tag]);
	});

	test('is kept when upstream is emptied', async () => {
		const tips = ['a', 'b', 'c'].map(branch => upstream.commit(branch, {[branch]: branch}, {orphan: true}));
		const {refs} = await back();
		for (const branch of ['a', 'b', 'c']) {
			upstream.git('update-ref', '-d', `refs/heads/${branch}`);
		}

		const second = await back(refs);
		assert.equal(second.refs.refs.size, 0);
		assert.deepEqual(kept(), [...tips].sort());
		assert.ok(tips.every(survives));
	});

	test('is kept although the run that fetched it made no snapshot', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await back();
		const unseen = upstream.commit('main', {'a.txt': 'b'}, {orphan: true});
		await back(refs);
		upstream.commit('main', {'a.txt': 'c'}, {orphan: true});
		await back(refs);
		assert.ok(survives(unseen));
	});
});

test('whatever people do upstream, every tip that a snapshot lists survives', async () => {
	const branch = fc.constantFrom('main', 'a', 'a/b', 'side');
	const change = fc.oneof(
		fc.record({kind: fc.constantFrom('commit', 'orphan', 'delete'), name: branch}),
		fc.record({kind: fc.constantFrom('tag', 'note', 'untag'), name: fc.constantFrom('v1', 'v2')}),
	);
	let text = 0;
	/** What upstream refuses (a branch `a` beside `a/b`, a tag of nothing) simply does not happen. */
	const make = ({kind, name}: {kind: string; name: string}): void => {
		text += 1;
		try {
			if (kind === 'commit' || kind === 'orphan') {
				upstream.commit(name, {'a.txt': String(text)}, {orphan: kind === 'orphan'});
			} else if (kind === 'delete') {
				upstream.git('update-ref', '-d', `refs/heads/${name}`);
			} else if (kind === 'untag') {
				upstream.git('update-ref', '-d', `refs/tags/${name}`);
			} else {
				upstream.git('tag', '--force', ...(kind === 'tag' ? ['-a', '-m', String(text)] : []), name, 'main');
			}
		} catch {}
	};

	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(change, {maxLength: 5}), {minLength: 2, maxLength: 5}), async runs => {
			number += 1;
			upstream = makeUpstream(join(folder, 'upstream', `r${number}.git`));
			mirrorFolder = join(folder, `mirror-${number}.git`);
			const tips = new Set<string>();
			let last: RefList | undefined;
			for (const changes of runs) {
				changes.forEach(make);
				const step = await back(last);
				assert.deepEqual(mirrored(), upstream.refs());
				last = step.refs;
				for (const id of last.refs.values()) {
					tips.add(id);
				}
			}

			const copy = join(folder, `copy-${number}.git`);
			runGitIn(mirrorFolder, ['clone', '--quiet', '--mirror', '--no-local', mirrorFolder, copy]);
			const found = runGitIn(copy, ['cat-file', '--batch-check'], [...tips].map(id => `${id}\n`).join(''));
			assert.doesNotMatch(found, /missing/);
		}),
		{
			numRuns: 12,
			// What only few of the histories bring: tags that go, or become others.
			examples: [
				[
					[
						[
							{kind: 'commit', name: 'main'},
							{kind: 'tag', name: 'v1'},
						],
						[{kind: 'untag', name: 'v1'}],
					],
				],
				[
					[
						[
							{kind: 'commit', name: 'main'},
							{kind: 'tag', name: 'v1'},
						],
						[{kind: 'tag', name: 'v1'}],
						[],
					],
				],
			],
		},
	);
});

describe('opening a mirror', () => {
	const flock = process.env['PATH']?.split(delimiter).some(part => existsSync(join(part, 'flock')));
	const needsFlock = {skip: !flock && 'there is no flock'};
	const mark = (): string => join(mirrorFolder, 'bucket-brigade.writing');

	const leftBehind = new Set<ChildProcess>();
	afterEach(() => {
		// Those of a test that failed.
		for (const child of leftBehind) {
			child.stdin?.end();
		}

		leftBehind.clear();
	});

	/** What a killed run left behind: it holds the guard until it is told to end, and then writes one more file. */
	async function leaveGitBehind(file = ''): Promise<{end: () => Promise<void>}> {
		const script = 'echo; cat; if [ -n "$1" ]; then echo > "$1"; fi';
		const child = spawn(
			'flock',
			[join(mirrorFolder, 'bucket-brigade.git-guard'), 'sh', '-c', script, 'sh', file],
			{stdio: ['pipe', 'pipe', 'ignore']},
		);
		leftBehind.add(child);
		await once(child.stdout, 'data');
		return {
			end: async () => {
				child.stdin.end();
				await once(child, 'exit');
			},
		};
	}

	/** Time passes by nothing but waiting, and then at least a minute; what is to happen the first time is handed in. */
	function waitingClock(
		onFirstWait: () => Promise<void> = async () => undefined,
	): Clock & {waits: () => number} {
		let waits = 0;
		let elapsed = 0;
		return {
			now: () => 0,
			elapsed: () => elapsed,
			boot: () => 'boot',
			wait: async milliseconds => {
				waits += 1;
				elapsed += Math.max(milliseconds, 60_000);
				if (waits === 1) {
					await onFirstWait();
				}
			},
			waits: () => waits,
		};
	}

	async function open(clock: Clock): Promise<void> {
		const mirror = await openMirror(mirrorFolder, clock, new AbortController().signal);
		mirror.close();
	}

	test(
		'waits for a git that a killed run left behind, before it clears anything away',
		needsFlock,
		async () => {
			upstream.commit('main', {'a.txt': 'a'});
			await back();
			const lock = join(mirrorFolder, 'packed-refs.lock');
			writeFileSync(lock, '');
			const {end} = await leaveGitBehind();
			const clock = waitingClock(async () => {
				assert.ok(existsSync(lock));
				await end();
			});
			await open(clock);
			assert.equal(clock.waits(), 1);
			assert.equal(existsSync(lock), false);
		},
	);

	test('waits for a git that has left nothing yet, and for no longer than once', needsFlock, async () => {
		await back();
		const late = join(mirrorFolder, 'objects/pack/tmp_pack_late');
		writeFileSync(mark(), '');
		const {end} = await leaveGitBehind(late);
		const clock = waitingClock(async () => {
			await end();
			assert.ok(existsSync(late));
		});
		await open(clock);
		assert.equal(clock.waits(), 1);
		assert.equal(existsSync(late), false);
		assert.equal(existsSync(mark()), false);
	});

	test('waits for nobody where no run was killed while it wrote', needsFlock, async () => {
		upstream.commit('main', {'a.txt': 'a'});
		await back();
		const {end} = await leaveGitBehind();
		const clock = waitingClock();
		await open(clock);
		assert.equal(clock.waits(), 0);
		await end();
	});

	test('gives a git up that does not end, and waits for it again the next time', needsFlock, async () => {
		await back();
		writeFileSync(mark(), '');
		const {end} = await leaveGitBehind();
		for (const _ of [1, 2]) {
			const clock = waitingClock();
			await assert.rejects(
				open(clock),
				/^UserError: A git of a run that ended still works on .*; let it end/,
			);
			assert.ok(clock.waits() > 1);
		}

		await end();
		await open(waitingClock());
		assert.equal(existsSync(mark()), false);
	});

	test('finds a mark for as long as a git writes, whether it fails or not, and follows no link', async () => {
		await back();
		const precious = join(folder, `precious-${number}`);
		writeFileSync(precious, 'precious');
		await inMirror(async mirror => {
			symlinkSync(precious, mark());
			const seen: boolean[] = [];
			const input = async function* (): AsyncIterable<string> {
				seen.push(existsSync(mark()));
				yield 'no command of fast-import\n';
			};

			const write = async (): Promise<void> =>
				assert.rejects(mirror.write(['fast-import', '--quiet'], {input: input()}), /Unsupported command/);
			await Promise.all([write(), mirror.write(['version'])]);
			await write();
			assert.deepEqual([...new Set(seen)], [true]);
			assert.equal(existsSync(mark()), false);
		});
		assert.equal(readFileSync(precious, 'utf8'), 'precious');
	});

	test('finds the mark until the last of several that write has ended', async () => {
		await back();
		const {isThere, during} = createWritingMark(mirrorFolder);
		const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
		const [first, second] = gates.map(async ({promise}) => during(async () => promise));
		gates[0]?.resolve();
		await first;
		assert.ok(isThere());
		gates[1]?.resolve();
		await second;
		assert.equal(isThere(), false);
	});

	test(
		'and writing a snapshot writes all of it, although it has to wait for another git',
		needsFlock,
		async () => {
			await back();
			const {end} = await leaveGitBehind();
			const clock = waitingClock(end);
			const mirror = await openMirror(mirrorFolder, clock, new AbortController().signal);
			const parts = new Map([['refs', {kind: 'new', contents: Buffer.from('one\n')} as const]]);
			await writeSnapshot(mirror, '20261122T131500.123Z', 'A snapshot', parts);
			mirror.close();
			assert.equal(clock.waits(), 1);
			const snapshot = 'refs/brigade/snapshots/20261122T131500.123Z';
			assert.equal(runGitIn(mirrorFolder, ['cat-file', 'blob', `${snapshot}:refs`]), 'one');
		},
	);

	test('clears away what a killed git left, so that it is not locked for ever', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await back();
		upstream.commit('main', {'a.txt': 'b'});
		const left = [
			'packed-refs.lock',
			'HEAD.lock',
			'refs/mirror/heads/main.lock',
			'objects/pack/tmp_pack_abc',
			'objects/pack/tmp_idx_abc',
			'fast_import_crash_12',
		];
		mkdirSync(join(mirrorFolder, 'refs/mirror/heads'), {recursive: true});
		for (const name of left) {
			writeFileSync(join(mirrorFolder, name), '');
		}

		writeFileSync(join(mirrorFolder, 'objects/pack/pack-1.keep'), 'fetch-pack 12 on host\n');
		writeFileSync(join(mirrorFolder, 'objects/pack/pack-2.keep'), 'by hand\n');
		await back(refs);
		assert.deepEqual(mirrored(), upstream.refs());
		const files = readdirSync(mirrorFolder, {recursive: true, encoding: 'utf8'});
		assert.deepEqual(
			files.filter(name => /\.lock$|tmp_|crash/.test(name)),
			[],
		);
		assert.ok(files.includes('objects/pack/pack-2.keep'));
		assert.ok(!files.includes('objects/pack/pack-1.keep'));
	});

	test('writes the configuration anew, so that a planted one is never obeyed', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		const {refs} = await back();
		const template = readFileSync(join(mirrorFolder, 'config'), 'utf8');
		const proof = join(folder, 'obeyed');
		const script = join(folder, 'script.sh');
		writeFileSync(script, `#!/bin/sh\ntouch ${proof}\n`, {mode: 0o755});
		mkdirSync(join(mirrorFolder, 'hooks'), {recursive: true});
		writeFileSync(join(mirrorFolder, 'hooks', 'reference-transaction'), `#!/bin/sh\ntouch ${proof}\n`, {
			mode: 0o755,
		});
		writeFileSync(
			join(mirrorFolder, 'config'),
			`${template}[core]\n\tfsmonitor = ${script}\n[url "${server.origin}/r0.git"]\n\tinsteadOf = ${server.origin}\n[credential]\n\thelper = "!touch ${proof}"\n`,
		);
		upstream.commit('main', {'a.txt': 'b'});
		await back(refs);
		assert.deepEqual(mirrored(), upstream.refs());
		assert.ok(!readdirSync(folder).includes('obeyed'));
		assert.equal(readFileSync(join(mirrorFolder, 'config'), 'utf8'), template);
	});

	for (const name of ['commondir', 'shallow', 'objects/info/alternates', 'info/grafts']) {
		test(`refuses one with a planted ${name}`, async () => {
			await back();
			mkdirSync(join(mirrorFolder, 'info'), {recursive: true});
			writeFileSync(join(mirrorFolder, name), '/elsewhere\n');
			await assert.rejects(back(), new RegExp(`${name} does not belong`));
		});
	}

	test('refuses a link in place of the mirror, and inside it', async () => {
		mkdirSync(join(folder, `elsewhere-${number}`));
		symlinkSync(join(folder, `elsewhere-${number}`), mirrorFolder);
		await assert.rejects(back(), /is a link/);
		rmSync(mirrorFolder);
		await back();
		rmSync(join(mirrorFolder, 'objects'), {recursive: true});
		symlinkSync(join(folder, `elsewhere-${number}`), join(mirrorFolder, 'objects'));
		await assert.rejects(back(), /objects does not belong/);
	});

	test('refuses one that another run works on', async () => {
		await inMirror(async () => {
			await assert.rejects(back(), /Another run works on/);
		});
		await back();
	});
});
