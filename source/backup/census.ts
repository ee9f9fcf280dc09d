import {sanitize} from '../system/sanitize.ts';

/** A repository of a workspace that was backed up before. */
export type KnownRepository = {
	/** With its braces. */
	readonly uuid: string;
	readonly slug: string;
	/** ISO-8601 time since when the memory says that it is gone upstream. */
	readonly archivedSince: string | undefined;
	/** Its mirror in the destination of the run, where there is one, and since when its note says so. */
	readonly mirror: {readonly folder: string; readonly archivedSince: string | undefined} | undefined;
};

/** What the whole list of a workspace says of the repositories that were backed up before. */
export type Census = {
	/** Not listed any more; found out now. */
	readonly vanished: readonly KnownRepository[];
	/** Not listed, as an earlier run has found out. */
	readonly archived: readonly KnownRepository[];
	/** Listed again. */
	readonly returned: readonly KnownRepository[];
	/** More are gone than people delete: `everything`, or `most` of what was there a week ago. */
	readonly loss: 'everything' | 'most' | 'none';
};

/** Below so many repositories half of them is soon gone. */
const fewRepositories = 4;

/** For so long it is said again and again that most of the repositories are gone. */
const alarmMilliseconds = 7 * 86_400_000;

/**
Compares what is listed with what was backed up before.

@param listed Uuids of everything in the list; which of it a plan covers is no matter.
@param now Milliseconds since the epoch.
*/
export function takeCensus(
	known: readonly KnownRepository[],
	listed: ReadonlySet<string>,
	now: number,
): Census {
	const missing = known.filter(({uuid}) => !listed.has(uuid));
	const there = known.filter(({uuid}) => listed.has(uuid));
	const vanished = missing.filter(one => archivedSince(one) === undefined);
	const archived = missing.filter(one => archivedSince(one) !== undefined);
	const lately = archived.filter(one => now - Date.parse(archivedSince(one) ?? '') < alarmMilliseconds);
	const gone = vanished.length + lately.length;
	return {
		vanished,
		archived,
		returned: there.filter(one => archivedSince(one) !== undefined),
		loss:
			listed.size === 0 && known.length > 0
				? 'everything'
				: gone + there.length >= fewRepositories && gone > there.length
					? 'most'
					: 'none',
	};
}

/** Since when a repository is archived, where its mirror or the memory says that it is. */
export function archivedSince({archivedSince: since, mirror}: KnownRepository): string | undefined {
	return since ?? mirror?.archivedSince;
}

/** So many are called by their names. */
const shownNames = 5;

/** What a person should know of repositories that are gone; nothing where none is. */
export function vanishedTexts(vanished: readonly KnownRepository[], workspace: string): readonly string[] {
	const names = vanished.slice(0, shownNames).map(({slug}) => slug);
	const more = vanished.length - names.length;
	if (vanished.length === 0) {
		return [];
	}

	return [
		sanitize(
			vanished.length === 1
				? `${names[0]} is not listed in the workspace ${workspace} any more: it was deleted, moved elsewhere, or no account of the plan sees it; its backup is kept and marked as archived`
				: `${vanished.length} repositories are not listed in the workspace ${workspace} any more (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}): they were deleted, moved elsewhere, or no account of the plan sees them; their backups are kept and marked as archived`,
		),
	];
}

/** What is missing of a run whose list has lost far too much; nothing where it has not. */
export function lossTexts({loss}: Pick<Census, 'loss'>, workspace: string): readonly string[] {
	const checkTheAccounts =
		'see whether the plan’s accounts have lost their permission; everything that was backed up is kept';
	switch (loss) {
		case 'everything':
			return [
				sanitize(
					`Bitbucket lists no repository of the workspace ${workspace}, of which some were backed up before: ${checkTheAccounts}`,
				),
			];
		case 'most':
			return [
				sanitize(
					`more than half of the repositories of the workspace ${workspace} are not listed any more: ${checkTheAccounts}`,
				),
			];
		case 'none':
			return [];
	}
}
