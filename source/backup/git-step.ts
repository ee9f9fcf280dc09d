import {fetchMirror} from './fetch.ts';
import {findLostTips, pinTips, releaseReachable} from './lost-tips.ts';
import type {Mirror} from './mirror.ts';
import {type MirrorRefs, readMirrorRefs} from './mirror-refs.ts';
import type {Problems} from './problems.ts';
import type {ReportProgress} from './progress.ts';
import {readAdvertisement} from './read-advertisement.ts';
import {haveSameRefs, isSameRefList, type RefList, refsThatDiffer} from './ref-list.ts';
import type {Upstream} from './upstream.ts';

/** How often a fetch is repeated when upstream changed while it was going on. */
const attempts = 3;

export type GitStepOptions = {
	readonly mirror: Mirror;
	readonly upstream: Upstream;
	/** The mirror's refs as they are now. */
	readonly before: MirrorRefs;
	/** What the last snapshot lists; undefined where there is none. */
	readonly lastSnapshot: RefList | undefined;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

export type GitStep = {
	/** What upstream has, found again in the mirror. */
	readonly refs: RefList;
	/** False when upstream advertised what the last snapshot lists, so that nothing had to be fetched. */
	readonly hasChanged: boolean;
};

/**
Brings the mirror to where upstream is, and proves it: the refs are read again from the mirror and compared with what
upstream advertises. No tip that was there before is lost, whenever this is interrupted.

@throws RequestFailed, GitFailed when upstream could not be read.
*/
export async function mirrorGit(options: GitStepOptions): Promise<GitStep> {
	const {mirror, upstream, before, lastSnapshot, problems, progress} = options;
	progress('git', 0, 0);
	let advertised = await readAdvertisement(upstream, mirror.signal);
	if (
		lastSnapshot !== undefined &&
		isSameRefList(advertised, lastSnapshot) &&
		haveSameRefs(advertised.refs, before.mirrored)
	) {
		return {refs: advertised, hasChanged: false};
	}

	let current = before;
	for (let attempt = 1; attempt <= attempts; attempt += 1) {
		current = await fetchAndKeep(options, advertised, current);
		if (!haveSameRefs(advertised.refs, current.mirrored)) {
			// Somebody pushed in the meantime: what was fetched is then what is advertised now.
			advertised = await readAdvertisement(upstream, mirror.signal);
		}

		if (haveSameRefs(advertised.refs, current.mirrored)) {
			return {refs: advertised, hasChanged: true};
		}
	}

	const differing = refsThatDiffer(advertised.refs, current.mirrored);
	problems.add('refs', `${differing.length} refs are not as upstream has them, the first is ${differing[0]}`);
	return {refs: {head: advertised.head, refs: current.mirrored}, hasChanged: true};
}

/** Fetches, and sees to it that every tip of the past has a ref that leads to it, before, while and after. */
async function fetchAndKeep(
	options: GitStepOptions,
	advertised: RefList,
	current: MirrorRefs,
): Promise<MirrorRefs> {
	const {mirror, upstream, lastSnapshot, problems, progress} = options;
	const past = [current.mirrored, lastSnapshot?.refs ?? new Map<string, string>()];
	const pinned = await pinTips(mirror, findLostTips({past, current: advertised.refs, kept: current.kept}));
	if (pinned.missing.length > 0) {
		problems.add('refs', `the mirror is damaged: ${pinned.missing[0]} is listed and cannot be read`);
	}

	if (advertised.refs.size > 0 || current.mirrored.size > 0) {
		const {isUnchecked} = await fetchMirror(mirror, upstream, {
			isIncremental: current.mirrored.size > 0,
			onProgressLine: line => reportGitProgress(line, progress),
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

/** `Receiving objects:  45% (450/1000), 1.2 MiB` */
function reportGitProgress(line: string, progress: ReportProgress): void {
	const [, done, total] = /^(?:Receiving objects|Resolving deltas):\s+\d+% \((\d+)\/(\d+)\)/.exec(line) ?? [];
	if (done !== undefined && total !== undefined) {
		progress('git', Number(done), Number(total), 'objects');
	}
}
