import {sanitize} from '../system/sanitize.ts';
import {archiveVanished} from './archive-vanished.ts';
import {forEachAtOnce} from './at-once.ts';
import type {BackupPlace} from './backup-place.ts';
import {lossTexts, vanishedTexts} from './census.ts';
import type {DescriptionFile} from './description-file.ts';
import type {ForetoldRun} from './foretell-run.ts';
import {createLookAhead} from './look-ahead.ts';
import {isOwnFailure, namedFailure} from './own-failure.ts';
import {readAdvertisement} from './read-advertisement.ts';
import {backUpRepository, type RepositoryOutcome} from './repository-backup.ts';
import type {ListedRepository} from './repository-list.ts';
import {upstreamOf} from './repository-session.ts';
import type {RunPlanOptions} from './run-options.ts';
import type {RunTally} from './run-outcome.ts';
import type {RunScope} from './run-scope.ts';
import {backUpSnippets} from './snippets-backup.ts';
import {createTransferSlots} from './transfer-slots.ts';
import {createVerifyBudget} from './verify/verify-budget.ts';
import {backUpWorkspace} from './workspace-backup.ts';

/** Why a run did not come to its own end. */
export type Broken = {readonly status: 'failed'; readonly problem: string};

/** So many large files come at once in a run, whichever repositories they belong to. */
const transfersAtOnce = 8;

export type BackUpAllOptions = {
	readonly scope: RunScope;
	/** Real path of the folder of the workspace's mirrors; undefined where nothing is to be written. */
	readonly workspaceFolder: string | undefined;
	readonly descriptions: DescriptionFile;
	readonly tally: RunTally;
	readonly foretold: ForetoldRun;
};

/**
Backs up what a run is to back up, several repositories at once. One that fails stops no other; what we cannot write ends
all of them.
*/
export async function backUpAll(
	options: RunPlanOptions,
	{scope, workspaceFolder, descriptions, tally, foretold}: BackUpAllOptions,
): Promise<Broken | undefined> {
	if (workspaceFolder === undefined) {
		return undefined;
	}

	const {plan, signal, pause} = options;
	const stop = new AbortController();
	const anySignal = AbortSignal.any([signal, stop.signal]);
	const place: BackupPlace = {
		...options,
		workspaceFolder,
		signal: anySignal,
		report: foretold.report,
		transfers: createTransferSlots(transfersAtOnce, async () => pause?.passed(anySignal)),
		verifyBudget: createVerifyBudget(options.clock),
		describe: async ({description}) => descriptions.read(description),
		elsewhere: scope.elsewhere,
		advertisements: plan.data.includes('git')
			? createLookAhead({
					repositories: scope.repositories,
					ask: async repository => readAdvertisement(upstreamOf(options, repository), anySignal),
					clock: options.clock,
				})
			: undefined,
	};
	const beside = [
		...(plan.data.includes('workspace') ? [backUpWorkspace] : []),
		...(plan.data.includes('snippets') ? [backUpSnippets] : []),
	];
	function* jobs(): Generator<() => Promise<void>> {
		for (const backUp of beside) {
			yield async () => {
				await besideRepositories(place, tally, backUp);
				foretold.besideFinished();
			};
		}

		for (const repository of scope.repositories) {
			yield async () => backUpOne(options, place, repository, tally);
		}
	}

	try {
		await forEachAtOnce(jobs(), plan.advanced.repositoriesAtOnce, async job => {
			try {
				await pause?.passed(anySignal);
				await job();
			} catch (error) {
				// What we cannot write, no other repository can either: all end here.
				const failure = namedFailure(options.destination, error);
				stop.abort(failure);
				throw failure;
			}
		});
		if (!signal.aborted) {
			await settleScope(options, scope, tally);
		}

		return undefined;
	} catch (error) {
		return {status: 'failed', problem: sentence(namedFailure(options.destination, error), options)};
	}
}

/** Says what the list has told beside what is to be backed up. What is gone upstream is marked now, so that it is told in the same breath. */
async function settleScope(
	{memory, organization, plan, clock}: RunPlanOptions,
	{census, unreadable}: RunScope,
	tally: RunTally,
): Promise<void> {
	const {workspace} = organization;
	if (unreadable > 0) {
		tally.missing([
			`${unreadable} of what Bitbucket lists in the workspace ${workspace} could not be understood as a repository, and is not backed up`,
		]);
	}

	if (census !== undefined) {
		const {news, problems} = await archiveVanished(census, {
			memory,
			workspace,
			plan: plan.name,
			now: clock.now(),
		});
		tally.noted(vanishedTexts(news, workspace));
		tally.missing([...problems.map(sanitize), ...lossTexts(census, workspace)]);
	}
}

async function backUpOne(
	options: RunPlanOptions,
	place: BackupPlace,
	repository: ListedRepository,
	tally: RunTally,
): Promise<void> {
	const {pool, report} = place;
	const {slug} = repository;
	place.signal.throwIfAborted();
	report({type: 'repository-started', repository: slug});
	let outcome: RepositoryOutcome;
	let ownFailure: unknown;
	try {
		outcome = await backUpRepository(place, repository);
	} catch (error) {
		ownFailure = isOwnFailure(error) ? error : undefined;
		const problem = place.signal.aborted ? 'the run ended before it was backed up' : sentence(error, options);
		outcome = {status: 'failed', snapshot: null, bytes: 0, problems: [problem]};
		if (!place.signal.aborted) {
			rememberFailure(place, repository);
		}
	}

	const problems = outcome.problems.map(options.redactor.redact);
	tally.finished(slug, outcome.status, outcome.bytes, problems);
	report({
		type: 'repository-finished',
		repository: slug,
		status: outcome.status,
		snapshot: outcome.snapshot,
		requests: {...pool.requestsOf(slug)},
		bytes: outcome.bytes,
		problems,
	});
	if (ownFailure !== undefined) {
		throw ownFailure;
	}
}

/** The workspace's own data and snippets: missing, they make the run partial and no repository fail. */
async function besideRepositories(
	place: BackupPlace,
	tally: RunTally,
	backUp: (place: BackupPlace) => Promise<readonly string[]>,
): Promise<void> {
	try {
		tally.missing(await backUp(place));
	} catch (error) {
		if (isOwnFailure(error)) {
			throw error;
		}

		if (!place.signal.aborted) {
			tally.missing([error instanceof Error ? sanitize(error.message) : String(error)]);
		}
	}
}

function rememberFailure(
	{memory, organization, plan, clock}: BackupPlace,
	repository: ListedRepository,
): void {
	const {workspace} = organization;
	memory.put({
		...memory.get(workspace, repository.uuid),
		workspace,
		uuid: repository.uuid,
		slug: repository.slug,
		plan: plan.name,
		lastRunAt: new Date(clock.now()).toISOString(),
		status: 'failed',
	});
}

function sentence(error: unknown, {redactor}: RunPlanOptions): string {
	return sanitize(redactor.redact(error instanceof Error ? error.message : String(error)));
}
