import {fetchMirror} from './fetch.ts';
import type {GitStepOptions} from './git-step.ts';
import {findLostTips, pinTips, releaseReachable} from './lost-tips.ts';
import {type MirrorRefs, readMirrorRefs} from './mirror-refs.ts';
import type {RefList} from './ref-list.ts';

/*
The way of git's own `fetch`, for servers that do not speak protocol version 2.
*/

/** Fetches, and sees to it that every tip of the past has a ref that leads to it, before, while and after. */
export async function fetchByGit(
	options: GitStepOptions,
	advertised: RefList,
	current: MirrorRefs,
	onProgressLine: (line: string) => void,
): Promise<MirrorRefs> {
	const {mirror, upstream, lastSnapshot, problems} = options;
	const past = [current.mirrored, lastSnapshot?.refs ?? new Map<string, string>()];
	const pinned = await pinTips(mirror, findLostTips({past, current: advertised.refs, kept: current.kept}));
	if (pinned.missing.length > 0) {
		problems.add('refs', `the mirror is damaged: ${pinned.missing[0]} is listed and cannot be read`);
	}

	if (advertised.refs.size > 0 || current.mirrored.size > 0) {
		const {isUnchecked} = await fetchMirror(mirror, upstream, {
			isIncremental: current.mirrored.size > 0,
			onProgressLine,
		});
		if (isUnchecked) {
			problems.note('some objects do not pass the checks of git; they were taken as they are');
		}
	}

	const after = await readMirrorRefs(mirror);
	// What upstream promised and the fetch did not bring.
	const late = await pinTips(mirror, findLostTips({past, current: after.mirrored, kept: after.kept}));
	await releaseReachable(mirror, [...pinned.commits, ...late.commits]);
	return after;
}
