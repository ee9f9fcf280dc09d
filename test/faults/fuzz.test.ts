import assert from 'node:assert/strict';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {parseFirstAdvertisement, parseLsRefs} from '../../source/backup/advertisement.ts';
import {parsePointer} from '../../source/backup/lfs/pointer.ts';
import {readPackIndex} from '../../source/backup/pack-index.ts';
import {BrokenPackets, readPackets} from '../../source/backup/packet-stream.ts';
import {parseRefList} from '../../source/backup/ref-list.ts';
import {parseSnapshotRecord} from '../../source/backup/snapshot-record.ts';
import {errorMessage} from '../../source/bitbucket/error-message.ts';
import {elementsOfPage} from '../../source/bitbucket/list-elements.ts';
import {parseRetryAfter, toldLimit} from '../../source/bitbucket/rate-limit-headers.ts';
import {grantedScopes, missingScopes, missingScopesIn} from '../../source/bitbucket/scopes.ts';
import {
	parseCycle,
	parseData,
	parseDate,
	parseKind,
	parseLimit,
	parsePercent,
	parseWhole,
} from '../../source/commands/parse.ts';
import {parseCalendarSpan} from '../../source/model/calendar-span.ts';
import {parseDuration} from '../../source/model/duration.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {parseQuotaLimit} from '../../source/model/quota-limit.ts';
import {parseJournalLine} from '../../source/runs/journal-lines.ts';
import {readJournal} from '../../source/runs/read-journal.ts';
import {initialRunState, reduceRun} from '../../source/runs/run-state.ts';
import {resolveHome} from '../../source/store/home.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {openStore} from '../../source/store/store.ts';
import {openVault} from '../../source/store/vault.ts';
import {systemClock} from '../../source/system/clock.ts';
import {UserError} from '../../source/system/user-error.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {bytes, nearly} from './nearly.ts';

/* Whatever bytes come in: a clear error or a right result, never a crash of another kind. */

const id = 'a'.repeat(40);
const texts = {
	refs: `ref: refs/heads/main HEAD\n${id} refs/heads/main\n${id} refs/tags/v1\n`,
	record: JSON.stringify({version: 1, data: ['git'], incomplete: [], counts: {}}),
	lsRefs: `0052${id} HEAD symref-target:refs/heads/main\n003d${id} refs/heads/main\n0000`,
	pointer: `version https://git-lfs.github.com/spec/v1\noid sha256:${'b'.repeat(64)}\nsize 12\n`,
	event: JSON.stringify({
		type: 'quota',
		at: '2026-11-22T02:00:00.000Z',
		run: '20261122T020000.000Z-nightly',
		account: 'a',
		label: 'a',
		resource: 'api',
		limit: 1000,
		windowMs: 3_600_000,
		used: 1,
		remaining: 900,
		reserve: 50,
		resets: null,
		frozenUntil: null,
		source: 'estimate',
		perMinute: 1,
	}),
	error: JSON.stringify({type: 'error', error: {message: 'no', detail: {required: ['a']}}}),
	page: JSON.stringify({values: [{a: 1}], size: 1, next: 'http://127.0.0.1/2.0/x'}),
};

describe('never throws', () => {
	const parsers: ReadonlyArray<readonly [string, fc.Arbitrary<Buffer>, (input: Buffer) => unknown]> = [
		['a list of refs', nearly(texts.refs), parseRefList],
		['the record of a snapshot', nearly(texts.record), parseSnapshotRecord],
		['an answer to ls-refs', nearly(texts.lsRefs), parseLsRefs],
		['a first advertisement', nearly(texts.lsRefs), parseFirstAdvertisement],
		['an LFS pointer', nearly(texts.pointer), parsePointer],
		['a line of a journal', nearly(texts.event), input => parseJournalLine(input.toString('utf8'))],
		['an error of Bitbucket', nearly(texts.error), errorMessage],
		['scopes that are missing', nearly(texts.error), missingScopesIn],
		['a duration', nearly('30d'), input => parseDuration(input.toString('latin1'))],
		['a span of the calendar', nearly('1y5m7d2h'), input => parseCalendarSpan(input.toString('latin1'))],
		['a limit', nearly('1000/1h'), input => parseQuotaLimit(input.toString('latin1'))],
		[
			'a header that says when to come again',
			nearly('Fri, 27 Nov 2026 12:00:00 GMT'),
			input => parseRetryAfter(input.toString('latin1')),
		],
		[
			'a header of limits',
			nearly('1000'),
			input => toldLimit({'x-ratelimit-limit': input.toString('latin1')}),
		],
		[
			'headers of scopes',
			nearly('repository, pullrequest'),
			input => [grantedScopes, missingScopes].map(of => of({'x-oauth-scopes': input.toString('latin1')})),
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

test('a page of a list: elements of a page that JSON takes, or none', () => {
	fc.assert(
		fc.property(fc.oneof(bytes, nearly(texts.page)), input => {
			let page: {values?: unknown} | undefined;
			try {
				page = JSON.parse(input.toString('utf8')) as {values?: unknown};
			} catch {
				return;
			}

			if (Array.isArray(page?.values)) {
				const elements = elementsOfPage(input, page.values);
				assert.ok(elements === undefined || elements.length === page.values.length);
			}
		}),
	);
});

test('packets: pieces, or broken ones', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.oneof(bytes, nearly(texts.lsRefs)), {maxLength: 4}), async chunks => {
			async function* stream(): AsyncGenerator<Buffer> {
				yield* chunks;
			}

			try {
				for await (const _ of readPackets(stream())) {
				}
			} catch (error) {
				assert.ok(error instanceof BrokenPackets);
			}
		}),
	);
});

test('what is typed on the command line: a value, or a sentence', () => {
	const parsers = [parseKind, parseCycle, parseData, parseDate, parseLimit, parsePercent, parseWhole(1, 9)];
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.constantFrom('1', '30d', 'git,lfs', '2026-11-27')), text => {
			for (const parse of parsers) {
				try {
					parse(text);
				} catch (error) {
					assert.match((error as Error).message, /\S/);
					assert.ok(!(error instanceof TypeError) && !(error instanceof RangeError), String(error));
				}
			}
		}),
	);
});

test('any JSON as a plan is one, or refused by the schema', () => {
	fc.assert(
		fc.property(fc.jsonValue(), value => {
			assert.equal(typeof PlanSchema.safeParse(value).success, 'boolean');
		}),
	);
});

test('a journal of any bytes is read to its end, and so is the state of its run', async context => {
	const path = join(await temporaryFolder(context), 'journal.ndjson');
	await fc.assert(
		fc.asyncProperty(fc.array(fc.oneof(bytes, nearly(`${texts.event}\n`)), {maxLength: 6}), async parts => {
			writeFileSync(path, Buffer.concat(parts));
			let state = initialRunState('20261122T020000.000Z-nightly');
			for await (const event of readJournal(path)) {
				state = reduceRun(state, event);
			}

			assert.ok(state);
		}),
		{numRuns: 60},
	);
});

describe('a file of the home of any bytes: it opens, or says so in a sentence', () => {
	const files = [
		['store.json', JSON.stringify({version: 1, generation: 3, organizations: [], plans: [], settings: {}})],
		['vault.age', 'age-encryption.org/v1\n-> X25519 AAAA\nBBBB\n--- CCCC\n'],
		['state.db', 'SQLite format 3\0'],
	] as const;
	for (const [name, text] of files) {
		test(name, async context => {
			const folder = await temporaryFolder(context);
			await fc.assert(
				fc.asyncProperty(fc.oneof(bytes, nearly(text)), async contents => {
					const home = join(folder, 'home');
					rmSync(home, {recursive: true, force: true});
					mkdirSync(home, {mode: 0o700});
					writeFileSync(join(home, name), contents, {mode: 0o600});
					const paths = resolveHome({BUCKET_BRIGADE_HOME: home});
					try {
						if (name === 'store.json') {
							await openStore(paths, systemClock);
						} else if (name === 'vault.age') {
							await openVault(paths, {PATH: process.env['PATH']}, systemClock);
						} else {
							openStateDatabase(paths.state, () => undefined).close();
						}
					} catch (error) {
						assert.ok(error instanceof UserError, String(error));
					}
				}),
				{numRuns: 40},
			);
		});
	}
});

test('an index of a pack of any bytes: ids, or a sentence', async context => {
	const path = join(await temporaryFolder(context), 'pack.idx');
	await fc.assert(
		fc.asyncProperty(bytes, async contents => {
			writeFileSync(path, Buffer.concat([Buffer.from('ff744f6300000002', 'hex'), contents]));
			await readPackIndex(path).then(
				index => assert.ok(index.count >= 0),
				(error: Error) => assert.match(error.message, /is no index/),
			);
		}),
		{numRuns: 60},
	);
});
