/** How near the end of a credential is; `soon` from 30 days before on, `very-soon` from 7. */
export type Expiry = {
	readonly state: 'far' | 'soon' | 'very-soon' | 'expired';
	/** Whole days that are left; negative once it has expired. */
	readonly days: number;
};

const millisecondsADay = 86_400_000;

/**
@param expiresAt ISO-8601 date: the last day on which it works is the one before. Bitbucket does not tell; its owner entered it.
@param now Milliseconds since the epoch.
@returns undefined where it does not expire, or nobody knows.
*/
export function expiryOf(expiresAt: string | undefined, now: number): Expiry | undefined {
	const end = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt);
	if (Number.isNaN(end)) {
		return undefined;
	}

	const days = Math.floor(end / millisecondsADay) - Math.floor(now / millisecondsADay);
	return {days, state: days <= 0 ? 'expired' : days <= 7 ? 'very-soon' : days <= 30 ? 'soon' : 'far'};
}

/** What a person is told of a credential whose end is near; undefined where there is nothing to tell. */
export function expiryText(
	{label, expiresAt}: {readonly label: string; readonly expiresAt?: string | undefined},
	now: number,
): string | undefined {
	const expiry = expiryOf(expiresAt, now);
	switch (expiry?.state) {
		case 'expired':
			return `the credential "${label}" expired on ${expiresAt}: make a new token, and enter it`;
		case 'soon':
		case 'very-soon':
			return `the credential "${label}" expires ${expiry.days === 1 ? 'tomorrow' : `in ${expiry.days} days`}, on ${expiresAt}: make a new token in time`;
		default:
			return undefined;
	}
}
