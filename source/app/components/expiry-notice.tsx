import type {ExpiringCredential} from '../../actions/expiring-credentials.ts';
import {useShell} from '../shell.ts';
import type {Signs, Tone} from '../theme.ts';
import {useLoaded} from '../use-loaded.ts';
import {expiryWord, plural} from '../words.ts';
import {type HeadNotice, headNotice} from './head-notice.tsx';

/** The credential that ends first, how many days are left, what to do, and how many more there are; undefined where there is none. */
export function expiryNotice(
	expiring: readonly ExpiringCredential[],
	signs: Signs,
): {readonly tone: Tone; readonly text: string} | undefined {
	const [first, ...others] = expiring;
	if (first === undefined) {
		return undefined;
	}

	const {label, workspace, expiresAt, expiry} = first;
	const {tone, sign} = expiryTone(expiry.state, signs);
	const [ends, todo] =
		expiry.state === 'expired'
			? [`expired on ${expiresAt}`, 'make a new token and enter it']
			: [`expires ${expiryWord(expiry)}, on ${expiresAt}`, 'make a new token in time'];
	const more = others.length === 0 ? '' : ` (and ${plural(others.length, 'more credential')})`;
	return {tone, text: `${sign} "${label}" of ${workspace} ${ends}: ${todo}${more}`.trim()};
}

/** How near an end is, as a tone and the sign that goes with it. */
export function expiryTone(
	state: ExpiringCredential['expiry']['state'],
	signs: Signs,
): {readonly tone: Tone; readonly sign: string} {
	return state === 'far'
		? {tone: 'plain', sign: ''}
		: state === 'soon'
			? {tone: 'attention', sign: signs.attention}
			: {tone: 'bad', sign: signs.bad};
}

/** Says at the head of a screen that a credential ends soon. */
export function useExpiryNotice(): HeadNotice {
	const {services, size, frame, signs} = useShell();
	const expiring = useLoaded('expiring', async () => services.expiring());
	return headNotice(expiryNotice(expiring.value ?? [], signs), {size, frame});
}
