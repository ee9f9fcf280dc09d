import type * as z from 'zod';
import {type Organization, OrganizationSchema} from '../source/model/organization.ts';

/** The organization `acme` with a primary credential that has its own quota, and with what a test needs of it besides. */
export function makeAcme(more: Partial<z.input<typeof OrganizationSchema>> = {}): Organization {
	return OrganizationSchema.parse({
		workspace: 'acme',
		primaryCredential: {
			id: '1',
			label: 'primary',
			kind: 'workspace-access-token',
			addedAt: '2026-11-01T00:00:00.000Z',
		},
		...more,
	});
}
