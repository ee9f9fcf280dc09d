import type {CredentialCheck} from '../../accounts/credential-check.ts';
import {expiryOf, expiryText} from '../../model/expiry.ts';
import type {Examination} from './examination.ts';

/** What Bitbucket said of a credential, with the date on which it expires. */
export type ConnectedCredential = {
	readonly label: string;
	readonly expiresAt?: string | undefined;
	readonly check: CredentialCheck;
};

/** @param now Milliseconds since the epoch. */
export function examineCredential(
	workspace: string,
	{label, expiresAt, check}: ConnectedCredential,
	now: number,
): Examination {
	const about = workspace;
	const expiry = expiryOf(expiresAt, now);
	const end =
		expiry === undefined || expiry.state === 'far' ? undefined : expiryText({label, expiresAt}, now);
	const who = check.account === undefined ? `"${label}"` : `"${label}" signs in as ${check.account.name}`;
	switch (check.state) {
		case 'refused':
			return {
				about,
				state: 'bad',
				text: `Bitbucket refuses the credential "${label}"${check.message === undefined ? '' : ` (${check.message})`}: enter a new secret`,
			};
		case 'unreachable':
			return {
				about,
				state: 'bad',
				text: `nobody could be asked about "${label}"${check.message === undefined ? '' : `: ${check.message}`}`,
			};
		case 'missing-scopes': {
			const missing = (check.missingScopes ?? []).map(({scope, costs}) => `${scope} (${costs})`).join('; ');
			const also = end === undefined ? '' : `; ${end}`;
			return {about, state: 'attention', text: `${who}, without the scopes ${missing}${also}`};
		}

		case 'ok':
			return end === undefined
				? {about, state: 'good', text: who}
				: {about, state: expiry?.state === 'expired' ? 'bad' : 'attention', text: end};
	}
}

/** A difference that makes signatures and tokens fail, in milliseconds. */
const largestDifference = 5 * 60_000;

/**
@param answered What Bitbucket's clock said in an answer; undefined where there was none.
@param now Ours at the same time. Both milliseconds since the epoch.
*/
export function examineClock(answered: number | undefined, now: number): Examination {
	if (answered === undefined || Number.isNaN(answered)) {
		return {about: 'clock', state: 'attention', text: 'the clock could not be compared with anybody’s'};
	}

	const seconds = Math.round((now - answered) / 1000);
	return Math.abs(now - answered) < largestDifference
		? {about: 'clock', state: 'good', text: 'the clock is right'}
		: {
				about: 'clock',
				state: 'attention',
				text: `the clock is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead' : 'behind'}: snapshots would bear wrong times; set it`,
			};
}
