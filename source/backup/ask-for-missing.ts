import * as z from 'zod';
import type {AccountPool} from '../accounts/pool-types.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import type {KnownRepository} from './census.ts';

/** What Bitbucket says when it is asked for one repository that its list does not hold. */
export type MissingRepository =
	/** It is there; what Bitbucket says of it, and the bytes in which it did. */
	| {readonly kind: 'there'; readonly element: unknown; readonly description: Uint8Array}
	| {readonly kind: 'gone'}
	/** No answer that tells. */
	| {readonly kind: 'unknown'};

const PlaceSchema = z.looseObject({uuid: z.string(), full_name: z.string().optional()});

/**
Asks for a repository that is not listed any more, by its uuid. A list that changes while it is read page by page may leave
out what is there; and one that was transferred may still be found, in its new workspace.

Costs a request, and one more where another account of the plan sees the workspace too.

@throws the pool's abort reason.
*/
export async function askForMissing(
	pool: Pick<AccountPool, 'get'>,
	workspace: string,
	{uuid}: Pick<KnownRepository, 'uuid'>,
): Promise<MissingRepository> {
	try {
		const url = `/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(uuid)}`;
		// Under a name of its own: that one may not be read says nothing of others.
		const answer = await pool.get({url, only: 'workspace', repository: uuid});
		const element = answer.json();
		const place = PlaceSchema.safeParse(element).data;
		if (place?.uuid !== uuid) {
			return {kind: 'unknown'};
		}

		const isHere = place.full_name === undefined || place.full_name.startsWith(`${workspace}/`);
		return isHere ? {kind: 'there', element, description: answer.body} : {kind: 'gone'};
	} catch (error) {
		if (!(error instanceof RequestFailed)) {
			throw error;
		}

		return {kind: isGone(error) ? 'gone' : 'unknown'};
	}
}

/** Who may not see a repository is told that there is none, or that it may not be read. */
function isGone({reason}: RequestFailed): boolean {
	return reason === 'not-found' || reason === 'gone' || reason === 'forbidden';
}
