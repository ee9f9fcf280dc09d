import {type Expiry, expiryOf} from '../model/expiry.ts';
import {allCredentials, type Organization} from '../model/organization.ts';
import type {Workplace} from './workplace.ts';

/** A credential whose end is near, or over. */
export type ExpiringCredential = {
	readonly workspace: string;
	readonly label: string;
	/** ISO-8601 date. */
	readonly expiresAt: string;
	readonly expiry: Expiry;
};

/** The credentials of all organizations whose end is near, the most urgent one first. */
export async function listExpiring({
	store,
	clock,
}: Pick<Workplace, 'store' | 'clock'>): Promise<readonly ExpiringCredential[]> {
	return expiringOf((await store.read()).organizations, clock.now());
}

/** @param now Milliseconds since the epoch. */
export function expiringOf(
	organizations: readonly Organization[],
	now: number,
): readonly ExpiringCredential[] {
	return organizations
		.flatMap(organization =>
			allCredentials(organization).flatMap(({label, expiresAt}) => {
				const expiry = expiryOf(expiresAt, now);
				return expiresAt === undefined || expiry === undefined || expiry.state === 'far'
					? []
					: [{workspace: organization.workspace, label, expiresAt, expiry}];
			}),
		)
		.sort((left, right) => left.expiry.days - right.expiry.days);
}
