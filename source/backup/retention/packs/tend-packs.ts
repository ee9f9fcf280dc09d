import {statfs} from 'node:fs/promises';
import {formatBytes} from '../../../runs/amounts.ts';
import type {Mirror} from '../../mirror.ts';
import {changeMirrorNote, readMirrorNote} from '../../mirror-note.ts';
import type {BeforeStep} from '../remove-snapshots.ts';
import {resolveNames} from '../resolve-names.ts';
import {readRetentionRefs} from '../retention-refs.ts';
import {decideRepack} from './decide-repack.ts';
import {listPacks, type PackFile} from './pack-files.ts';
import {repack} from './repack.ts';

export type TendPacksOptions = {
	/** Whether what is unreachable may be dropped, after its time of grace. */
	readonly mayDrop: boolean;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly before?: BeforeStep;
	/** Bytes that are free where a folder lies. */
	readonly freeBytes?: (folder: string) => Promise<number>;
};

/**
Keeps the packs of a mirror few, and drops what has been unreachable for long, when that is worth it.

@returns what kept it from that, in sentences.
@throws GitFailed, Error where a new pack lacks something; then no old one was deleted.
*/
export async function tendPacks(
	mirror: Mirror,
	{mayDrop, now, before = () => undefined, freeBytes = bytesFreeAt}: TendPacksOptions,
): Promise<readonly string[]> {
	const packs = await listPacks(mirror.folder);
	const note = await readMirrorNote(mirror.folder);
	const unreachable = note?.unreachable;
	const decision = decideRepack({packs, unreachable, mayDrop, now});
	if (decision.kind === 'nothing' || note === undefined) {
		return [];
	}

	const needed = bytesToWrite(packs, decision.kind === 'consolidate' ? decision.packs : undefined);
	if (decision.kind !== 'expire' && (await freeBytes(mirror.folder)) < needed) {
		return [
			`its packs were left as they are: to put them together takes ${formatBytes(needed)} of free space`,
		];
	}

	const refs = await readRetentionRefs(mirror);
	const commits = [...refs.snapshots.values()].map(({commit}) => commit);
	const tips = new Set([
		...refs.mirrored,
		...refs.pins,
		...refs.others,
		...refs.removed.values(),
		...commits,
	]);
	const after = await repack(decision, unreachable, {mirror, tips, now, before});
	if (after !== undefined) {
		await before('note');
		await changeMirrorNote(mirror.folder, note.uuid, {unreachable: after});
	}

	await assertReadable(mirror, tips);
	return [];
}

/** What a repack takes at most, with some room for others. */
function bytesToWrite(packs: readonly PackFile[], names: readonly string[] | undefined): number {
	const written = packs.filter(({name, isForeign}) => names?.includes(name) ?? !isForeign);
	return Math.ceil(written.reduce((sum, {bytes}) => sum + bytes, 0) * 1.2);
}

async function bytesFreeAt(folder: string): Promise<number> {
	const {bavail, bsize} = await statfs(folder);
	return bavail * bsize;
}

/** @throws Error */
async function assertReadable(mirror: Mirror, tips: ReadonlySet<string>): Promise<void> {
	const found = await resolveNames(mirror, tips);
	const missing = [...tips].find(id => !found.has(id));
	if (missing !== undefined) {
		throw new Error(`${missing} cannot be read in ${mirror.folder}: the mirror is damaged. Verify it.`);
	}
}
