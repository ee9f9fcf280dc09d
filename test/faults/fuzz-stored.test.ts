import assert from 'node:assert/strict';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {createLedger} from '../../source/accounts/ledger.ts';
import {GitRefused} from '../../source/accounts/pool-types.ts';
import {createReachMemories} from '../../source/accounts/reach-memory.ts';
import {parseKeep} from '../../source/actions/keep-text.ts';
import {runningProcess} from '../../source/actions/plan-lock.ts';
import {parseSchedule} from '../../source/actions/schedule/schedule.ts';
import {decideDisplay} from '../../source/app/display.ts';
import {loadKeys} from '../../source/app/input/key-map-file.ts';
import {createKeySplitter} from '../../source/app/input/key-splitter.ts';
import {parseDraftRecord} from '../../source/backup/draft-record.ts';
import {slugIn, uuidPrefix, uuidPrefixIn} from '../../source/backup/folder-name.ts';
import {askForLinks, BatchRefused} from '../../source/backup/lfs/batch.ts';
import {elementsIn} from '../../source/backup/metadata/list-file.ts';
import {sourceCommitIn} from '../../source/backup/metadata/pull-request-list.ts';
import {MirrorDamaged} from '../../source/backup/mirror-damaged.ts';
import {readMirrorNote} from '../../source/backup/mirror-note.ts';
import {parseRawDiff} from '../../source/backup/reading/changed-paths.ts';
import {parseRefsDiff} from '../../source/backup/reading/changed-refs.ts';
import {chooseSnapshot} from '../../source/backup/reading/choose-snapshot.ts';
import {indentJson} from '../../source/backup/reading/indent-json.ts';
import {readRefFiles} from '../../source/backup/ref-files.ts';
import {parsePushAddress} from '../../source/backup/restore/push-address.ts';
import {snapshotTime} from '../../source/backup/snapshot-id.ts';
import {createFsckReader, isSound} from '../../source/backup/verify/fsck-report.ts';
import {readLostSnapshots} from '../../source/backup/verify/move-aside.ts';
import {parsePackedRefs} from '../../source/backup/verify/packed-refs.ts';
import {readJournalEnds} from '../../source/runs/journal-ends.ts';
import {keyIn} from '../../source/store/age-key.ts';
import {createCatalog} from '../../source/store/catalog.ts';
import {createCredentialChecks} from '../../source/store/credential-checks.ts';
import {resolveHome} from '../../source/store/home.ts';
import {findIdentity} from '../../source/store/identity.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {systemClock} from '../../source/system/clock.ts';
import {compileCacheFolder} from '../../source/system/compile-cache.ts';
import {UserError} from '../../source/system/user-error.ts';
import {createFakeClock} from '../fake-clock.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {bytes, nearly} from './nearly.ts';

/* What lies on disk, what is typed and what the environment says, of any bytes: a right result or a clear error, and an end. */

const id = 'a'.repeat(40);
const packedRefs = `# pack-refs with: peeled fully-peeled sorted \n${id} refs/heads/main\n${id} refs/tags/v1\n^${id}\n`;
const draft = JSON.stringify({version: 1, at: '2026-11-27T00:00:00.000Z', run: 'x', parts: []});

describe('never throws', () => {
	const parsers: ReadonlyArray<readonly [string, fc.Arbitrary<Buffer>, (input: Buffer) => unknown]> = [
		['the record of a draft', nearly(draft), parseDraftRecord],
		['a list of packed refs', nearly(packedRefs), parsePackedRefs],
		['a raw diff of trees', nearly(`:100644 100644 ${id} ${id} M\0a/b\0`), parseRawDiff],
		['a diff of lists of refs', nearly(`diff --git a/refs b/refs\n-${id} refs/heads/a\n`), parseRefsDiff],
		['a list that was saved', nearly('[{"id":1},{"id":2}]'), elementsIn],
		['a pull request that was saved', nearly('{"source":{"commit":{"hash":"abc"}}}'), sourceCommitIn],
		[
			'complaints of fsck',
			nearly(`error: ${id}: object corrupt or missing: ./objects/aa/bb\nmissing blob ${id}\n`),
			input => {
				const reader = createFsckReader();
				for (const line of input.toString('latin1').split('\n')) {
					reader.error(line);
					reader.output(line);
				}

				return isSound(reader.report());
			},
		],
		['a file shown as JSON', nearly('{"a":[1,{"b":"c\\"d"}]}'), input => indentJson(input.toString('utf8'))],
		['the id of a snapshot', nearly('20261122T131500.123Z'), input => snapshotTime(input.toString('latin1'))],
		[
			'the name of a mirror',
			nearly('web-3f2a9c01.git'),
			input => [slugIn, uuidPrefixIn, uuidPrefix].map(read => read(input.toString('latin1'))),
		],
		[
			'keys, in pieces',
			nearly('\u001b[A\u001b[200~text\u001b[201~\u001b[1;5C'),
			input => {
				const splitter = createKeySplitter();
				const text = input.toString('utf8');
				splitter.feed(text.slice(0, text.length / 2));
				splitter.feed(text.slice(text.length / 2));
				return splitter.endWaiting();
			},
		],
	];
	for (const [name, close, parse] of parsers) {
		test(name, () => {
			fc.assert(
				fc.property(fc.oneof(bytes, close), input => {
					parse(input);
				}),
				{numRuns: 300},
			);
		});
	}
});

describe('a value, or a sentence', () => {
	const ids = ['20261122T131500.123Z', '20261123T131500.123Z'];
	const readers: ReadonlyArray<readonly [string, string, (text: string) => unknown]> = [
		['a schedule', '0 2 * * *', parseSchedule],
		['how long something is kept', 'daily=7,weekly=8,within=30d', parseKeep],
		['an address to push to', 'https://bitbucket.org/acme/web.git', parsePushAddress],
		['a snapshot that is meant', '2026-11-22 13:15', text => chooseSnapshot(ids, text, 'web')],
		['the key of a vault', 'AGE-SECRET-KEY-1QQPQZ', async text => keyIn(text, 'the file')],
	];
	for (const [name, close, read] of readers) {
		test(name, async () => {
			const text = fc.oneof(
				fc.string({unit: 'binary'}),
				nearly(close).map(input => input.toString('latin1')),
			);
			await fc.assert(
				fc.asyncProperty(text, async input => {
					try {
						await read(input);
					} catch (error) {
						assert.ok(error instanceof UserError, String(error));
						assert.match(error.message, /\S/);
					}
				}),
				{numRuns: 300},
			);
		});
	}
});

describe('a file of any bytes', () => {
	const event = JSON.stringify({
		type: 'run-finished',
		at: '2026-11-22T02:00:00.000Z',
		run: '20261122T020000.000Z-nightly',
		status: 'succeeded',
	});
	const note = JSON.stringify({
		version: 1,
		uuid: '{a}',
		confirmed: {snapshot: 'x', commit: id},
		frozen: {since: 'x'},
	});
	const files: ReadonlyArray<readonly [string, string, (folder: string) => unknown]> = [
		['keys.json', '{"run": ["r", "ctrl+x"]}', async folder => loadKeys(join(folder, 'keys.json'))],
		['bucket-brigade.json', note, readMirrorNote],
		['packed-refs', packedRefs, readRefFiles],
		['refs/heads/main', `${id}\n`, readRefFiles],
		['damaged/x/report.json', '{"lostSnapshots": ["a"]}', readLostSnapshots],
		[
			'runs/a.ndjson',
			`${event}\n`.repeat(4),
			async folder => readJournalEnds(join(folder, 'runs', 'a.ndjson')),
		],
		[
			'locks/plan-nightly.owner.json',
			JSON.stringify({run: '20261122T020000.000Z-nightly', pid: process.pid}),
			folder => runningProcess(resolveHome({BUCKET_BRIGADE_HOME: folder}), '20261122T020000.000Z-nightly'),
		],
		[
			'keys/identity.txt',
			'# created\nAGE-SECRET-KEY-1QQPQZ\n',
			async folder => findIdentity(resolveHome({BUCKET_BRIGADE_HOME: folder}), {}, systemClock),
		],
	];
	for (const [name, text, read] of files) {
		test(name, async context => {
			const folder = join(await temporaryFolder(context), 'folder');
			await fc.assert(
				fc.asyncProperty(fc.oneof(bytes, nearly(text)), async contents => {
					rmSync(folder, {recursive: true, force: true});
					mkdirSync(dirname(join(folder, name)), {recursive: true, mode: 0o700});
					writeFileSync(join(folder, name), contents, {mode: 0o600});
					try {
						await read(folder);
					} catch (error) {
						assert.ok(error instanceof UserError || error instanceof MirrorDamaged, String(error));
					}
				}),
				{numRuns: 60},
			);
		});
	}
});

test('rows of the state database of any contents: read as far as they say something', async context => {
	const path = join(await temporaryFolder(context), 'state.db');
	const documents = fc.oneof(
		fc.json(),
		fc.string(),
		nearly('{"workspace":"acme","uuid":"{a}","slug":"web","plan":"nightly","lastRunAt":"x","bytes":1}').map(
			String,
		),
		nearly('{"state":"ok","checkedAt":"2026-11-22T13:15:00Z"}').map(String),
	);
	const whole = fc.oneof(fc.integer(), fc.maxSafeInteger());
	await fc.assert(
		fc.asyncProperty(documents, documents, whole, fc.nat(), async (one, other, moment, count) => {
			rmSync(path, {force: true});
			const clock = createFakeClock();
			const database = openStateDatabase(path);
			try {
				const [catalog, checks] = [createCatalog(database), createCredentialChecks(database)];
				const reach = createReachMemories(database, clock);
				createLedger(database, clock);
				database.prepare("INSERT INTO catalog VALUES ('acme', '{a}', ?)").run(one);
				database.prepare("INSERT INTO credential_checks VALUES ('credential', 'x', ?)").run(other);
				database.prepare("INSERT INTO reach_visible VALUES ('acme', 'a', ?, ?)").run(one, moment);
				database.prepare("INSERT INTO reach_denials VALUES ('acme', 'a', 'o', 'r', ?, ?)").run(other, moment);
				database
					.prepare('INSERT INTO quota_entries VALUES (NULL, ?, ?, ?, ?, ?, ?)')
					.run('a', 'api', count + 1, moment, moment, count);
				database
					.prepare('UPDATE quotas SET frozen_until = ?, throttled_at = ?, step = ?, foreign_requests = ?')
					.run(moment, moment, count, count);
				catalog.get('acme', '{a}');
				catalog.list('acme');
				checks.get('x');
				reach('acme').visible('a');
				const ledger = createLedger(database, clock);
				const limit = {requests: 5, windowMilliseconds: 1000};
				const candidates = [{account: 'a', limit, usable: 5}];
				const result = ledger.charge({owner: 'o', resource: 'api', requests: 1, candidates} as never);
				assert.ok(result.kind === 'charged' || (result.retryAt ?? 0) > clock.elapsed());
				ledger.usage('a', 'api');
			} finally {
				database.close();
			}
		}),
		{numRuns: 60},
	);
});

test('an answer of an LFS server of any bytes: links, or why there are none', async () => {
	const oid = 'b'.repeat(64);
	const batch = JSON.stringify({
		objects: [
			{oid, size: 1, actions: {download: {href: 'https://x.example/y', header: {a: 'b'}, expires_in: 5}}},
		],
	});
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(bytes, nearly(batch)),
			fc.constantFrom(200, 200, 422, 500),
			async (body, status) => {
				const http = {attempt: async () => ({status, headers: {}, body, bytes: body.length})};
				try {
					const links = await askForLinks({
						http,
						cloneUrl: 'https://bitbucket.org/acme/web.git',
						signIn: {origin: 'https://bitbucket.org', username: 'x', password: 'y'},
						objects: [{oid, size: 1}],
						now: () => 0,
						signal: new AbortController().signal,
					});
					assert.ok([...links.keys()].every(key => key === oid));
				} catch (error) {
					assert.ok(error instanceof GitRefused || error instanceof BatchRefused, String(error));
				}
			},
		),
		{numRuns: 200},
	);
});

test('variables of the environment of any text: a home and a look, whatever they say', () => {
	const text = fc.string({unit: 'binary', maxLength: 40});
	const names = [
		'BUCKET_BRIGADE_HOME',
		'BUCKET_BRIGADE_BACKGROUND',
		'XDG_CACHE_HOME',
		'TERM',
		'LANG',
		'LC_ALL',
	];
	fc.assert(
		fc.property(fc.tuple(...names.map(() => text)), values => {
			const environment = Object.fromEntries(names.map((name, index) => [name, values[index]]));
			assert.equal(typeof resolveHome(environment).store, 'string');
			assert.ok(decideDisplay({} as never, environment).facts.length > 0);
			compileCacheFolder(environment, '/home/ada');
		}),
	);
});
