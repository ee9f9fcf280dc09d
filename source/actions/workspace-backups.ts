import * as z from 'zod';
import {readFiles} from '../backup/last-snapshot.ts';
import {type ListedMirror, listMirrors} from '../backup/list-mirrors.ts';
import {openMirrorReader} from '../backup/mirror.ts';
import {readSnapshotIds} from '../backup/reading/snapshot-ids.ts';
import type {Plan} from '../model/plan.ts';
import {describeBackup, inEachDestination, type RepositoryBackup} from './repository-backups.ts';
import type {Workplace} from './workplace.ts';

/** What of a workspace is backed up beside its repositories, in one destination. */
export type WorkspaceBackup = RepositoryBackup & {
	readonly kind: 'workspace' | 'snippet';
	/** Id of the snippet; the workspace's name. */
	readonly name: string;
	/** Of a snippet, as it was saved last; undefined where it has none, or it cannot be read. */
	readonly title: string | undefined;
};

const SnippetSchema = z.looseObject({title: z.string().nullish()});

/** Backups that are looked into at the same time. */
const atOnce = 4;

/**
The backups of a workspace's own data (projects, members, permissions …) and of its snippets, in each destination that a plan of
the organization names; the workspace's own first.

@throws UserError where none is found, and a destination cannot be read.
*/
export async function findWorkspaceBackups(
	workplace: Workplace,
	{workspace, signal}: {readonly workspace: string; readonly signal: AbortSignal},
): Promise<readonly WorkspaceBackup[]> {
	const {plans} = await workplace.store.read();
	const own = plans.filter(({organization}) => organization === workspace);
	return inEachDestination(workplace, own, signal, async (plan, destination) => {
		// Repositories are not looked into, however many there are.
		const mirrors = await listMirrors(destination, workspace, name =>
			/^(?:workspace|snippet-[^-]+)\.git$/.test(name),
		);
		const sorted = [...mirrors].sort((left, right) => Number(isSnippet(left)) - Number(isSnippet(right)));
		const backups: WorkspaceBackup[] = [];
		for (let start = 0; start < sorted.length; start += atOnce) {
			backups.push(
				...(await Promise.all(
					sorted
						.slice(start, start + atOnce)
						.map(async one => describeOne(workspace, plan, destination, one, signal)),
				)),
			);
		}

		return backups;
	});
}

function isSnippet({kind}: ListedMirror): boolean {
	return kind === 'snippet';
}

async function describeOne(
	workspace: string,
	plan: Plan,
	destination: string,
	listed: ListedMirror,
	signal: AbortSignal,
): Promise<WorkspaceBackup> {
	const backup = await describeBackup(plan, destination, listed, signal);
	return isSnippet(listed)
		? {
				...backup,
				kind: 'snippet',
				name: listed.name,
				title: backup.problem === undefined ? await readTitle(listed.folder, signal) : undefined,
			}
		: {...backup, kind: 'workspace', name: workspace, title: undefined};
}

/** A title that cannot be read hides nothing: the snippet has its id. */
async function readTitle(folder: string, signal: AbortSignal): Promise<string | undefined> {
	try {
		const mirror = await openMirrorReader(folder, signal);
		const newest = [...(await readSnapshotIds(mirror)).values()].at(-1);
		const [file] = newest === undefined ? [] : await readFiles(mirror, [`${newest}:snippet.json`]);
		return file === undefined
			? undefined
			: (SnippetSchema.parse(JSON.parse(file.toString('utf8'))).title ?? undefined);
	} catch {
		signal.throwIfAborted();
		return undefined;
	}
}
