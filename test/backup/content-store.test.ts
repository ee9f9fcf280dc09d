import assert from 'node:assert/strict';
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {
	existsSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {Writable} from 'node:stream';
import {type TestContext, test} from 'node:test';
import {ContentsCut, createContentStore, WrongContents} from '../../source/backup/content-store.ts';
import {listMirror} from '../../source/backup/mirror-listing.ts';
import {findStaleFiles, removeStaleFiles} from '../../source/backup/stale-files.ts';
import type {BodyStart, BodyTarget} from '../../source/bitbucket/body-target.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const contents = Buffer.from('the contents of a large file');
const hash = createHash('sha256').update(contents).digest('hex');
const expected = {hash, size: contents.length, part: hash};
const unknown = {size: contents.length, part: 'download'};

const open = async (context: TestContext) => {
	const folder = realpathSync(await temporaryFolder(context));
	const store = createContentStore(folder, ['lfs', 'objects'], ['lfs', 'tmp']);
	const tmp = join(folder, 'lfs', 'tmp');
	return {
		folder,
		store,
		tmp,
		left: () => (existsSync(tmp) ? readdirSync(tmp).sort() : []),
		place: join(folder, 'lfs', 'objects', hash.slice(0, 2), hash.slice(2, 4), hash),
	};
};

/** Gives what is asked for, up to a point at which the connection breaks. */
function sender(
	bytes: Buffer,
	options: {until?: number; validator?: string | undefined; breaks?: boolean} = {},
): {fill: (target: BodyTarget) => Promise<void>; asked: Array<BodyStart | undefined>} {
	const {until = bytes.length, validator, breaks = until < bytes.length} = options;
	const asked: Array<BodyStart | undefined> = [];
	return {
		asked,
		fill: async target => {
			const start = target.resume();
			asked.push(start);
			const isSame = start?.validator === undefined || start.validator === validator;
			const from = isSame ? (start?.from ?? 0) : 0;
			const stream = target.open(from, validator) as Writable;
			await new Promise<void>((resolve, reject) => {
				stream.on('error', reject);
				stream.write(bytes.subarray(from, until), () => resolve());
			});
			if (breaks) {
				stream.destroy(new Error('the connection broke'));
			} else {
				stream.end();
			}

			await once(stream, 'close');
		},
	};
}

test('content store: takes a file in under its hash, for its owner alone, and leaves nothing beside it', async context => {
	const {store, place, left} = await open(context);
	assert.deepEqual(await store.add(sender(contents).fill, expected), {hash, bytes: contents.length});
	assert.ok(readFileSync(place).equals(contents));
	assert.equal(await store.sizeOf(hash), contents.length);
	assert.equal(await store.sizeOf('0'.repeat(64)), undefined);
	assert.deepEqual(left(), []);
});

for (const [name, what, validator] of [
	['whose hash is known', expected, undefined],
	['that the server tells from other versions', unknown, '"one"'],
] as const) {
	test(`content store: a file ${name} goes on where it broke off`, async context => {
		const {store, place, left} = await open(context);
		const sizes: number[] = [];
		const onBytes = (bytes: number): void => {
			sizes.push(bytes);
		};
		await assert.rejects(
			store.add(sender(contents, {until: 10, validator}).fill, {...what, onBytes}),
			/the connection broke/,
		);
		assert.ok(left().includes(`${what.part}.part`));
		const rest = sender(contents, {validator});
		await store.add(rest.fill, {...what, onBytes});
		assert.deepEqual(rest.asked, [{from: 10, validator}]);
		assert.ok(readFileSync(place).equals(contents));
		assert.deepEqual(left(), []);
		assert.deepEqual(sizes, [10, contents.length]);
	});
}

for (const [name, validator] of [
	['the server tells no versions apart', undefined],
	['the server has another version', '"two"'],
] as const) {
	test(`content store: a file without a known hash begins anew where ${name}`, async context => {
		const {store, place, left} = await open(context);
		const other = Buffer.from(contents).fill('x', 0, 10);
		const first = validator === undefined ? {} : {validator: '"one"'};
		await assert.rejects(store.add(sender(other, {until: 10, ...first}).fill, unknown), /broke/);
		await store.add(sender(contents, {validator}).fill, unknown);
		assert.ok(readFileSync(place).equals(contents));
		assert.deepEqual(left(), []);
	});
}

test('content store: of a file without a known hash only what its note vouches for is gone on with', async context => {
	const {store, place, tmp} = await open(context);
	const part = join(tmp, 'download.part');
	const begin = async (): Promise<void> => {
		await assert.rejects(store.add(sender(contents, {until: 10, validator: '"one"'}).fill, unknown), /broke/);
	};

	await begin();
	// What came after the note may not be on the disk as it was: a machine that lost its power.
	writeFileSync(part, Buffer.concat([contents.subarray(0, 10), Buffer.alloc(7)]));
	const longer = sender(contents, {validator: '"one"'});
	await store.add(longer.fill, unknown);
	assert.deepEqual(longer.asked, [{from: 10, validator: '"one"'}]);
	assert.ok(readFileSync(place).equals(contents));

	for (const damage of [
		() => truncateSync(part, 9),
		() => writeFileSync(part, 'something else'),
		() => writeFileSync(`${part}.json`, 'no note'),
		() => writeFileSync(`${part}.json`, JSON.stringify({validator: '"one"', bytes: 1e9, sha256: hash})),
	]) {
		await begin();
		damage();
		const anew = sender(contents, {validator: '"one"'});
		await store.add(anew.fill, unknown);
		assert.deepEqual(anew.asked, [undefined]);
	}
});

test('content store: a large file notes on its way how far it is', async context => {
	const {store, tmp} = await open(context);
	const piece = Buffer.alloc(1024 * 1024, 'x');
	let seen: unknown;
	await store.add(
		async target => {
			const stream = target.open(0, '"one"');
			for (let count = 0; count < 70; count += 1) {
				await new Promise<void>((resolve, reject) => {
					stream.write(piece, error => (error ? reject(error) : resolve()));
				});
			}

			seen = JSON.parse(readFileSync(join(tmp, 'download.part.json'), 'utf8'));
			await new Promise<void>(resolve => {
				stream.on('close', resolve).end();
			});
		},
		{part: 'download'},
	);
	const sha256 = createHash('sha256')
		.update(Buffer.alloc(64 * piece.length, 'x'))
		.digest('hex');
	assert.deepEqual(seen, {validator: '"one"', bytes: 64 * piece.length, sha256});
});

test('content store: where the rest does not belong to what is here, it begins anew, once', async context => {
	const {store, place, tmp, left} = await open(context);
	mkdirSync(tmp, {recursive: true});
	writeFileSync(join(tmp, `${hash}.part`), 'the contents of something else'.slice(0, 20));
	const {fill, asked} = sender(contents);
	await store.add(fill, expected);
	assert.deepEqual(asked, [{from: 20, validator: undefined}, undefined]);
	assert.ok(readFileSync(place).equals(contents));

	writeFileSync(join(tmp, `${hash}.part`), 'x');
	const wrong = sender(Buffer.alloc(contents.length, 'x'));
	await assert.rejects(store.add(wrong.fill, expected), WrongContents);
	assert.equal(wrong.asked.length, 2);
	assert.deepEqual(left(), []);
});

test('content store: a part that is longer than the file is thrown away', async context => {
	const {store, place, tmp} = await open(context);
	mkdirSync(tmp, {recursive: true});
	writeFileSync(join(tmp, `${hash}.part`), `${contents} and more`);
	const {fill, asked} = sender(contents);
	await store.add(fill, expected);
	assert.deepEqual(asked, [undefined]);
	assert.ok(readFileSync(place).equals(contents));
});

test('content store: what was all here when a run was killed is asked for no more', async context => {
	const {store, place, tmp} = await open(context);
	mkdirSync(tmp, {recursive: true});
	writeFileSync(join(tmp, `${hash}.part`), contents);
	const {fill, asked} = sender(contents);
	await store.add(fill, expected);
	assert.deepEqual(asked, []);
	assert.ok(readFileSync(place).equals(contents));
});

test('content store: what ends too early is kept for the next time, what is wrong is not', async context => {
	const {store, left} = await open(context);
	const short = sender(contents, {until: 10, breaks: false});
	await assert.rejects(store.add(short.fill, expected), ContentsCut);
	assert.deepEqual(left(), [`${hash}.part`]);
	await assert.rejects(store.add(short.fill, expected), ContentsCut);
	assert.deepEqual(short.asked.at(-1), {from: 10, validator: undefined}, 'it is no reason to begin anew');
	const rest = sender(contents);
	await store.add(rest.fill, expected);
	await assert.rejects(
		store.add(sender(Buffer.alloc(contents.length)).fill, expected),
		(error: unknown) => error instanceof WrongContents && !(error instanceof ContentsCut),
	);
	await assert.rejects(
		store.add(sender(Buffer.concat([contents, contents])).fill, expected),
		/more than the 28 bytes came/,
	);
	assert.deepEqual(left(), []);
});

test('content store: the hash decides, whatever size was said', async context => {
	const {store} = await open(context);
	await store.add(sender(contents).fill, {...expected, size: 1_000_000});
	assert.equal(await store.sizeOf(hash), contents.length);
});

test('content store: two that take in the same file do not write to one part', async context => {
	const {store, place, left} = await open(context);
	const hasBegun = Promise.withResolvers<void>();
	const mayEnd = Promise.withResolvers<void>();
	const first = store.add(async target => {
		const stream = target.open(0, undefined) as Writable;
		stream.write(contents.subarray(0, 5), () => hasBegun.resolve());
		await mayEnd.promise;
		stream.end(contents.subarray(5));
		await once(stream, 'close');
	}, expected);
	await hasBegun.promise;
	await store.add(sender(contents).fill, expected);
	mayEnd.resolve();
	await first;
	assert.ok(readFileSync(place).equals(contents));
	assert.deepEqual(left(), []);
});

test('content store: a part that vanished in between is not filled up with nothing', async context => {
	const {store, tmp, place} = await open(context);
	const adding = store.add(async target => {
		await assert.rejects(sender(contents, {until: 10}).fill(target), /broke/);
		rmSync(join(tmp, `${hash}.part`));
		await sender(contents).fill(target);
	}, expected);
	await assert.rejects(adding, /ENOENT/);
	assert.equal(existsSync(place), false);
});

test('content store: parts that nobody wants any more go', async context => {
	const {store, left, tmp} = await open(context);
	await store.sweepParts(new Set());
	mkdirSync(tmp, {recursive: true});
	for (const name of ['a.part', 'a.part.json', 'b.part', 'b.part.json', 'no-part']) {
		writeFileSync(join(tmp, name), '');
	}

	await store.sweepParts(new Set(['b']));
	assert.deepEqual(left(), ['b.part', 'b.part.json', 'no-part']);
});

test('stale files: a part stays for days, everything else that was coming in goes', async context => {
	const {folder, tmp, left} = await open(context);
	mkdirSync(tmp, {recursive: true});
	for (const name of ['a.part', 'a.part.json', 'old.part', '0b9c', '.a.part.json.1.new']) {
		writeFileSync(join(tmp, name), '');
	}

	mkdirSync(join(tmp, 'folder'));
	const now = Date.now();
	utimesSync(join(tmp, 'old.part'), new Date(now - 15 * 86_400_000), new Date(now - 15 * 86_400_000));
	await removeStaleFiles(await findStaleFiles(folder, await listMirror(folder), now));
	assert.deepEqual(left(), ['a.part', 'a.part.json']);
	await removeStaleFiles(await findStaleFiles(folder, await listMirror(folder), now + 15 * 86_400_000));
	assert.deepEqual(left(), []);
});

test('content store: nothing is written through a link, to a pipe, or to a file that has another name too', async context => {
	const {folder, store, tmp, place} = await open(context);
	mkdirSync(tmp, {recursive: true});
	const precious = join(folder, 'precious');
	const part = join(tmp, `${hash}.part`);
	for (const plant of [
		() => symlinkSync('../../precious', part),
		() => linkSync(precious, part),
		() => execFileSync('mkfifo', [part]),
		() => mkdirSync(join(part, 'folder'), {recursive: true}),
	]) {
		writeFileSync(precious, contents.subarray(0, 3));
		plant();
		await assert.rejects(store.add(sender(contents, {until: 5}).fill, expected), /broke/);
		await store.add(sender(contents).fill, expected);
		assert.equal(readFileSync(precious, 'utf8'), 'the');
		assert.ok(readFileSync(place).equals(contents));
	}

	const note = `${join(tmp, 'download.part')}.json`;
	writeFileSync(join(tmp, 'download.part'), contents);
	execFileSync('mkfifo', [note]);
	await store.add(sender(contents).fill, unknown);
});

for (const names of [['lfs'], ['lfs', 'objects'], ['lfs', 'tmp'], ['lfs', 'objects', hash.slice(0, 2)]]) {
	test(`content store: a link in place of ${names.length > 2 ? 'a folder of files' : names.join('/')} is refused`, async context => {
		const {folder, store} = await open(context);
		const elsewhere = join(folder, 'elsewhere');
		mkdirSync(elsewhere);
		mkdirSync(join(folder, ...names.slice(0, -1)), {recursive: true});
		symlinkSync(elsewhere, join(folder, ...names));
		await assert.rejects(
			store.add(sender(contents).fill, expected),
			/^UserError: .* is a link, or no folder/,
		);
		assert.deepEqual(readdirSync(elsewhere), []);
	});
}

const receiver = join(import.meta.dirname, 'content-receiver.ts');

test('content store: a process that is killed leaves what came, and the next one goes on with it', async context => {
	const {folder, store, tmp} = await open(context);
	const child = spawn(process.execPath, ['--import=tsx', receiver, folder, hash, String(contents.length)], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	child.stdin.write(contents.subarray(0, 10));
	await once(child.stdout, 'data');
	child.kill('SIGKILL');
	await once(child, 'exit');
	assert.equal(readFileSync(join(tmp, `${hash}.part`)).length, 10);
	const {fill, asked} = sender(contents);
	await store.add(fill, expected);
	assert.deepEqual(asked, [{from: 10, validator: undefined}]);
});

test('content store: a file is on disk before it gets its name, and the name before that is acknowledged', {
	skip: spawnSync('strace', ['-V']).error !== undefined && 'strace is not installed',
}, async context => {
	const {folder} = await open(context);
	const log = join(folder, 'calls');
	const traced = spawnSync(
		'strace',
		[
			...[
				'-f',
				'-y',
				'-o',
				log,
				'-e',
				'trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,mkdir',
			],
			...[process.execPath, '--import=tsx', receiver, folder, hash, String(contents.length)],
		],
		{input: contents, encoding: 'utf8', env: {...process.env, UV_THREADPOOL_SIZE: '1'}},
	);
	assert.match(traced.stdout, /taken in\n$/, traced.stderr);
	const calls = readFileSync(log, 'utf8')
		.split('\n')
		.flatMap(line => {
			const [, name = '', rest = ''] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
			if (name === 'write' && rest.startsWith('1<') && rest.includes('taken in')) {
				return ['acknowledged'];
			}

			if (!rest.includes(join(folder, 'lfs')) && !rest.includes(`<${folder}>`)) {
				return [];
			}

			const [, path = ''] = /^(?:\d+<|")([^>"]*)/.exec(rest) ?? [];
			const what = path.endsWith('.part')
				? 'file'
				: path.replace(folder, '').replace(hash.slice(0, 2), 'ab').replace(hash.slice(2, 4), 'cd');
			return [`${name.replace('pwrite64', 'write').replace('fdatasync', 'fsync')} ${what}`];
		});
	assert.deepEqual(calls, [
		...['mkdir /lfs', 'fsync ', 'mkdir /lfs/tmp', 'fsync /lfs'],
		...['write file', 'fsync file'],
		...['mkdir /lfs', 'mkdir /lfs/objects', 'fsync /lfs'],
		...['mkdir /lfs/objects/ab', 'fsync /lfs/objects', 'mkdir /lfs/objects/ab/cd', 'fsync /lfs/objects/ab'],
		...['rename file', 'fsync /lfs/objects/ab/cd'],
		'acknowledged',
	]);
});
