import {createHash, randomBytes} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {folderSize} from '../../source/backup/folder-size.ts';
import {listMirrors} from '../../source/backup/list-mirrors.ts';
import {openMirror} from '../../source/backup/mirror.ts';
import {changeMirrorNote} from '../../source/backup/mirror-note.ts';
import {readMirrorRefs} from '../../source/backup/mirror-refs.ts';
import {formatRefList} from '../../source/backup/ref-list.ts';
import {snapshotId} from '../../source/backup/snapshot-id.ts';
import type {SnapshotPart} from '../../source/backup/snapshot-tree.ts';
import {stableJson} from '../../source/backup/stable-json.ts';
import {verifyListed} from '../../source/backup/verify/verify-listed.ts';
import {writeSnapshot} from '../../source/backup/write-snapshot.ts';
import {systemClock} from '../../source/system/clock.ts';
import {git} from '../../source/system/git.ts';

export type VerifyFigures = {
	readonly name: string;
	/** Of Git data, in megabytes. */
	readonly megabytes: number;
	readonly objects: number;
	/** Of LFS objects, in megabytes; git does not read them. */
	readonly lfsMegabytes: number;
	/** `git fsck --full` alone, in seconds: the fastest of some. */
	readonly fsckSeconds: number;
	/** Verification, in seconds: the fastest of some. */
	readonly verifySeconds: number;
	/** Time of a verification by that of `git fsck --full` alone. */
	readonly overFsck: number;
};

const times = 3;
const signal = new AbortController().signal;

/**
What a verification costs beside `git fsck --full` alone, on mirrors of lifelike size: a small one, of which a snapshot is restored
on trial as a whole, and one of which a part is.
*/
export async function measureVerify(): Promise<readonly VerifyFigures[]> {
	return [
		await measure({name: 'some MB', commits: 1500, attachments: 0}),
		await measure({name: 'more than is restored whole', commits: 4000, attachments: 70}),
	];
}

type Shape = {readonly name: string; readonly commits: number; readonly attachments: number};

async function measure(shape: Shape): Promise<VerifyFigures> {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-benchmark-verify-'));
	try {
		const mirror = await makeMirror(folder, shape);
		const [listed] = await listMirrors(folder, 'acme');
		if (listed === undefined) {
			throw new Error('There is no mirror.');
		}

		let fsckSeconds = Number.POSITIVE_INFINITY;
		let verifySeconds = Number.POSITIVE_INFINITY;
		let objects = 0;
		for (let time = 0; time < times; time += 1) {
			fsckSeconds = Math.min(
				fsckSeconds,
				await seconds(async () => {
					await git({gitDirectory: mirror, arguments: ['fsck', '--full', '--no-dangling']});
				}),
			);
			verifySeconds = Math.min(
				verifySeconds,
				await seconds(async () => {
					const options = {clock: systemClock, signal, source: undefined, progress: () => undefined};
					const verified = await verifyListed(listed, options);
					objects = verified.objects;
					if (verified.state !== 'whole') {
						throw new Error(`The mirror is ${verified.state}: ${JSON.stringify(verified.findings)}`);
					}
				}),
			);
		}

		return {
			name: shape.name,
			megabytes: (await folderSize(join(mirror, 'objects'))) / 1e6,
			lfsMegabytes: (await folderSize(join(mirror, 'lfs'))) / 1e6,
			objects,
			fsckSeconds,
			verifySeconds,
			overFsck: verifySeconds / fsckSeconds,
		};
	} finally {
		rmSync(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

async function seconds(work: () => Promise<void>): Promise<number> {
	const begun = performance.now();
	await work();
	return (performance.now() - begun) / 1000;
}

/** @returns its path. */
async function makeMirror(folder: string, shape: Shape): Promise<string> {
	const upstream = join(folder, 'upstream.git');
	await git({arguments: ['init', '--quiet', '--bare', upstream]});
	await git({gitDirectory: upstream, arguments: ['fast-import', '--quiet'], input: stream(history(shape))});
	await git({gitDirectory: upstream, arguments: ['repack', '-a', '-d', '-f', '-q']});
	const path = join(folder, 'acme', 'web-00000001.git');
	mkdirSync(dirname(path), {recursive: true});
	const mirror = await openMirror(path, systemClock, signal);
	try {
		await mirror.write(['fetch', '--quiet', '--no-tags', '--', upstream, '+refs/*:refs/mirror/*'], {
			environment: {GIT_ALLOW_PROTOCOL: 'file'},
		});
		const {mirrored} = await readMirrorRefs(mirror);
		const lfs = Array.from({length: 20}, () => storeLfs(path, randomBytes(1_000_000)));
		const now = Date.parse('2026-11-22T02:00:00.000Z');
		const parts = new Map<string, SnapshotPart>();
		const write = (name: string, contents: Buffer): void => {
			parts.set(name, {kind: 'new', contents});
		};
		write('refs', formatRefList({head: 'refs/heads/main', refs: mirrored}));
		write('lfs.json', stableJson(lfs));
		for (let id = 1; id <= 300; id += 1) {
			write(`pull-requests/${id}/pull-request.json`, stableJson({id, title: `Change ${id}`}));
			write(`pull-requests/${id}/comments.json`, stableJson([{id, raw: 'Looks good'}]));
		}

		write(
			'snapshot.json',
			stableJson({
				version: 1,
				run: 'benchmark',
				at: new Date(now).toISOString(),
				data: ['git', 'lfs', 'pull-requests'],
				counts: {refs: mirrored.size, pullRequests: 300, lfsObjects: lfs.length, downloads: 0},
				incomplete: [],
				problems: [],
			}),
		);
		await writeSnapshot(mirror, snapshotId(now), 'Snapshot of acme/web', parts);
		await mirror.write(['pack-refs', '--all']);
		await changeMirrorNote(path, '{00000001-1111-4222-8333-444455556666}', {slug: 'web'});
	} finally {
		mirror.close();
	}

	return path;
}

function storeLfs(mirror: string, contents: Buffer): {readonly oid: string; readonly size: number} {
	const oid = createHash('sha256').update(contents).digest('hex');
	const folder = join(mirror, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4));
	mkdirSync(folder, {recursive: true});
	writeFileSync(join(folder, oid), contents);
	return {oid, size: contents.length};
}

async function* stream(parts: Iterable<string | Buffer>): AsyncGenerator<string | Buffer> {
	yield* parts;
}

const files = 400;

/** A history of texts that change a few lines at a time, with tags and, on a branch of their own, some megabytes that do not compress. */
function* history({commits, attachments}: Shape): Generator<string | Buffer> {
	const line = (): string => randomBytes(24).toString('base64').replaceAll(/[+/]/g, ' ');
	const texts = Array.from({length: files}, () => Array.from({length: 100}, line));
	for (let commit = 1; commit <= commits; commit += 1) {
		const changed =
			commit === 1 ? texts.keys() : Array.from({length: 3}, () => Math.floor(Math.random() * files));
		yield `commit refs/heads/main\nmark :${commit}\ncommitter Ada <ada@example.com> ${1_600_000_000 + 600 * commit} +0000\ndata 7\nChange\n`;
		yield commit === 1 ? '' : `from :${commit - 1}\n`;
		for (const index of new Set(changed)) {
			const text = texts[index] ?? [];
			text[Math.floor(Math.random() * text.length)] = line();
			const contents = `${text.join('\n')}\n`;
			yield `M 100644 inline folder-${index % 20}/file-${index}.txt\ndata ${contents.length}\n${contents}\n`;
		}

		if (commit % 100 === 0) {
			yield `reset refs/heads/branch-${commit}\nfrom :${commit}\n\n`;
			yield `tag v${commit}\nfrom :${commit}\ntagger Ada <ada@example.com> 1700000000 +0000\ndata 3\ntag\n`;
		}
	}

	for (let number = 0; number < attachments; number += 1) {
		const contents = randomBytes(1_000_000);
		yield `commit refs/heads/attachments\ncommitter Ada <ada@example.com> ${1_700_000_000 + number} +0000\ndata 3\nadd\n`;
		yield `M 100644 inline attachment-${number}.bin\ndata ${contents.length}\n`;
		yield contents;
		yield '\n';
	}
}
