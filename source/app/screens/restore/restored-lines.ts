import type {Restored} from '../../../actions/restored.ts';
import {restoredCounts, restoredHeadline} from '../../../actions/restored-text.ts';
import {factLine, type TextLine} from '../../text-lines.ts';
import type {Signs, Tone} from '../../theme.ts';
import {numberText} from '../../words.ts';

/** What a restore came to: where it lies, what is missing, what was refused ref by ref, what else to know. */
export function restoredLines(restored: Restored, signs: Signs): readonly TextLine[] {
	const {status, form, to, metadata, rejected, overwritten, problems, notes} = restored;
	const counts = restoredCounts(restored);
	// Those are listed ref by ref.
	const others = problems.filter(text => !rejected.some(({ref}) => text.startsWith(`${ref} was not taken`)));
	return [
		status === 'restored'
			? {text: `${signs.good} ${restoredHeadline(restored)}`, tone: 'good'}
			: {text: `${signs.attention} ${restoredHeadline(restored)}`, tone: 'attention'},
		...(counts === '' ? [] : [{text: counts}]),
		{text: ''},
		factLine(form === 'pushed' ? 'Pushed to' : 'Lies in', to),
		...(metadata === null || metadata === to ? [] : [factLine('Metadata', metadata)]),
		...section(`Missing (${numberText(others.length)})`, others, 'bad'),
		...section(
			`Refs that were refused (${numberText(rejected.length)})`,
			rejected.map(({ref, reason}) => `${ref}: ${reason}`),
			'bad',
		),
		...section(`Refs that were written over (${numberText(overwritten.length)})`, overwritten, 'attention'),
		...section('To know', notes, 'plain'),
	];
}

function section(title: string, texts: readonly string[], tone: Tone): readonly TextLine[] {
	return texts.length === 0
		? []
		: [{text: ''}, {text: title, tone: 'title'}, ...texts.map(text => ({text: `  ${text}`, tone}))];
}
