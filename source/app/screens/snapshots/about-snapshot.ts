import type {ListedSnapshot} from '../../../actions/repository-snapshots.ts';
import type {BackupKind} from '../../navigation.ts';
import type {TextLine} from '../../text-lines.ts';
import type {Signs} from '../../theme.ts';
import {plural} from '../../words.ts';

/** What a list has no room for: what a snapshot holds, what changed, what it lacks. */
export function aboutSnapshot(
	snapshot: ListedSnapshot,
	changes: string | undefined,
	signs: Signs,
	kind?: BackupKind,
): readonly TextLine[] {
	const {id, plan, data, problems} = snapshot;
	return [
		{
			tone: 'title',
			text: `${id}${plan === undefined ? '' : `  made by ${plan}: ${data.join(', ')}`}`,
		},
		...(kind === 'workspace' ? [] : [{tone: 'muted' as const, text: holdsText(snapshot, signs)}]),
		...problems.map(text => ({tone: 'attention' as const, text: `${signs.attention} ${text}`})),
		...(changes === undefined || changes === '' ? [] : [{text: changes}]),
	];
}

/** `120 refs · 42 pull requests · 3 LFS objects` */
export function holdsText(
	{refs, pullRequests, lfsObjects, downloads}: ListedSnapshot,
	signs: Pick<Signs, 'dot'>,
): string {
	if (refs === undefined) {
		return 'what it holds cannot be read';
	}

	return [
		plural(refs, 'ref'),
		plural(pullRequests ?? 0, 'pull request'),
		plural(lfsObjects ?? 0, 'LFS object'),
		plural(downloads ?? 0, 'download'),
	].join(` ${signs.dot} `);
}
