import type {BackupState} from '../../../actions/repository-backups.ts';
import type {TextLine} from '../../text-lines.ts';
import type {Signs} from '../../theme.ts';
import {daysText} from '../../words.ts';

/** How a backup stands, a line for each thing that a person should know: what asks for attention first. */
export function backupStateLines(
	{verifiedAt, isDamaged, archivedSince, frozen}: BackupState,
	signs: Signs,
	now: number,
): readonly TextLine[] {
	return [
		...(isDamaged
			? [
					{
						tone: 'bad' as const,
						text: `${signs.bad} found damaged when it was last verified: v repairs what it can`,
					},
				]
			: verifiedAt === undefined
				? [{tone: 'muted' as const, text: `${signs.none} never verified`}]
				: [{tone: 'good' as const, text: `${signs.good} verified ${daysText(verifiedAt, now)}`}]),
		...(frozen === undefined
			? []
			: [
					{
						tone: 'attention' as const,
						text: `${signs.attention} frozen since ${dayText(frozen.since)}: ${frozen.reason}. Nothing of it is removed until you accept that: f`,
					},
				]),
		...(archivedSince === undefined
			? []
			: [
					{
						tone: 'muted' as const,
						text: `${signs.gone} archived: gone upstream since ${dayText(archivedSince)}, kept as it is`,
					},
				]),
	];
}

/** How a backup stands that a run makes just now: nothing is wrong with it. */
export function busyText(signs: Signs): string {
	return `${signs.waiting} a run writes it`.trim();
}

/** `2026-11-22` */
export function dayText(iso: string): string {
	return iso.slice(0, 10);
}
