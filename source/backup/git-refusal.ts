import {GitRefused} from '../accounts/pool-types.ts';
import type {GitFailed} from '../system/git.ts';

/** What git prints when the other side, or the way to it, is at fault; the first that matches counts. */
const signs: ReadonlyArray<readonly [RegExp, GitRefused['reason']]> = [
	[/returned error: 429|rate limit .*exceeded|HTTP 429/i, 'rate-limited'],
	[
		/authentication failed|returned error: 401|could not read (username|password)|HTTP 401|invalid credentials/i,
		'unauthorized',
	],
	// A repository that may not be seen is "not found".
	[
		/returned error: 40[34]|returned error: 410|repository .*not found|HTTP 40[34]|access denied|forbidden/i,
		'forbidden',
	],
	[
		/returned error: 5\d\d|HTTP 5\d\d|could not resolve|failed to connect|couldn't connect|connection (was |timed|refused|reset|died)|timed out|nothing moved for too long|early EOF|unexpected disconnect|the remote end hung up|RPC failed|curl \d+|empty reply|unable to access|expected flush|gnutls|openssl|ssl_/i,
		'connection',
	],
];

/**
Whether git failed because an account was refused or a connection broke, so that another attempt, through another account,
may do better.

@returns undefined for all other failures.
*/
export function gitRefusal(error: GitFailed): GitRefused | undefined {
	const reason = signs.find(([sign]) => sign.test(error.stderr))?.[1];
	return reason === undefined ? undefined : new GitRefused(reason, error.message);
}
