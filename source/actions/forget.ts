import {realpath} from 'node:fs/promises';
import {join} from 'node:path';
import {folderSize} from '../backup/folder-size.ts';
import {findMirror, type ListedMirror, listMirrors} from '../backup/list-mirrors.ts';
import {type Mirror, openMirror, openMirrorReader} from '../backup/mirror.ts';
import {assertRealFolder} from '../backup/mirror-folder.ts';
import {changeMirrorNote, type MirrorNote, readMirrorNote} from '../backup/mirror-note.ts';
import {destinationFailure, isOwnFailure} from '../backup/own-failure.ts';
import {hasRules} from '../backup/retention/decide-retention.ts';
import {
	inspectRetention,
	type RetentionRules,
	type RetentionView,
	retain,
} from '../backup/retention/retain.ts';
import type {KeepRules, Plan} from '../model/plan.ts';
import {sanitize} from '../system/sanitize.ts';
import {UserError} from '../system/user-error.ts';
import {findPlan} from './find.ts';
import {coversSubject, destinationOf, retentionPolicies} from './retention-policies.ts';
import type {Workplace} from './workplace.ts';

export type ForgetOptions = {
	/** Slug, uuid or folder of one repository; all that the plan covers, where it is left out. */
	readonly repository?: string | undefined;
	/** Rules instead of the plan's. */
	readonly keep?: KeepRules | undefined;
	/** Says what would go, and changes nothing. */
	readonly dryRun?: boolean | undefined;
	/** Also snapshots that were made by a plan which this home does not know (any more). */
	readonly ofAnyPlan?: boolean | undefined;
	readonly signal?: AbortSignal | undefined;
};

/** What retention made, or would make, of one repository's backup. */
export type ForgottenMirror = Pick<ListedMirror, 'name' | 'kind'> & {
	/** Undefined where it could not be looked at. */
	readonly view: RetentionView | undefined;
	/** Bytes that its folder shrank by; 0 for a dry run. It may have grown: what goes later is first sorted out. */
	readonly freed: number;
	/** Why nothing came of it; undefined where all is well. */
	readonly failure: string | undefined;
};

/**
Removes the snapshots of a plan's repositories that its rules let go, one repository after the other; each is told as soon as
it is done. One that another run works on, or that is damaged, is told and left as it is.

@throws UserError where there is no such plan or repository, no rule says what may go, or the destination cannot be written.
*/
export async function* forget(
	workplace: Workplace,
	planName: string,
	options: ForgetOptions,
): AsyncGenerator<ForgottenMirror> {
	const {home, clock, store} = workplace;
	const contents = await store.read();
	const stored = findPlan(contents, planName);
	const plan: Plan = {...stored, ...(options.keep === undefined ? {} : {keep: options.keep})};
	if (!hasRules(plan.keep)) {
		throw new UserError(
			`The plan "${plan.name}" keeps every snapshot. Say what to keep: --keep daily=7,weekly=8, or for good with: bucket-brigade plan edit ${plan.name} --keep …`,
			{exitCode: 2},
		);
	}

	const {of, isKnownPlan} = retentionPolicies(home, contents, plan);
	for (const mirror of await mirrorsOf(workplace, plan, options.repository)) {
		const rules: RetentionRules = {
			policies: of(mirror),
			isKnownPlan: options.ofAnyPlan ? () => true : isKnownPlan,
			now: clock.now(),
		};
		yield await forgetIn(workplace, plan, mirror, rules, options);
	}
}

/**
Accepts what froze a repository: from now on the rules hold for it again. Nothing is removed yet.

@returns what was accepted.
@throws UserError where it is not frozen, or another run works on it.
*/
export async function acceptChange(
	workplace: Workplace,
	planName: string,
	repository: string,
): Promise<{readonly name: string; readonly frozen: NonNullable<MirrorNote['frozen']>}> {
	const plan = findPlan(await workplace.store.read(), planName);
	for (const mirror of await mirrorsOf(workplace, plan, repository)) {
		const opened = await openMirror(mirror.folder, workplace.clock, new AbortController().signal);
		try {
			const note = await readMirrorNote(mirror.folder);
			if (note?.frozen !== undefined) {
				await changeMirrorNote(mirror.folder, note.uuid, {frozen: undefined});
				return {name: mirror.name, frozen: note.frozen};
			}
		} finally {
			opened.close();
		}
	}

	throw new UserError(`"${repository}" is not frozen: there is nothing to accept.`, {exitCode: 2});
}

async function mirrorsOf(
	{home}: Workplace,
	plan: Plan,
	repository: string | undefined,
): Promise<readonly ListedMirror[]> {
	const destination = await realpath(destinationOf(home, plan)).catch(() => destinationOf(home, plan));
	const folder = join(destination, plan.organization);
	// What has no note is not ours, or was lost and is written anew by the next run.
	const mirrors = (await listMirrors(destination, plan.organization)).filter(({uuid}) => uuid !== undefined);
	if (mirrors.length > 0) {
		await assertRealFolder(folder);
	}

	if (repository === undefined) {
		return mirrors.filter(mirror => coversSubject(plan, mirror));
	}

	const found = findMirror(mirrors, repository);
	if (!coversSubject(plan, found)) {
		throw new UserError(`The plan "${plan.name}" does not back up "${found.name}".`, {exitCode: 2});
	}

	return [found];
}

async function forgetIn(
	workplace: Workplace,
	plan: Plan,
	listed: ListedMirror,
	rules: RetentionRules,
	{dryRun, signal = new AbortController().signal}: ForgetOptions,
): Promise<ForgottenMirror> {
	const {folder, name, kind} = listed;
	let mirror: Mirror | undefined;
	try {
		if (dryRun) {
			const view = await inspectRetention(await openMirrorReader(folder, signal), rules);
			return {name, kind, view, freed: 0, failure: undefined};
		}

		mirror = await openMirror(folder, workplace.clock, signal);
		const before = await folderSize(folder);
		const view = await retain(mirror, rules);
		const after = await folderSize(folder);
		rememberSize(workplace, plan, listed, after);
		return {name, kind, view, freed: before - after, failure: undefined};
	} catch (error) {
		signal.throwIfAborted();
		if (isOwnFailure(error)) {
			throw destinationFailure(destinationOf(workplace.home, plan), error);
		}

		const failure = sanitize(error instanceof Error ? error.message : String(error));
		return {name, kind, view: undefined, freed: 0, failure};
	} finally {
		mirror?.close();
	}
}

function rememberSize({catalog}: Workplace, {organization}: Plan, {uuid}: ListedMirror, bytes: number): void {
	const entry = uuid === undefined ? undefined : catalog.get(organization, uuid);
	if (entry !== undefined) {
		catalog.put({...entry, bytes});
	}
}
