import {GitFailed} from '../../system/git.ts';
import {removeDraft} from '../draft-reading.ts';
import type {Mirror} from '../mirror.ts';
import {readMirrorRefs} from '../mirror-refs.ts';
import {recordPath} from '../snapshot-tree.ts';
import {continueSnapshot} from './continue-snapshot.ts';
import {findLostFiles} from './lost-files.ts';

/**
Sees to it that the next run can go on from a mirror of which something is lost for good.

@param now Milliseconds since the epoch.
@returns what was done, in sentences without their full stops.
*/
export async function letRunsGoOn(mirror: Mirror, now: number): Promise<readonly string[]> {
	const done: string[] = [];
	const {snapshots, drafts, mirrored} = await readMirrorRefs(mirror);
	if (drafts.length > 0 && !(await isWhole(mirror, drafts[0]?.id ?? ''))) {
		await removeDraft(mirror);
		done.push('the next run reads again what an interrupted one had saved');
	}

	const [id, commit] = [...snapshots].at(-1) ?? [];
	if (id === undefined || commit === undefined) {
		return done;
	}

	const lost = (await findLostFiles(mirror, new Map([[id, commit]]))).get(id) ?? [];
	// Without its record alone, nothing is believed of what it says, and a run reads everything again.
	if (lost.some(({path}) => path !== recordPath && path !== '')) {
		await continueSnapshot(mirror, {id, commit}, lost, mirrored, now);
		done.push(`what is left of the snapshot ${id} is a new one; the next run reads the rest again`);
	}

	return done;
}

async function isWhole(mirror: Mirror, id: string): Promise<boolean> {
	try {
		await mirror.read(['rev-list', '--objects', '--quiet', '--stdin'], {input: `${id}\n`});
		return true;
	} catch (error) {
		if (error instanceof GitFailed) {
			return false;
		}

		throw error;
	}
}
