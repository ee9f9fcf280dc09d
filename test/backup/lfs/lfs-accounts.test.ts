import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, beforeEach, describe, test} from 'node:test';
import {type ContentStore, createContentStore} from '../../../source/backup/content-store.ts';
import {fetchObjects} from '../../../source/backup/lfs/fetch-objects.ts';
import {createTransferSlots} from '../../../source/backup/transfer-slots.ts';
import type {HttpClient} from '../../../source/bitbucket/http-client.ts';
import type {RunReport} from '../../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../../source/sandbox/start-sandbox.ts';
import {systemClock} from '../../../source/system/clock.ts';
import {createFakePool} from '../fake-pool.ts';
import {readMirror} from '../mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from '../run-against-sandbox.ts';
import {oidOf} from './lfs-upstream.ts';

const slug = 'data-lake';
const batch = `/${slug}.git/info/lfs/objects/batch`;

describe('LFS through the account pool', () => {
	let folder: string;
	let sandbox: Sandbox;
	let number = 0;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-lfs-accounts-'));
		sandbox = await startSandbox({repositories: 4, pullRequests: 0});
	});
	after(async () => {
		await sandbox.close();
		rmSync(folder, {recursive: true, force: true});
	});

	let run: SandboxRun;
	let reports: RunReport[];
	beforeEach(() => {
		number += 1;
		reports = [];
		const {workspace, apiUrl, gitUrl, credentials} = sandbox;
		run = {
			folder: join(folder, String(number)),
			workspace,
			apiUrl,
			gitUrl,
			credentials: credentials.filter(({label}) => ['primary', 'bot-1', 'bot-2'].includes(label)),
			plan: {include: [slug], data: ['git', 'lfs']},
		};
	});

	const start = async () => runAgainstSandbox(run, report => reports.push(report));
	const listed = (): unknown[] =>
		readMirror(join(destinationOf(run), run.workspace), slug).json('lfs.json') as unknown[];

	test('a batch is one request of git; what the storage gives is none of Bitbucket’s', async () => {
		assert.equal((await start()).status, 'succeeded');
		const withLfs = reports.findLast(({type}) => type === 'repository-finished');
		const objects = listed().length;
		assert.ok(objects > 1);
		number += 1;
		run = {...run, folder: join(folder, `${number}-without`), plan: {include: [slug], data: ['git']}};
		assert.equal((await start()).status, 'succeeded');
		const without = reports.findLast(({type}) => type === 'repository-finished');
		assert.ok(withLfs?.type === 'repository-finished' && without?.type === 'repository-finished');
		assert.equal((withLfs.requests.git ?? 0) - (without.requests.git ?? 0), Math.ceil(objects / 100));
		assert.deepEqual({...withLfs.requests, git: 0}, {...without.requests, git: 0});
	});

	for (const [status, through] of [
		[403, 'another account'],
		[404, 'another account'],
		[429, 'another account'],
		[503, 'any account'],
	] as const) {
		test(`a batch that is answered ${status} is asked for again, through ${through}`, async () => {
			sandbox.control.failNext({match: batch, status});
			assert.equal((await start()).status, 'succeeded');
			assert.ok(listed().length > 1);
		});
	}

	for (const status of [404, 422, 413]) {
		test(`a server that says ${status} to everybody costs LFS alone`, async () => {
			sandbox.control.failNext({match: batch, status, times: 100});
			const outcome = await start();
			assert.equal(outcome.status, 'partial');
			assert.match(
				outcome.problems.join(),
				/^data-lake: \d+ LFS objects could not be fetched: the LFS server said/,
			);
			assert.ok(readMirror(join(destinationOf(run), run.workspace), slug).mirrored().size > 0);
			await sandbox.close();
			sandbox = await startSandbox({repositories: 4, pullRequests: 0});
		});
	}
});

test('all repositories of a run together fetch no more objects at once than there are slots', async context => {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-lfs-slots-'));
	context.after(() => rmSync(folder, {recursive: true, force: true}));
	const count = 3;
	let running = 0;
	let most = 0;
	/** The first ones wait until every slot is taken: how fast a machine is says nothing here. */
	const allTaken = Promise.withResolvers<void>();
	const bytes = (url: string): Buffer => Buffer.from(url);
	const http: HttpClient = {
		attempt: async (url, {body, target}) => {
			if (body !== undefined) {
				const {objects} = JSON.parse(body) as {objects: Array<{oid: string}>};
				const described = objects.map(({oid}) => ({oid, actions: {download: {href: urls.get(oid)}}}));
				return {status: 200, headers: {}, body: Buffer.from(JSON.stringify({objects: described})), bytes: 0};
			}

			running += 1;
			most = Math.max(most, running);
			if (running >= count) {
				allTaken.resolve();
			}

			await allTaken.promise;
			for (let turn = 0; turn < 3; turn += 1) {
				await new Promise(resolve => {
					setImmediate(resolve);
				});
			}

			await new Promise<void>(resolve => {
				const stream = target?.open(0, undefined);
				stream?.on('close', resolve);
				stream?.end(bytes(url));
			});
			running -= 1;
			return {status: 200, headers: {}, body: Buffer.alloc(0), bytes: 0};
		},
	};
	const urls = new Map<string, string>();
	const transfers = createTransferSlots(count);
	const all = Array.from({length: 4}, async (_, repository) => {
		const wanted = new Map(
			Array.from({length: 6}, (__, index) => {
				const url = `https://storage.example/${repository}/${index}`;
				urls.set(oidOf(bytes(url)), url);
				return [oidOf(bytes(url)), [bytes(url).length]] as const;
			}),
		);
		const store: ContentStore = createContentStore(folder, ['lfs', 'objects'], ['lfs', 'tmp']);
		return fetchObjects(wanted, {
			http,
			upstream: {
				name: 'r',
				cloneUrl: 'https://bitbucket.example/a/r.git',
				pool: createFakePool({origin: ''}),
			},
			store,
			transfers,
			progress: () => undefined,
			clock: systemClock,
			signal: new AbortController().signal,
		});
	});
	const fetched = await Promise.all(all);
	assert.deepEqual(
		fetched.map(({here, problems}) => [here.size, problems]),
		Array.from({length: 4}, () => [6, []]),
	);
	assert.equal(most, count);
});
