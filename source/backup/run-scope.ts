import type {AccountPool} from '../accounts/pool-types.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import type {Plan} from '../model/plan.ts';
import type {Clock} from '../system/clock.ts';
import {UserError} from '../system/user-error.ts';
import {welcomeReturned} from './archive-vanished.ts';
import {askForMissing} from './ask-for-missing.ts';
import type {BackupMemory} from './backup-memory.ts';
import {type Census, type KnownRepository, takeCensus} from './census.ts';
import {coverageOf} from './covered-repositories.ts';
import type {DescriptionFile} from './description-file.ts';
import {inOrderOfNeed} from './in-order-of-need.ts';
import {listKnownRepositories} from './known-repositories.ts';
import {findMirrorsElsewhere, type MirrorElsewhere} from './mirrors-elsewhere.ts';
import {type ListedRepository, listRepositories, type RepositoryList} from './repository-list.ts';

/** What a run is to do, found out before it begins. */
export type RunScope = {
	/** The repositories that the plan covers, in the order of need, without those that a run that broke off has finished. */
	readonly repositories: readonly ListedRepository[];
	/** That run, and how many repositories it had finished; undefined where nothing is left out. */
	readonly continues: {readonly run: string; readonly repositories: number} | undefined;
	/** Elements of the list that are no repositories as far as can be told. */
	readonly unreadable: number;
	/** What has become of what was backed up before; undefined where the list does not tell. */
	readonly census: Census | undefined;
	/** Mirrors of repositories that were transferred from another workspace, by uuid. */
	readonly elsewhere: ReadonlyMap<string, MirrorElsewhere>;
};

export type RunScopeOptions = {
	readonly pool: AccountPool;
	readonly plan: Plan;
	readonly workspace: string;
	/** Folder that holds the mirrors. */
	readonly destination: string;
	/** Real path of the folder of the workspace's mirrors; undefined where nothing is to be written. */
	readonly workspaceFolder: string | undefined;
	readonly descriptions: DescriptionFile;
	readonly memory: BackupMemory;
	readonly clock: Clock;
	readonly signal: AbortSignal;
	/** A run that broke off a short while ago: its id, and the slugs of what it has finished. */
	readonly brokenRun?: {readonly run: string; readonly repositories: ReadonlySet<string>} | undefined;
};

/** @throws UserError where the workspace cannot be listed; the error of what we could not write. */
export async function findRunScope(options: RunScopeOptions): Promise<RunScope> {
	const {memory, workspace, destination, workspaceFolder} = options;
	const list = await readList(options);
	const known =
		workspaceFolder === undefined ? [] : await listKnownRepositories({memory, workspace, destination});
	// A list that is not understood whole must not archive what it may hold.
	const isBelieved = workspaceFolder !== undefined && list.unreadable === 0;
	const census = isBelieved ? await compare(known, list, options) : undefined;
	const covered = inOrderOfNeed(list.covered.values(), ({uuid}) => memory.get(workspace, uuid));
	return {
		...withoutFinished(covered, options),
		unreadable: list.unreadable,
		census,
		elsewhere: await findTransferred(covered, known, options),
	};
}

async function readList(options: RunScopeOptions): Promise<RepositoryList> {
	const {workspace, plan, signal} = options;
	try {
		return await listRepositories({...options, covers: coverageOf(plan)});
	} catch (error) {
		signal.throwIfAborted();
		if (!(error instanceof RequestFailed)) {
			throw error;
		}

		throw new UserError(
			error.reason === 'not-found'
				? `The workspace "${workspace}" does not exist, or none of the plan's accounts sees it.`
				: `The repositories of "${workspace}" could not be listed: ${error.message}`,
			{cause: error},
		);
	}
}

/** So many are asked for one by one; where more are missing, it is not because somebody changed the list while it was read. */
const mostAsked = 20;

/** Finds out what has become of the repositories that are known; those that are back lose their marks. */
async function compare(
	known: readonly KnownRepository[],
	list: RepositoryList,
	options: RunScopeOptions,
): Promise<Census> {
	const {pool, memory, workspace, clock} = options;
	const now = clock.now();
	const {vanished} = takeCensus(known, list.uuids, now);
	const undecided = new Set<string>();
	for (const one of vanished.length > mostAsked ? [] : vanished) {
		const answer = await askForMissing(pool, workspace, one);
		if (answer.kind === 'there') {
			await list.add(answer.element, answer.description);
		}

		if (answer.kind !== 'gone' && !list.uuids.has(one.uuid)) {
			undecided.add(one.uuid);
		}
	}

	const decided = known.filter(({uuid}) => !undecided.has(uuid));
	const census = takeCensus(decided, list.uuids, now);
	await welcomeReturned(census, {memory, workspace});
	return census;
}

function withoutFinished(
	covered: readonly ListedRepository[],
	{brokenRun, memory, workspace}: RunScopeOptions,
): Pick<RunScope, 'repositories' | 'continues'> {
	// A slug may be another repository's by now: that one the memory does not know.
	const isFinished = ({slug, uuid}: ListedRepository): boolean =>
		brokenRun?.repositories.has(slug) === true && memory.get(workspace, uuid) !== undefined;
	const repositories = covered.filter(repository => !isFinished(repository));
	const finished = covered.length - repositories.length;
	// Where it had finished everything but its own end, all is looked at again.
	return brokenRun === undefined || finished === 0 || repositories.length === 0
		? {repositories: covered, continues: undefined}
		: {repositories, continues: {run: brokenRun.run, repositories: finished}};
}

async function findTransferred(
	covered: readonly ListedRepository[],
	known: readonly KnownRepository[],
	{workspaceFolder}: RunScopeOptions,
): Promise<RunScope['elsewhere']> {
	if (workspaceFolder === undefined) {
		return new Map();
	}

	const here = new Set(known.flatMap(({uuid, mirror}) => (mirror === undefined ? [] : [uuid])));
	const without = covered.map(({uuid}) => uuid).filter(uuid => !here.has(uuid));
	return findMirrorsElsewhere(workspaceFolder, without);
}
