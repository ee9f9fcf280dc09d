import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {GitFailed} from '../../system/git.ts';
import {readFiles} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {keptPrefix, type MirrorRefs, mirrorPrefix, readMirrorRefs} from '../mirror-refs.ts';
import {DamagedRefs} from '../ref-files.ts';
import {snapshotPrefix, snapshotTime} from '../snapshot-id.ts';
import {type Finding, finding, shown, someOf} from './finding.ts';
import {type PackedRefs, parsePackedRefs} from './packed-refs.ts';
import {snapshotIn} from './snapshot-commit.ts';
import {pathIn, walk} from './walk.ts';

/** How a mirror's refs lie on disk, and what is wrong with them. */
export type RefsCheck = {
	readonly findings: readonly Finding[];
	/** Undefined where git can read none of them. */
	readonly refs: MirrorRefs | undefined;
	/** What can be read of `packed-refs`; undefined where there is no such file. */
	readonly packed: PackedRefs | undefined;
	/** Files below `refs` that hold no ref, relative to the mirror. */
	readonly badFiles: readonly string[];
	/** Refs whose names are not what they should be called by what they hold: pins and snapshots. */
	readonly wrongNames: readonly string[];
};

export async function checkRefs(mirror: MirrorReader): Promise<RefsCheck> {
	const {folder} = mirror;
	const packed = await readPackedRefs(folder);
	const badFiles = await findBadFiles(folder);
	const refs = await readRefs(mirror);
	const {wrongNames, strangers} =
		refs === undefined ? {wrongNames: [], strangers: []} : await findWrongNames(mirror);
	const findings: Finding[] = [];
	const path = 'packed-refs';
	if (packed !== undefined && packed.badLines.length > 0) {
		const lines = packed.badLines.length === 1 ? 'line' : 'lines';
		findings.push(
			finding('refs', `the file packed-refs is damaged in ${lines} ${someOf(packed.badLines.map(String))}`, {
				path,
			}),
		);
	} else if (refs === undefined) {
		findings.push(finding('refs', 'git cannot read the refs of the mirror', {path}));
	}

	for (const file of badFiles) {
		findings.push(finding('refs', `the file ${shown(file)} holds no ref`, {path: shown(file)}));
	}

	for (const name of wrongNames) {
		findings.push(
			finding('refs', `the ref ${shown(name)} does not bear the name of what it holds`, {path: shown(name)}),
		);
	}

	const replacements = strangers.filter(name => name.startsWith('refs/replace/'));
	for (const name of replacements.map(shown)) {
		findings.push(
			finding(
				'planted',
				`${name} makes git show another object in place of one; find out who made it, and remove it`,
				{
					path: name,
				},
			),
		);
	}

	const others = strangers.filter(name => !replacements.includes(name));
	if (others.length > 0) {
		const text = `${someOf(others.map(shown))} ${others.length === 1 ? 'is a ref' : 'are refs'} that nobody here made`;
		findings.push(finding('refs', text, {state: 'noted'}));
	}

	return {findings, refs, packed, badFiles, wrongNames};
}

async function readPackedRefs(folder: string): Promise<PackedRefs | undefined> {
	try {
		return parsePackedRefs(await readFile(join(folder, 'packed-refs')));
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : parsePackedRefs(Buffer.from('?'));
	}
}

/** Git says nothing of a file below `refs` that holds no id: the ref is simply gone. */
async function findBadFiles(folder: string): Promise<readonly string[]> {
	const bad: string[] = [];
	for await (const {path, entry} of walk(folder, 'refs')) {
		const contents = entry.isFile() ? await readFile(pathIn(folder, path), 'latin1').catch(() => '') : '';
		if (!/^[0-9a-f]{40}\n$/.test(contents)) {
			bad.push(path);
		}
	}

	return bad;
}

async function readRefs(mirror: MirrorReader): Promise<MirrorRefs | undefined> {
	try {
		return await readMirrorRefs(mirror);
	} catch (error) {
		if (error instanceof GitFailed || error instanceof DamagedRefs) {
			return undefined;
		}

		throw error;
	}
}

async function findWrongNames(
	mirror: MirrorReader,
): Promise<{readonly wrongNames: readonly string[]; readonly strangers: readonly string[]}> {
	const output = await mirror.read(['for-each-ref', '--format=%(objectname) %(refname)']);
	const refs = output
		.toString('latin1')
		.split('\n')
		.filter(line => line !== '')
		.map(line => ({id: line.slice(0, line.indexOf(' ')), name: line.slice(line.indexOf(' ') + 1)}));
	const unknown = refs.filter(({name}) => !ownPrefixes.some(prefix => name.startsWith(prefix)));
	const lostSnapshots = new Set(await findSnapshotsIn(mirror, unknown));
	return {
		wrongNames: [...refs.filter(isNamedWrong), ...lostSnapshots].map(({name}) => name),
		strangers: unknown.filter(ref => !lostSnapshots.has(ref)).map(({name}) => name),
	};
}

type Ref = {readonly id: string; readonly name: string};

const ownPrefixes = [mirrorPrefix, 'refs/brigade/'];

function isNamedWrong({id, name}: Ref): boolean {
	const isPin = name.startsWith(keptPrefix);
	const isSnapshot = name.startsWith(snapshotPrefix);
	return (
		(isPin && name !== keptPrefix + id) ||
		(isSnapshot && Number.isNaN(snapshotTime(name.slice(snapshotPrefix.length))))
	);
}

/** Refs that hold a snapshot, whatever they are called. */
async function findSnapshotsIn(mirror: MirrorReader, refs: readonly Ref[]): Promise<readonly Ref[]> {
	try {
		const commits =
			refs.length === 0
				? []
				: await readFiles(
						mirror,
						refs.map(({id}) => id),
					);
		return refs.filter((_, index) => snapshotIn(commits[index]?.toString('utf8') ?? '') !== undefined);
	} catch (error) {
		if (error instanceof GitFailed) {
			return [];
		}

		throw error;
	}
}

/**
Checks what is written down beside annotated tags, which whoever copies the mirror believes: the objects that they lead to.

@param reader Shows the objects that can be read.
*/
export async function checkPeeled(
	reader: MirrorReader,
	packed: PackedRefs | undefined,
): Promise<readonly Finding[]> {
	const peeled = packed?.peeled ?? new Map<string, string>();
	if (peeled.size === 0) {
		return [];
	}

	const output = await reader.read(['cat-file', '--batch-check=%(objectname)'], {
		input: [...peeled.keys()].map(id => `${id}^{}\n`).join(''),
	});
	const found = output.toString('latin1').trimEnd().split('\n');
	// One that is not there is missed elsewhere.
	const isWrong = [...peeled.values()].some((target, index) => {
		const id = found[index] ?? '';
		return /^[0-9a-f]{40}$/.test(id) && id !== target;
	});
	return isWrong
		? [
				finding('refs', 'the file packed-refs says of an annotated tag that it leads to another object', {
					path: 'packed-refs',
				}),
			]
		: [];
}
