import type {QuotaView} from '../../../runs/run-state-types.ts';
import {widthOf} from '../../cells.ts';
import type {Signs, Tone} from '../../theme.ts';
import {clockText, numberText, untilText} from '../../words.ts';

export type QuotaText = {readonly tone: Tone; readonly text: string};

/** How the run stands that the quota is shown for; nothing counts down while it is paused. */
export type QuotaMoment = {readonly state: 'live' | 'paused' | 'over'; readonly now: number};

/**
What is to be said of a quota beside its bar: why nothing goes through it, or why less than could, and when it frees; of a run
that is over, what was sent. As much as there is room for, what matters most first.
*/
export function quotaText(
	quota: QuotaView,
	moment: QuotaMoment,
	width: number,
	signs: Pick<Signs, 'attention'>,
): QuotaText {
	if (moment.state === 'over') {
		const sent = quota.sent === undefined ? '' : `${numberText(quota.sent)} sent`;
		return {tone: 'muted', text: widthOf(sent) <= width ? sent : ''};
	}

	const [first, ...more] = quotaParts(quota, moment, width < 13, signs);
	let text = first?.text ?? '';
	for (const {text: next} of more) {
		text = widthOf(`${text}, ${next}`) <= width ? `${text}, ${next}` : text;
	}

	return {tone: first?.tone ?? 'accent', text};
}

function quotaParts(
	quota: QuotaView,
	moment: QuotaMoment,
	isNarrow: boolean,
	signs: Pick<Signs, 'attention'>,
): readonly QuotaText[] {
	const {frozenUntil, ledgerLost, resets, others, oneByOne, remaining} = quota;
	const mark = isNarrow ? signs.attention : 'waits';
	if (frozenUntil !== null) {
		return ledgerLost
			? [
					{tone: 'attention', text: `${mark} ${span(frozenUntil, moment)}`},
					{tone: 'attention', text: 'ledger lost'},
				]
			: [{tone: 'bad', text: `${isNarrow ? '' : `${signs.attention} `}429 ${span(frozenUntil, moment)}`}];
	}

	const causes: readonly QuotaText[] = [
		...(others > 0 ? [{tone: 'attention', text: `others ${numberText(others)}`} as const] : []),
		...(oneByOne ? [{tone: 'attention', text: 'one by one'} as const] : []),
	];
	if (remaining <= 0) {
		const frees = resets === null ? '' : ` ${span(resets, moment)}`;
		return [{tone: 'attention', text: isNarrow && frees === '' ? 'waits' : `${mark}${frees}`}, ...causes];
	}

	return isNarrow || resets === null
		? isNarrow
			? []
			: causes
		: [...causes, {tone: 'muted', text: `${moment.state === 'paused' ? '' : 'in '}${span(resets, moment)}`}];
}

/** The time that is left; while it is paused, the moment itself, which stands still. */
function span(iso: string, {state, now}: QuotaMoment): string {
	return state === 'paused' ? clockText(iso) : untilText(Date.parse(iso), now);
}
