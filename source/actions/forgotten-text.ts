import {countOf, formatBytes, formatNumber} from '../runs/amounts.ts';
import type {ForgottenMirror} from './forget.ts';

/*
What became, or would become, of a repository's snapshots, in people's words.
*/

/** `3 snapshots stay, 2 would go: about 1.20 MB of Git objects in time` */
export function forgottenCounts(mirror: ForgottenMirror, dryRun: boolean): string {
	const keep = mirror.view?.keep.length ?? 0;
	const going = dryRun ? 'would go' : 'gone';
	return `${countOf(keep, 'snapshot')} ${keep === 1 ? 'stays' : 'stay'}, ${formatNumber(mirror.view?.remove.length ?? 0)} ${going}${freesText(mirror, dryRun)}`;
}

function freesText({view, freed}: ForgottenMirror, dryRun: boolean): string {
	if (view === undefined || view.remove.length === 0) {
		return !dryRun && freed > 0 ? `; ${formatBytes(freed)} freed` : '';
	}

	const {lfs, downloads, objects} = view.frees;
	const parts = [
		...(lfs > 0 ? [`${formatBytes(lfs)} of LFS objects`] : []),
		...(downloads > 0 ? [`${formatBytes(downloads)} of downloads`] : []),
		objects === undefined
			? 'Git objects that git is too old to measure'
			: `about ${formatBytes(objects)} of Git objects in time`,
	];
	const now = !dryRun && freed > 0 ? `; ${formatBytes(freed)} freed now` : '';
	return `: ${parts.join(', ')}${now}`;
}

/** Each snapshot with what becomes of it, oldest first. */
export function forgottenRows(
	{view}: ForgottenMirror,
	dryRun: boolean,
): ReadonlyArray<readonly [id: string, what: string, why: string]> {
	const rows: Array<readonly [string, string, string]> = [
		...(view?.keep ?? []).map(({id, reasons}) => [id, 'stays', reasons.join(', ')] as const),
		...(view?.remove ?? []).map(id => [id, dryRun ? 'would go' : 'gone', ''] as const),
	];
	return rows.sort(([left], [right]) => (left < right ? -1 : 1));
}
