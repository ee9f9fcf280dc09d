import type {QuotaView} from '../../../runs/run-state-types.ts';
import {widthOf} from '../../cells.ts';
import type {Signs, Tone} from '../../theme.ts';
import {clockText, numberText, untilText} from '../../words.ts';
import type {AccountLine} from './account-lines.ts';

export type QuotaText = {readonly tone: Tone; readonly text: string};

/** How the run stands that the quota is shown for; nothing counts down while it is paused. */
export type QuotaMoment = {readonly state: 'live' | 'paused'; readonly now: number};

/**
What is to be said of a quota beside its bar: why nothing goes through it, or why less than could, and when it frees. As much as
there is room for, what matters most first.
*/
export function quotaText(
	quota: QuotaView,
	moment: QuotaMoment,
	width: number,
	signs: Pick<Signs, 'attention' | 'bad'>,
): QuotaText {
	const parts = quotaParts(quota, moment, width < 13, signs);
	return {
		tone: parts[0]?.tone ?? 'accent',
		text: asManyAsFit(
			parts.map(({text}) => text),
			width,
		),
	};
}

/** Of a run that is over: what was sent through the account, and how often it was answered 429. */
export function sentText({account, resource, quota, isFirst}: AccountLine, width: number): string {
	const sent = (resource === undefined ? undefined : account.sent?.requests[resource]) ?? quota?.sent;
	const throttled = isFirst ? (account.sent?.throttled ?? 0) : 0;
	return asManyAsFit(
		[
			...(sent === undefined ? [] : [`${numberText(sent)}${width < 13 ? '' : ' sent'}`]),
			...(throttled > 0 ? [`${numberText(throttled)} × 429`] : []),
		],
		width,
	);
}

function asManyAsFit(texts: readonly string[], width: number): string {
	const [first = '', ...more] = texts;
	let said = first;
	for (const text of more) {
		said = widthOf(`${said}, ${text}`) <= width ? `${said}, ${text}` : said;
	}

	return said;
}

function quotaParts(
	quota: QuotaView,
	moment: QuotaMoment,
	isNarrow: boolean,
	signs: Pick<Signs, 'attention' | 'bad'>,
): readonly QuotaText[] {
	const {frozenUntil, ledgerLost, resets, others, oneByOne, remaining} = quota;
	// A paused run waits for no quota.
	const mark = moment.state === 'paused' ? 'at' : isNarrow ? signs.attention : 'waits';
	if (frozenUntil !== null) {
		return ledgerLost
			? [
					{tone: 'attention', text: `${mark} ${span(frozenUntil, moment)}`},
					{tone: 'attention', text: 'ledger lost'},
				]
			: [
					{
						tone: 'bad',
						text: `${isNarrow ? signs.bad : `${signs.attention} 429`} ${span(frozenUntil, moment)}`,
					},
				];
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
		: [
				...causes,
				{tone: 'muted', text: `${moment.state === 'paused' ? 'at' : 'in'} ${span(resets, moment)}`},
			];
}

/** The time that is left; while it is paused, the moment itself, which stands still. */
function span(iso: string, {state, now}: QuotaMoment): string {
	return state === 'paused' ? clockText(iso) : untilText(Date.parse(iso), now);
}
