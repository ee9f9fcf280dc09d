import type {AccountPool, GitSignIn} from '../accounts/pool-types.ts';
import {GitFailed} from '../system/git.ts';
import {gitRefusal} from './git-refusal.ts';
import {isOwnFailure} from './own-failure.ts';

/** A repository upstream, as git reaches it. */
export type Upstream = {
	/** Its name in requests that are counted. */
	readonly name: string;
	/** `https://bitbucket.org/acme/web-frontend.git`; holds no secret. */
	readonly cloneUrl: string;
	readonly pool: AccountPool;
	/** Set where access tokens are no use: snippets. */
	readonly only?: 'users';
};

/**
Lets git talk to upstream through an account of the pool; a refusal is tried again through another one.

@param requests How many HTTP requests it costs.
*/
export async function talkToUpstream<Result>(
	{name, pool, only}: Upstream,
	requests: number,
	talk: (signIn: GitSignIn) => Promise<Result>,
): Promise<Result> {
	return pool.withGit({repository: name, requests, only}, async ({signIn}) => {
		try {
			return await talk(signIn);
		} catch (error) {
			// A full disk also ends a connection: it is ours first.
			const refusal = error instanceof GitFailed && !isOwnFailure(error) ? gitRefusal(error) : undefined;
			throw refusal ?? error;
		}
	});
}
