import type {ForgottenMirror} from '../actions/forget.ts';
import {forgottenCounts, forgottenRows} from '../actions/forgotten-text.ts';
import {sanitize} from '../system/sanitize.ts';
import {tableLines} from './table.ts';

/** What became of one repository's snapshots, as `forget --json` prints it. */
export type ForgottenJson = {
	readonly repository: string;
	readonly kind: ForgottenMirror['kind'];
	readonly dryRun: boolean;
	/** Since when nothing of it is removed, and why. */
	readonly frozen: {readonly since: string; readonly reason: string} | null;
	readonly keep: ReadonlyArray<{readonly snapshot: string; readonly reasons: readonly string[]}>;
	/** Ids of the snapshots that went, or would go. */
	readonly remove: readonly string[];
	/** Bytes that go with them; of Git objects about, and later; null where git is too old to tell. */
	readonly frees: {readonly lfs: number; readonly downloads: number; readonly objects: number | null};
	/** Bytes that its folder shrank by. */
	readonly freed: number;
	readonly problems: readonly string[];
};

export function forgottenJson(
	{name, kind, view, freed, failure}: ForgottenMirror,
	dryRun: boolean,
): ForgottenJson {
	const frozen = view?.frozen;
	return {
		repository: name,
		kind,
		dryRun,
		frozen: frozen === undefined ? null : {since: frozen.since, reason: frozen.reason},
		keep: (view?.keep ?? []).map(({id, reasons}) => ({snapshot: id, reasons})),
		remove: view?.remove ?? [],
		frees: {
			lfs: view?.frees.lfs ?? 0,
			downloads: view?.frees.downloads ?? 0,
			objects: view === undefined ? 0 : (view.frees.objects ?? null),
		},
		freed,
		problems: [...(failure === undefined ? [] : [failure]), ...(view?.problems ?? [])],
	};
}

/** The same for people: a line about it, its problems, and a line for each snapshot. */
export function forgottenLines(mirror: ForgottenMirror, plan: string, dryRun: boolean): readonly string[] {
	const {name, view, failure} = mirror;
	if (view === undefined) {
		return [sanitize(`${name}: ${failure ?? ''}`)];
	}

	const frozen =
		view.frozen === undefined
			? []
			: [
					`${name}: frozen since ${view.frozen.since}, because ${view.frozen.reason}. Accept it with: bucket-brigade forget ${plan} ${name} --accept-change`,
				];
	return [
		`${name}: ${forgottenCounts(mirror, dryRun)}`,
		...frozen,
		...view.problems.map(problem => `${name}: ${problem}`),
	]
		.map(sanitize)
		.concat(tableLines(forgottenRows(mirror, dryRun)).map(line => `  ${line}`));
}
