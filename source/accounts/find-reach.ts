import * as z from 'zod';
import type {Account} from './account.ts';
import type {Reach} from './reach.ts';
import type {ReachMemory} from './reach-memory.ts';

const RepositorySchema = z.looseObject({slug: z.string()});

/**
Finds out which repositories a repository's or project's access token sees: by what earlier runs remember, else by the list
that Bitbucket gives the token. So it is used for these at once, and no request is wasted on others. Where there is no list,
each repository is tried.

Costs the token's account a request for each 100 repositories that it sees, once a day.
*/
export async function findReach(options: {
	readonly account: Account;
	readonly workspace: string;
	readonly reach: Reach;
	readonly memory: ReachMemory;
	/** Every element of a list, asked for through this account alone. */
	readonly list: (url: string) => AsyncIterable<unknown>;
}): Promise<void> {
	const {account, workspace, reach, memory, list} = options;
	const remembered = memory.visible(account.id);
	if (remembered !== undefined) {
		reach.limit(account.id, remembered);
		return;
	}

	account.setFindingReach(true);
	try {
		const slugs: string[] = [];
		for await (const value of list(`/repositories/${workspace}?pagelen=100&fields=next,values.slug`)) {
			slugs.push(RepositorySchema.parse(value).slug);
		}

		reach.limit(account.id, slugs);
		memory.putVisible(account.id, slugs);
	} catch {
		// It is found out by trying, as with any other account.
	} finally {
		account.setFindingReach(false);
	}
}
