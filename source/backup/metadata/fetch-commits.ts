import {RequestFailed} from '../../bitbucket/failures.ts';
import {GitFailed} from '../../system/git.ts';
import {fetchByIdRequests} from '../git-requests.ts';
import type {Mirror} from '../mirror.ts';
import {keptPrefix, mirrorPrefix} from '../mirror-refs.ts';
import {isOwnFailure} from '../own-failure.ts';
import {talkToUpstream, type Upstream} from '../upstream.ts';

export type FetchCommitsOptions = {readonly mirror: Mirror; readonly upstream: Upstream};

/** What a server says of a commit that it does not give by its id: it has it not, or no ref shows it. */
const refusals =
	/not our ref(?: ([0-9a-f]{40}))?|want ([0-9a-f]{40}) not valid|unadvertised object ([0-9a-f]{40})?/;

/** What git itself says before it asks: the server does not give any commit by its id. */
const onPrinciple = /does not allow request for unadvertised object/;

/** A connection on which nothing moves for so long is given up, in milliseconds. */
const noProgressMilliseconds = 10 * 60_000;

/** Fetches of a repository and run at most: one refused id fails the whole fetch, and the patches are saved in any case. */
const mostFetches = 5;

/**
Fetches commits that no ref shows by their ids, and pins each, as far as the server gives them: it may have thrown some away, or
give none on principle. All are asked for at once; where one is refused, the rest is asked for again, then by halves.

That some are not to be had is no problem: they stay in the patches of their pull requests.

@returns ids of those that are here now.
@throws errors of our own writes, and RequestFailed when no account is left.
*/
export async function fetchCommits(
	ids: readonly string[],
	options: FetchCommitsOptions,
): Promise<ReadonlySet<string>> {
	const fetched = new Set<string>();
	const groups: Array<{readonly ids: readonly string[]; readonly wasRefused: boolean}> =
		ids.length === 0 ? [] : [{ids, wasRefused: false}];
	for (let count = 0; count < mostFetches; count += 1) {
		const group = groups.shift();
		if (group === undefined) {
			break;
		}

		const refusal = await fetchOnce(group.ids, options);
		if (refusal === undefined) {
			for (const id of group.ids) {
				fetched.add(id);
			}
		} else if (refusal === 'none') {
			break;
		} else {
			groups.push(...withoutRefused(group.ids, refusal, group.wasRefused));
		}
	}

	return fetched;
}

/** What to ask for next: once all but the one that was refused; where that was refused too, each half of them. */
export function withoutRefused(
	ids: readonly string[],
	{refused}: {readonly refused: string | undefined},
	wasRefused: boolean,
): ReadonlyArray<{readonly ids: readonly string[]; readonly wasRefused: boolean}> {
	const rest = ids.filter(id => id !== refused);
	const isNamed = rest.length < ids.length;
	if (isNamed && !wasRefused) {
		return rest.length === 0 ? [] : [{ids: rest, wasRefused: true}];
	}

	// A single one that is refused without its name.
	if (rest.length === 1 && !isNamed) {
		return [];
	}

	const middle = Math.ceil(rest.length / 2);
	return [rest.slice(0, middle), rest.slice(middle)]
		.filter(half => half.length > 0)
		.map(half => ({ids: half, wasRefused: true}));
}

/** @returns undefined when all came; which one was refused, where the server says it; `none` where it gives none at all. */
async function fetchOnce(
	ids: readonly string[],
	{mirror, upstream}: FetchCommitsOptions,
): Promise<{readonly refused: string | undefined} | 'none' | undefined> {
	try {
		return await talkToUpstream(upstream, fetchByIdRequests, async signIn => {
			try {
				await mirror.write(
					[
						'fetch',
						'--no-tags',
						'--no-write-fetch-head',
						'--no-auto-maintenance',
						'--no-recurse-submodules',
						'--progress',
						`--negotiation-tip=${mirrorPrefix}*`,
						'--stdin',
						'--',
						upstream.cloneUrl,
					],
					{
						signIn,
						noProgressMilliseconds,
						input: ids.map(id => `${id}:${keptPrefix}${id}\n`).join(''),
					},
				);
				return undefined;
			} catch (error) {
				return refusalIn(error);
			}
		});
	} catch (error) {
		if (isOwnFailure(error) || (error instanceof RequestFailed && error.reason === 'no-account')) {
			throw error;
		}

		if (error instanceof GitFailed || error instanceof RequestFailed) {
			return 'none';
		}

		throw error;
	}
}

/** @throws the error where it is none of these refusals. */
function refusalIn(error: unknown): {readonly refused: string | undefined} | 'none' {
	if (!(error instanceof GitFailed)) {
		throw error;
	}

	if (onPrinciple.test(error.stderr)) {
		return 'none';
	}

	const refusal = refusals.exec(error.stderr);
	if (refusal === null) {
		throw error;
	}

	return {refused: refusal.slice(1).find(id => id !== undefined)};
}
