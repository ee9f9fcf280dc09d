import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {GitRefused} from '../../source/accounts/pool-types.ts';
import {fetchPack, NotConnected, NotOurRef} from '../../source/backup/fetch-pack.ts';
import {type Mirror, openMirror} from '../../source/backup/mirror.ts';
import {packetLine} from '../../source/backup/packet-lines.ts';
import {BrokenPackets, readPackets} from '../../source/backup/packet-stream.ts';
import {systemClock} from '../../source/system/clock.ts';
import {createFakePool} from './fake-pool.ts';
import {type GitServer, startGitServer} from './git-server.ts';
import {makeUpstream, runGitIn, type UpstreamRepository} from './upstream-repository.ts';

let folder: string;
let server: GitServer;
let upstream: UpstreamRepository;
let number = 0;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-pack-'));
	server = await startGitServer(join(folder, 'upstream'));
});
after(async () => {
	await server.close();
	rmSync(folder, {recursive: true, force: true});
});
beforeEach(() => {
	number += 1;
	upstream = makeUpstream(join(folder, 'upstream', `r${number}.git`));
	server.requests.length = 0;
	server.intercept = () => false;
});

async function inMirror<Result>(work: (mirror: Mirror) => Promise<Result>): Promise<Result> {
	const mirror = await openMirror(
		join(folder, `mirror-${number}.git`),
		systemClock,
		new AbortController().signal,
	);
	try {
		return await work(mirror);
	} finally {
		mirror.close();
	}
}

async function fetch(mirror: Mirror, wants: readonly string[], haves: readonly string[] = []) {
	const pool = createFakePool({origin: server.origin});
	return fetchPack({
		mirror,
		upstream: {name: 'r', cloneUrl: `${server.origin}/r${number}.git`, pool},
		wants,
		haves,
	});
}

const mediaType = 'application/x-git-upload-pack-result';

/** Answers every `fetch` by itself. */
function answer(send: (response: ServerResponse) => void): void {
	server.intercept = (request: IncomingMessage, response: ServerResponse) => {
		request.resume();
		response.setHeader('content-type', mediaType);
		send(response);
		return true;
	};
}

/** A pack as a server sends it. */
function packed(pack: Buffer): Buffer {
	return Buffer.concat([
		Buffer.from(`${packetLine('packfile\n')}${(pack.length + 5).toString(16).padStart(4, '0')}\x01`),
		pack,
		Buffer.from('0000'),
	]);
}

describe('a pack', () => {
	test('comes in one request, and what it says is wanted is there with all that it reaches', async () => {
		const first = upstream.commit('main', {'a.txt': 'a'});
		const tip = upstream.commit('main', {'b.txt': 'b'});
		upstream.git('tag', '-a', '-m', 'one', 'v1', first);
		const tag = upstream.git('rev-parse', 'v1');
		await inMirror(async mirror => {
			assert.deepEqual(await fetch(mirror, [tip, tag]), {isUnchecked: false});
			assert.equal(server.requests.length, 1);
			assert.equal(runGitIn(mirror.folder, ['cat-file', '-t', tag]), 'tag');
			assert.equal(runGitIn(mirror.folder, ['rev-list', '--objects', tip, tag]).split('\n').length, 7);
		});
	});

	test('holds only what is new, where it is said what is here', async () => {
		const base = upstream.commit('main', {'large.txt': 'x'.repeat(100_000) + Math.random()});
		await inMirror(async mirror => {
			await fetch(mirror, [base]);
			const next = upstream.commit('main', {'large.txt': 'x'.repeat(100_000), 'small.txt': 'y'});
			await fetch(mirror, [next], [base]);
			const packs = readdirSync(join(mirror.folder, 'objects/pack')).filter(name => name.endsWith('.idx'));
			assert.equal(packs.length, 2);
			assert.match(runGitIn(mirror.folder, ['rev-list', '--objects', next]), new RegExp(base));
		});
	});

	test('of which the server leaves out what we do not have is not believed', async () => {
		const base = upstream.commit('main', {'a.txt': 'a'});
		const next = upstream.commit('main', {'b.txt': 'b'});
		await inMirror(async mirror => {
			// What was said to be here is not: the mirror is damaged.
			await assert.rejects(fetch(mirror, [next], [base]), NotConnected);
			await fetch(mirror, [next]);
		});
	});

	for (const [name, isHere] of [
		['into an empty mirror', false],
		['into one that holds something', true],
	] as const) {
		test(`that lacks what its objects lead to is not believed, ${name}`, async () => {
			const other = upstream.commit('other', {'other.txt': 'other'});
			const tip = upstream.commit('main', {'a.txt': 'a'}, {orphan: true});
			const blob = upstream.git('rev-parse', `${tip}:a.txt`);
			const lacking = upstream
				.git('rev-list', '--objects', '--no-object-names', tip)
				.replace(blob, '')
				.trim();
			const pack = execFileSync('git', ['-C', upstream.folder, 'pack-objects', '--stdout', '-q'], {
				input: `${lacking}\n`,
			});
			await inMirror(async mirror => {
				if (isHere) {
					await fetch(mirror, [other]);
				}

				answer(response => response.end(packed(pack)));
				await assert.rejects(fetch(mirror, [tip]), NotConnected);
				server.intercept = () => false;
				await fetch(mirror, [tip]);
				assert.equal(runGitIn(mirror.folder, ['cat-file', 'blob', blob]), 'a');
			});
		});
	}

	test('of other objects than those that are wanted is not believed', async () => {
		const other = upstream.commit('other', {'other.txt': 'other'});
		const tip = upstream.commit('main', {'a.txt': 'a'}, {orphan: true});
		const pack = execFileSync('git', ['-C', upstream.folder, 'pack-objects', '--stdout', '-q', '--revs'], {
			input: `${other}\n`,
		});
		await inMirror(async mirror => {
			answer(response => response.end(packed(pack)));
			await assert.rejects(fetch(mirror, [tip]), NotConnected);
		});
	});

	test('that is wanted and gone upstream says that it is not theirs', async () => {
		upstream.commit('main', {'a.txt': 'a'});
		await inMirror(async mirror => assert.rejects(fetch(mirror, ['1'.repeat(40)]), NotOurRef));
	});

	test('that breaks off, at whatever byte, is refused and may be asked for again', async () => {
		const tip = upstream.commit('main', {'a.txt': 'a'.repeat(5000) + Math.random()});
		const whole = await new Promise<Buffer>(resolve => {
			void inMirror(async mirror => {
				const chunks: Buffer[] = [];
				const pool = createFakePool({origin: server.origin});
				await pool.withGit({repository: 'r', requests: 1}, async ({signIn}) => {
					const response = await globalThis.fetch(`${server.origin}/r${number}.git/git-upload-pack`, {
						method: 'POST',
						headers: {
							authorization: `Basic ${Buffer.from(`${signIn.username}:${signIn.password}`).toString('base64')}`,
							'content-type': 'application/x-git-upload-pack-request',
							'git-protocol': 'version=2',
						},
						body: `${packetLine('command=fetch\n')}0001${packetLine(`want ${tip}\n`)}${packetLine('done\n')}0000`,
					});
					chunks.push(Buffer.from(await response.arrayBuffer()));
				});
				resolve(Buffer.concat(chunks));
				return mirror;
			});
		});
		for (const length of [0, 3, 8, 40, Math.floor(whole.length / 2), whole.length - 5, whole.length - 1]) {
			answer(response => response.end(whole.subarray(0, length)));
			await inMirror(async mirror => {
				await assert.rejects(fetch(mirror, [tip]), GitRefused, `${length} of ${whole.length} bytes`);
			});
		}

		server.intercept = () => false;
		await inMirror(async mirror => fetch(mirror, [tip]));
	});

	for (const [name, body, expected] of [
		['an error in words', packetLine('ERR no such thing\n'), /no such thing/],
		[
			'an error amid the pack',
			`${packetLine('packfile\n')}${packetLine('\x03disk full\x1b[2J')}0000`,
			/disk full\\?/,
		],
		['a page of HTML', '<html>maintenance</html>', /not in its protocol|breaks off/],
		['an empty pack', `${packetLine('packfile\n')}0000`, /early EOF/],
	] as const) {
		test(`that is ${name} is refused`, async () => {
			const tip = upstream.commit('main', {'a.txt': 'a'});
			answer(response => response.end(body));
			await inMirror(async mirror => {
				await assert.rejects(fetch(mirror, [tip]), (error: Error) => {
					assert.ok(error instanceof GitRefused, error.message);
					assert.match(error.message, expected);
					assert.doesNotMatch(error.message, /\x1b/);
					return true;
				});
			});
		});
	}
});

test('packets: marks, contents and breaks, however the bytes are cut', async () => {
	const bytes = Buffer.from(`0006ab0000${packetLine('x'.repeat(300))}000400010000`);
	for (let size = 1; size < 20; size += 3) {
		const chunks: Buffer[] = [];
		for (let at = 0; at < bytes.length; at += size) {
			chunks.push(bytes.subarray(at, at + size));
		}

		const seen: string[] = [];
		let isOpen = false;
		for await (const piece of readPackets(stream(chunks))) {
			if (piece.kind === 'data') {
				assert.equal(piece.isStart, !isOpen);
				assert.ok(piece.data.length > 0 || piece.isEnd);
				seen.push((isOpen ? seen.pop() : '') + piece.data.toString());
				isOpen = !piece.isEnd;
			} else {
				assert.equal(isOpen, false);
				seen.push(piece.kind);
			}
		}

		assert.deepEqual(seen, ['ab', 'flush', 'x'.repeat(300), '', 'delimiter', 'flush']);
	}

	for (const broken of ['0006a', '00', 'zzzz', '0002', '0003']) {
		await assert.rejects(async () => {
			for await (const _ of readPackets(stream([Buffer.from(broken)]))) {
			}
		}, BrokenPackets);
	}
});

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
	yield* chunks;
}
