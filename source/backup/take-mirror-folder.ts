import type {BackupPlace} from './backup-place.ts';
import {findMirrorFolder, type SoughtRepository} from './find-mirror-folder.ts';
import {markMirror} from './mark-mirror.ts';
import type {MirrorElsewhere} from './mirrors-elsewhere.ts';
import {moveMirror} from './move-mirror.ts';

/**
The folder in which a repository is to be backed up. Where it was transferred from another workspace of the same
destination, its mirror is moved here, and its history goes on.

@throws UserError where another run works on a mirror that has to be moved, or it cannot be moved.
*/
export async function takeMirrorFolder(
	place: BackupPlace,
	repository: SoughtRepository,
): Promise<{readonly folder: string; readonly transferredFrom: string | undefined}> {
	const {folder, isThere} = await findMirrorFolder(place, repository);
	const elsewhere = place.elsewhere.get(repository.uuid);
	if (isThere || elsewhere === undefined) {
		return {folder, transferredFrom: undefined};
	}

	// First, so that a kill in between leaves nothing that the next run does not complete.
	takeMemory(elsewhere, repository, place);
	if (!(await moveMirror(elsewhere.folder, folder, place))) {
		return {folder, transferredFrom: undefined};
	}

	await markMirror(folder, undefined);
	return {folder, transferredFrom: elsewhere.workspace};
}

/** What earlier runs found out about it belongs to the workspace where it is now. */
function takeMemory(
	{workspace: before}: MirrorElsewhere,
	{uuid, slug}: SoughtRepository,
	{memory, organization}: BackupPlace,
): void {
	const {workspace} = organization;
	const entry = memory.get(before, uuid);
	if (entry !== undefined) {
		const {archivedSince: _, ...rest} = entry;
		memory.put(memory.get(workspace, uuid) ?? {...rest, workspace, slug});
		memory.remove(before, uuid);
	}
}
