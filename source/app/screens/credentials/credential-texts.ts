import type {CredentialCheck} from '../../../accounts/credential-check.ts';
import type {CredentialSummary} from '../../../actions/credentials.ts';
import {credentialKindDescriptions} from '../../../model/credential-kind.ts';
import {type Expiry, expiryOf} from '../../../model/expiry.ts';
import {expiryTone} from '../../components/expiry-notice.tsx';
import type {Signs, Tone} from '../../theme.ts';
import {expiryWord, numberText, plural} from '../../words.ts';

/** What a check found, as the rest of a sentence. */
export function checkSummary(check: CredentialCheck | undefined): string {
	if (check === undefined) {
		return 'not checked';
	}

	const who = check.account === undefined ? '' : `signs in as ${check.account.name}`;
	const missing = check.missingScopes ?? [];
	switch (check.state) {
		case 'ok':
			return `${who}, with all scopes`;
		case 'missing-scopes':
			return `${who}, ${plural(missing.length, 'scope')} missing: cannot read ${missing.map(({costs}) => costs).join('; ')}`;
		case 'refused':
			return `refused: ${check.message ?? 'no reason given'}`;
		case 'unreachable':
			return `Bitbucket could not be asked: ${check.message ?? 'no reason given'}`;
	}
}

/** A credential's state as sign and word. */
export function credentialState(
	credential: CredentialSummary,
	signs: Signs,
): {readonly tone: Tone; readonly text: string} {
	const {state, check, sameAccountAs} = credential;
	if (sameAccountAs !== undefined && (state === 'ok' || state === 'missing-scopes')) {
		return {tone: 'attention', text: `${signs.same} same as ${sameAccountAs}`};
	}

	switch (state) {
		case 'ok':
			return {tone: 'good', text: `${signs.good} all it can`};
		case 'missing-scopes':
			return {
				tone: 'attention',
				text: `${signs.attention} ${plural(check?.missingScopes?.length ?? 0, 'scope')} missing`,
			};
		case 'refused':
			return {tone: 'bad', text: `${signs.bad} ${check?.status ?? ''} refused`.replace('  ', ' ')};
		case 'unreachable':
			return {tone: 'attention', text: `${signs.attention} not reached`};
		case 'unchecked':
			return {tone: 'muted', text: `${signs.none} not checked`};
	}
}

export type CredentialRow = {
	readonly Label: string;
	readonly Kind: string;
	readonly 'Signs in as': string;
	readonly State: string;
	readonly Used: string;
	readonly Expires: string;
};

export function credentialRow(credential: CredentialSummary, signs: Signs, now: number): CredentialRow {
	const {label, kind, account, used, limit, expiresAt, sameAccountAs, isPrimary} = credential;
	const quota =
		sameAccountAs === undefined && used !== undefined
			? `${numberText(used)}/${numberText(limit.requests)}`
			: signs.none;
	return {
		Label: isPrimary && label !== 'primary' ? `${label} (primary)` : label,
		Kind: credentialKindDescriptions[kind].name,
		'Signs in as': account?.name ?? signs.none,
		State: credentialState(credential, signs).text,
		Used: quota,
		Expires: expiryState(expiryOf(expiresAt, now), signs).text,
	};
}

/** When a credential ends, as sign and words. */
export function expiryState(
	expiry: Expiry | undefined,
	signs: Signs,
): {readonly tone: Tone; readonly text: string} {
	if (expiry === undefined) {
		return {tone: 'plain', text: signs.none};
	}

	const {tone, sign} = expiryTone(expiry.state, signs);
	return {tone, text: `${sign} ${expiryWord(expiry)}`.trim()};
}

/** The cells of a credential's row that mean more than their words. */
export function credentialTones(
	credential: CredentialSummary,
	signs: Signs,
	now: number,
): Readonly<Partial<Record<keyof CredentialRow, Tone>>> {
	return {
		State: credentialState(credential, signs).tone,
		Expires: expiryState(expiryOf(credential.expiresAt, now), signs).tone,
	};
}
