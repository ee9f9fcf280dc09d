import {verificationHeadline} from '../../../actions/verification-text.ts';
import type {Verification} from '../../../actions/verify.ts';
import type {TextLine} from '../../text-lines.ts';
import type {Signs, Tone} from '../../theme.ts';
import {durationText, momentText, plural} from '../../words.ts';

/** What a verification came to: whether all is whole, every finding, what was repaired. */
export function verificationLines(
	verifications: readonly Verification[],
	signs: Signs,
	now: number,
): readonly TextLine[] {
	return verifications.flatMap((verification, index) => [
		...(index === 0 ? [] : [{text: ''}]),
		{
			...stateOf(verification.state, signs),
			text: `${stateOf(verification.state, signs).sign} ${verificationHeadline(verification)}`,
		},
		{text: meaningOf(verification.state)},
		{
			text:
				verification.verifiedAt === null
					? `It was never found whole. This took ${durationText(verification.durationMs)}.`
					: `Last found whole: ${momentText(verification.verifiedAt, now)}. This took ${durationText(verification.durationMs)}.`,
			tone: 'muted' as const,
		},
		...(verification.findings.length === 0
			? []
			: [{text: ''}, {text: plural(verification.findings.length, 'finding'), tone: 'title' as const}]),
		...verification.findings.map(({state, text}) => ({
			text: `  ${signOf(state, signs)} ${state}: ${text}`,
			tone: toneOf(state),
		})),
		...(verification.repairs.length === 0
			? []
			: [{text: ''}, {text: 'What was done', tone: 'title' as const}]),
		...verification.repairs.map(text => ({text: `  ${text}`})),
	]);
}

function stateOf(state: Verification['state'], signs: Signs): {readonly tone: Tone; readonly sign: string} {
	switch (state) {
		case 'whole':
			return {tone: 'good', sign: signs.good};
		case 'repaired':
			return {tone: 'good', sign: signs.good};
		case 'damaged':
			return {tone: 'bad', sign: signs.bad};
		case 'not-verified':
			return {tone: 'attention', sign: signs.attention};
	}
}

function meaningOf(state: Verification['state']): string {
	switch (state) {
		case 'whole':
			return 'Every byte is what it should be, and a snapshot was restored on trial.';
		case 'repaired':
			return 'Something was damaged and is whole again.';
		case 'damaged':
			return 'Something is damaged: what it is stands below. What is damaged is never deleted.';
		case 'not-verified':
			return 'It could not be verified now: why stands below.';
	}
}

function signOf(state: 'damaged' | 'repaired' | 'noted', signs: Signs): string {
	return {damaged: signs.bad, repaired: signs.good, noted: signs.dot}[state];
}

function toneOf(state: 'damaged' | 'repaired' | 'noted'): Tone {
	return ({damaged: 'bad', repaired: 'good', noted: 'plain'} as const)[state];
}
