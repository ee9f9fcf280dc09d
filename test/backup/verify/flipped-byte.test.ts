import assert from 'node:assert/strict';
import {chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import fc from 'fast-check';
import {type ListedMirror, listMirrors} from '../../../source/backup/list-mirrors.ts';
import {isDamage} from '../../../source/backup/verify/finding.ts';
import {type Verification, verifyListed} from '../../../source/backup/verify/verify-listed.ts';
import {type Sandbox, startSandbox} from '../../../source/sandbox/start-sandbox.ts';
import {systemClock} from '../../../source/system/clock.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from '../run-against-sandbox.ts';
import {filesIn} from './damaged-mirror.ts';

/*
Whatever byte of whatever file of a backup changes: it is found (G12). Git makes packs of everything that runs write, and every
byte of a pack, of its index and of what lies beside the mirror counts in a hash, so there is none that does not matter.
*/

let sandbox: Sandbox;
let folder: string;
let mirrors: readonly ListedMirror[];
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-flipped-'));
	sandbox = await startSandbox({repositories: 3, pullRequests: 2});
	const [first] = sandbox.world.repositories;
	await sandbox.repository(first?.slug ?? '').commitLfsFile('main', 'large.bin', Buffer.from('large'));
	const {workspace, apiUrl, gitUrl, credentials} = sandbox;
	const primary = credentials.filter(({label}) => label === 'primary');
	const run: SandboxRun = {folder, workspace, apiUrl, gitUrl, credentials: primary};
	const outcome = await runAgainstSandbox(run);
	assert.equal(outcome.status, 'succeeded');
	mirrors = await listMirrors(destinationOf(run), workspace);
});
after(async () => {
	await sandbox.close();
	rmSync(folder, {recursive: true, force: true});
});

const verify = async (mirror: ListedMirror): Promise<Verification> =>
	verifyListed(mirror, {
		clock: systemClock,
		signal: new AbortController().signal,
		source: undefined,
		progress: () => undefined,
	});

/** Files with contents below the folders that hold data. */
const dataFiles = ({folder: mirror}: ListedMirror): string[] =>
	['objects', 'lfs', 'downloads']
		.flatMap(name => (statSync(join(mirror, name), {throwIfNoEntry: false}) ? filesIn(mirror, name) : []))
		.filter(name => statSync(join(mirror, name)).size > 0);

async function withFlipped(
	path: string,
	position: number,
	by: number,
	work: () => Promise<void>,
): Promise<void> {
	const bytes = readFileSync(path);
	const flipped = Buffer.from(bytes);
	flipped[position] = (bytes[position] ?? 0) ^ by;
	const {mode} = statSync(path);
	chmodSync(path, 0o600);
	writeFileSync(path, flipped);
	try {
		await work();
	} finally {
		writeFileSync(path, bytes);
		chmodSync(path, mode);
	}
}

test('whatever byte changes, it is found, and the file is named', async () => {
	const place = fc.record({
		mirror: fc.nat(),
		file: fc.nat(),
		position: fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}),
		by: fc.integer({min: 1, max: 255}),
	});
	await fc.assert(
		fc.asyncProperty(place, async ({mirror: mirrorNumber, file: fileNumber, position, by}) => {
			const mirror = mirrors[mirrorNumber % mirrors.length] as ListedMirror;
			const files = dataFiles(mirror);
			const file = files[fileNumber % files.length] ?? '';
			const path = join(mirror.folder, file);
			await withFlipped(path, Math.floor(position * statSync(path).size), by, async () => {
				const {state, findings} = await verify(mirror);
				assert.equal(state, 'damaged');
				const named = findings.filter(isDamage).some(({path: told}) => told === file);
				assert.ok(named, `${file} in ${JSON.stringify(findings)}`);
			});
		}),
		{numRuns: 30, endOnFailure: true},
	);
});

describe('the first and the last byte', () => {
	for (const [what, pattern] of [
		['a pack', /\.pack$/],
		['an index', /\.idx$/],
		['an LFS object', /^lfs/],
		['a download', /^downloads/],
	] as const) {
		test(`of ${what}`, async () => {
			const mirror = mirrors.find(each => dataFiles(each).some(name => pattern.test(name)));
			assert.ok(mirror);
			const file = dataFiles(mirror).find(name => pattern.test(name)) ?? '';
			const path = join(mirror.folder, file);
			for (const position of [0, statSync(path).size - 1]) {
				await withFlipped(path, position, 1, async () => {
					assert.equal((await verify(mirror)).state, 'damaged');
				});
			}
		});
	}
});

test('after all that, everything is whole again', async () => {
	for (const mirror of mirrors) {
		const verified = await verify(mirror);
		assert.equal(verified.state, 'whole', JSON.stringify(verified.findings));
	}
});
