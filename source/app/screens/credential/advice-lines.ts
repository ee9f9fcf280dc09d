import {tokenAdvice} from '../../../actions/token-advice.ts';
import {type CredentialKind, credentialKindDescriptions} from '../../../model/credential-kind.ts';
import {definitionLines, emptyLine, paragraphLines, type TextLine} from '../../components/text-lines.tsx';

/** How a credential of a kind is made: where, what to tick and why each, and what saving it does. */
export function adviceLines(kind: CredentialKind, width: number): readonly TextLine[] {
	const {where, ticks, limits} = tokenAdvice(kind);
	return [
		...paragraphLines(`${credentialKindDescriptions[kind].name}: ${where}.`, width),
		emptyLine,
		...paragraphLines('Tick each of these; one that is missing costs only what stands beside it:', width),
		...definitionLines(
			ticks.map(({tick, opens}) => [tick, opens]),
			width,
		),
		...(limits === undefined ? [] : [emptyLine, ...paragraphLines(limits, width)]),
		emptyLine,
		...paragraphLines(
			'Save asks Bitbucket who it is and which scopes are missing, and then stores the secret encrypted. Nothing is changed at Bitbucket.',
			width,
			'muted',
		),
	];
}
