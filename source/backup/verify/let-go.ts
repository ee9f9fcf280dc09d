import {GitFailed} from '../../system/git.ts';
import {removeDraft} from '../draft-reading.ts';
import type {Mirror} from '../mirror.ts';
import {keptPrefix, mirrorPrefix, readMirrorRefs} from '../mirror-refs.ts';
import {snapshotPrefix} from '../snapshot-id.ts';
import {snapshotsText} from './check-snapshots.ts';
import {readTypes} from './check-tips.ts';
import {continueSnapshot} from './continue-snapshot.ts';
import {shown, someOf} from './finding.ts';
import {findLostFiles} from './lost-files.ts';
import type {MovedAside} from './move-aside.ts';
import {removeRefs} from './repair-refs.ts';

export type LetGoOptions = {
	readonly mirror: Mirror;
	readonly aside: MovedAside;
	/** Whether upstream was asked for what is missing; else refs that lead to nothing wait until it can be. */
	readonly mayRemoveRefs: boolean;
	readonly now: number;
};

/**
Lets go of what could not be repaired, so that backups go on: a ref whose object is gone would keep git from fetching anything,
a newest snapshot that is hurt would keep the next one from being made.

@returns what was done, in sentences without their full stops.
*/
export async function letGo(options: LetGoOptions): Promise<readonly string[]> {
	const {mirror, aside, mayRemoveRefs, now} = options;
	const done: string[] = [];
	const refs = await readMirrorRefs(mirror);
	const lostFiles = await findLostFiles(mirror, refs.snapshots);
	const lost = [...lostFiles].filter(([, files]) => files.some(({path}) => path === '')).map(([id]) => id);
	if (lost.length > 0) {
		await aside.rememberLost(lost);
		await removeRefs(
			mirror,
			lost.map(id => snapshotPrefix + id),
		);
		done.push(`${snapshotsText(lost)} had to be given up`);
	}

	if (
		refs.drafts.length > 0 &&
		!(await areWhole(
			mirror,
			refs.drafts.map(({id}) => id),
		))
	) {
		await removeDraft(mirror);
		done.push('the next run reads again what an interrupted one had saved');
	}

	const named = new Map([
		...[...refs.mirrored].map(([name, id]) => [mirrorPrefix + name.slice('refs/'.length), id] as const),
		...[...refs.kept].map(id => [keptPrefix + id, id] as const),
	]);
	const types = await readTypes(mirror, [...new Set(named.values())]);
	const broken = [...named].filter(([, id]) => types.get(id) === undefined).map(([name]) => name);
	if (broken.length > 0 && mayRemoveRefs) {
		await removeRefs(mirror, broken);
		done.push(`refs that lead to nothing were removed: ${someOf(broken.map(shown))}`);
	}

	const [id, commit] = [...refs.snapshots].filter(([each]) => !lost.includes(each)).at(-1) ?? [];
	const hurt = lostFiles.get(id ?? '') ?? [];
	if (id !== undefined && commit !== undefined && hurt.some(({path}) => path !== 'snapshot.json')) {
		await continueSnapshot(mirror, {id, commit}, hurt, refs.mirrored, now);
		done.push(
			`a new snapshot was made of what is left of the snapshot ${id}; the next run reads the rest again`,
		);
	}

	return done;
}

async function areWhole(mirror: Mirror, ids: readonly string[]): Promise<boolean> {
	try {
		await mirror.read(['rev-list', '--objects', '--quiet', '--stdin'], {
			input: ids.map(id => `${id}\n`).join(''),
		});
		return true;
	} catch (error) {
		if (error instanceof GitFailed) {
			return false;
		}

		throw error;
	}
}
