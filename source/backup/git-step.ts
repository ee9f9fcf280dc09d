import {fetchPack, isConnected, NotConnected, NotOurRef} from './fetch-pack.ts';
import {fetchByGit} from './git-fetch-step.ts';
import {findLostTips, tipsToPin} from './lost-tips.ts';
import type {Mirror} from './mirror.ts';
import {MirrorDamaged} from './mirror-damaged.ts';
import {keptPrefix, type MirrorRefs, mirrorPrefix, readMirrorRefs} from './mirror-refs.ts';
import type {Problems} from './problems.ts';
import type {ReportProgress} from './progress.ts';
import {type Advertisement, readAdvertisement} from './read-advertisement.ts';
import {haveSameRefs, isSameRefList, type RefList, refsThatDiffer} from './ref-list.ts';
import {isRefName} from './ref-name.ts';
import type {Upstream} from './upstream.ts';
import {changeRefs} from './write-refs.ts';

/** How often a fetch is repeated when upstream changed while it was going on. */
const attempts = 3;

export type GitStepOptions = {
	readonly mirror: Mirror;
	readonly upstream: Upstream;
	/** What upstream has, where that was asked for already. */
	readonly advertised?: Advertisement | undefined;
	/** The mirror's refs as they are now. */
	readonly before: MirrorRefs;
	/** What the last snapshot lists; undefined where there is none. */
	readonly lastSnapshot: RefList | undefined;
	/** Whether the mirror is looked through although nothing has changed upstream. */
	readonly isFullPass?: boolean;
	/** Whether damage was repaired already, as far as it could be: what still lacks then is fetched again with all the rest. */
	readonly isMended?: boolean;
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

@throws RequestFailed, GitFailed when upstream could not be read; MirrorDamaged when what was saved before is not there.
*/
export async function mirrorGit(options: GitStepOptions): Promise<GitStep> {
	const {mirror, upstream, before, lastSnapshot, problems, progress} = options;
	progress('git', 0, 0);
	let advertised = takeable(
		options.advertised ?? (await readAdvertisement(upstream, mirror.signal)),
		problems,
	);
	if (
		lastSnapshot !== undefined &&
		isSameRefList(advertised, lastSnapshot) &&
		haveSameRefs(advertised.refs, before.mirrored)
	) {
		if (options.isFullPass) {
			await lookThrough(options, advertised);
		}

		return {refs: listOf(advertised), hasChanged: false};
	}

	let current = before;
	for (let attempt = 1; attempt <= attempts; attempt += 1) {
		current = await bringOver(options, advertised, current);
		if (!haveSameRefs(advertised.refs, current.mirrored)) {
			// Somebody pushed in the meantime: what was fetched may then be what is advertised now.
			advertised = takeable(await readAdvertisement(upstream, mirror.signal), problems);
		}

		if (haveSameRefs(advertised.refs, current.mirrored)) {
			return {refs: listOf(advertised), hasChanged: true};
		}
	}

	const differing = refsThatDiffer(advertised.refs, current.mirrored);
	problems.add('refs', `${differing.length} refs are not as upstream has them, the first is ${differing[0]}`);
	return {refs: {head: advertised.head, refs: current.mirrored}, hasChanged: true};
}

function listOf({head, refs}: Advertisement): RefList {
	return {head, refs};
}

/** Ids of all that upstream stands at; of a HEAD that is detached too, which no ref need lead to. */
function tipsOf({head, refs}: RefList): readonly string[] {
	const detached = head === undefined || head.startsWith('refs/') ? [] : [head];
	return [...new Set([...refs.values(), ...detached])];
}

/** That refs are as they were says nothing of what they lead to: now and then all of it is looked at, and fetched again where it is not whole. */
async function lookThrough(options: GitStepOptions, advertised: Advertisement): Promise<void> {
	const {mirror, upstream, progress} = options;
	const wants = tipsOf(advertised);
	if (wants.length === 0 || (await isConnected(mirror, wants, []))) {
		return;
	}

	assertMended(options);
	if (advertised.isVersion2) {
		await fetchPack({
			mirror,
			upstream,
			wants,
			haves: [],
			onProgressLine: line => reportGitProgress(line, progress),
		});
	}
}

/** Damage is verification's to repair, which loses nothing of what can be read; only what it could not repair is fetched again here. */
function assertMended({isMended, problems}: GitStepOptions): void {
	if (isMended !== true) {
		throw new MirrorDamaged('something that was saved before is not there any more');
	}

	problems.note('something that was saved before is damaged; everything is fetched again');
}

/** Leaves out what git would refuse too, and says so. */
function takeable(advertised: Advertisement, problems: Problems): Advertisement {
	const refused = [...advertised.refs.keys()].filter(name => !isRefName(name));
	if (refused.length === 0) {
		return advertised;
	}

	problems.add(
		'refs',
		`${refused.length} refs have names that git does not allow and are left out, the first is ${refused[0]}`,
	);
	return {...advertised, refs: new Map([...advertised.refs].filter(([name]) => isRefName(name)))};
}

/**
Fetches what is missing and then sets all refs in one step, so that at no instant a tip of the past is without a ref that
leads to it.

@returns the mirror's refs, read again; those from before where upstream changed meanwhile.
*/
async function bringOver(
	options: GitStepOptions,
	advertised: Advertisement,
	current: MirrorRefs,
): Promise<MirrorRefs> {
	const {mirror, lastSnapshot, problems, progress} = options;
	const onProgressLine = (line: string): void => reportGitProgress(line, progress);
	if (!advertised.isVersion2) {
		return fetchByGit(options, advertised, current, onProgressLine);
	}

	try {
		await fetchMissing(options, advertised, current, onProgressLine);
	} catch (error) {
		if (error instanceof NotOurRef) {
			return current;
		}

		throw error;
	}

	const past = [current.mirrored, lastSnapshot?.refs ?? new Map<string, string>()];
	const lost = findLostTips({past, current: advertised.refs, kept: current.kept});
	const pins = await tipsToPin(mirror, lost, advertised.refs.values());
	const atRefs = new Set(advertised.refs.values());
	const detached = tipsOf(advertised).filter(id => !atRefs.has(id));
	if (pins.missing.length > 0) {
		problems.add('refs', `the mirror is damaged: ${pins.missing[0]} is listed and cannot be read`);
	}

	await changeRefs(
		mirror.folder,
		new Map([
			...[...current.mirrored.keys()].map(name => [inMirror(name), undefined] as const),
			...[...advertised.refs].map(([name, id]) => [inMirror(name), id] as const),
			...[...pins.needed, ...detached].map(id => [keptPrefix + id, id] as const),
		]),
	);
	return readMirrorRefs(mirror);
}

function inMirror(name: string): string {
	return mirrorPrefix + name.slice('refs/'.length);
}

/** More than so many tips that are here already help no server to find out what we lack. */
const maximumHaves = 2000;

async function fetchMissing(
	options: GitStepOptions,
	advertised: Advertisement,
	{mirrored, kept}: MirrorRefs,
	onProgressLine: (line: string) => void,
): Promise<void> {
	const {mirror, upstream, problems} = options;
	const here = new Set([...mirrored.values(), ...kept]);
	const wants = tipsOf(advertised).filter(id => !here.has(id));
	if (wants.length === 0) {
		return;
	}

	// Where a branch stood is the best that can be said of what is new on it.
	const moved = [...mirrored].filter(([name, id]) => advertised.refs.get(name) !== id).map(([, id]) => id);
	const haves = [...new Set([...moved, ...here])].slice(0, maximumHaves);
	const fetch = {mirror, upstream, wants, haves, onProgressLine};
	const {isUnchecked} = await fetchPack(fetch).catch(async error => {
		if (!(error instanceof NotConnected) || haves.length === 0) {
			throw error;
		}

		assertMended(options);
		return fetchPack({...fetch, wants: tipsOf(advertised), haves: []});
	});
	if (isUnchecked) {
		problems.note('some objects do not pass the checks of git; they were taken as they are');
	}
}

/** `Receiving objects:  45% (450/1000), 1.2 MiB` */
function reportGitProgress(line: string, progress: ReportProgress): void {
	const [, done, total] = /^(?:Receiving objects|Resolving deltas):\s+\d+% \((\d+)\/(\d+)\)/.exec(line) ?? [];
	if (done !== undefined && total !== undefined) {
		progress('git', Number(done), Number(total), 'objects');
	}
}
