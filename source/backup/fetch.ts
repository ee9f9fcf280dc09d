import {GitFailed} from '../system/git.ts';
import {fetchRequests} from './git-requests.ts';
import type {Mirror} from './mirror.ts';
import {mirrorPrefix} from './mirror-refs.ts';
import {isOwnFailure} from './own-failure.ts';
import {talkToUpstream, type Upstream} from './upstream.ts';

/** A connection on which nothing moves for so long is given up. Bitbucket may think for minutes before it sends. */
const noProgressMilliseconds = 10 * 60_000;

/** What git says of objects that its checks refuse; old histories contain such. */
const malformedObject = /fsck error|^error: object [0-9a-f]{40,64}: /im;

/** Git's own way to be given settings without a file. */
const withoutChecks = {
	GIT_CONFIG_COUNT: '2',
	GIT_CONFIG_KEY_0: 'fetch.fsckObjects',
	GIT_CONFIG_VALUE_0: 'false',
	GIT_CONFIG_KEY_1: 'transfer.fsckObjects',
	GIT_CONFIG_VALUE_1: 'false',
};

export type FetchOptions = {
	/** Whether the mirror holds refs already. */
	readonly isIncremental: boolean;
	readonly onProgressLine?: (line: string) => void;
	/** Whether the refs stay as they are, and only the objects come. */
	readonly objectsOnly?: boolean;
};

/**
Fetches every ref of upstream to `refs/mirror/*`; refs that are gone there are taken away here.

Not atomic: with it, git cannot take a branch `a` that became `a/b`.

@returns whether objects were taken that do not pass git's own checks.
*/
export async function fetchMirror(
	mirror: Mirror,
	upstream: Upstream,
	options: FetchOptions,
): Promise<{readonly isUnchecked: boolean}> {
	try {
		await fetchOnce(mirror, upstream, options, {});
		return {isUnchecked: false};
	} catch (error) {
		if (!(error instanceof GitFailed && malformedObject.test(error.stderr)) || isOwnFailure(error)) {
			throw error;
		}

		await fetchOnce(mirror, upstream, options, withoutChecks);
		return {isUnchecked: true};
	}
}

async function fetchOnce(
	mirror: Mirror,
	upstream: Upstream,
	{isIncremental, onProgressLine, objectsOnly = false}: FetchOptions,
	environment: Readonly<Record<string, string>>,
): Promise<void> {
	await talkToUpstream(upstream, fetchRequests, async signIn =>
		mirror.write(
			[
				'fetch',
				// It fetches all the same, and leaves out what comes after. Pruned it would look in all refs for each that is gone.
				objectsOnly ? '--dry-run' : '--prune',
				'--no-tags',
				'--no-write-fetch-head',
				'--no-auto-maintenance',
				'--no-recurse-submodules',
				'--progress',
				// Our own snapshots are nothing that upstream could know.
				...(isIncremental ? [`--negotiation-tip=${mirrorPrefix}*`] : []),
				'--',
				upstream.cloneUrl,
				`+refs/*:${mirrorPrefix}*`,
			],
			{
				signIn,
				noProgressMilliseconds,
				environment,
				...(onProgressLine === undefined ? {} : {onProgressLine}),
			},
		),
	);
}
