import type {Random} from '../random.ts';
import type {Activity, Comment, Participant, PullRequest, PullRequestState, User, Uuid} from '../world.ts';
import {type ChangedFile, generateDiscussion} from './discussion.ts';
import type {FileContent, HistoryPlan, PlannedPullRequest, PullRequestOutcome} from './history-plan.ts';
import {phrase} from './phrase.ts';
import {day, isoTime} from './timeline.ts';
import {commitSubjects, declineReasons} from './vocabulary.ts';

const states: Readonly<Record<PullRequestOutcome, PullRequestState>> = {
	open: 'OPEN',
	merge_commit: 'MERGED',
	squash: 'MERGED',
	fast_forward: 'MERGED',
	declined: 'DECLINED',
	superseded: 'SUPERSEDED',
};

export type PullRequestSurroundings = {
	readonly repository: Uuid;
	readonly developers: readonly User[];
	readonly plan: HistoryPlan;
	/** The hash of a planned commit. */
	readonly hashOf: (mark: number) => string;
	/** Comment and task ids, unique in the workspace. */
	readonly newId: () => number;
	/** Last moment of the repository's history, epoch milliseconds. */
	readonly end: number;
};

export function generatePullRequest(
	random: Random,
	planned: PlannedPullRequest,
	surroundings: PullRequestSurroundings,
): PullRequest {
	const {repository, developers, plan, hashOf, newId, end} = surroundings;
	const {author, outcome, openedAt, closedAt, closedBy, mergeMark} = planned;
	const open = outcome === 'open';
	const until = closedAt ?? Math.max(openedAt, Math.min(end, openedAt + 6 * day));
	const reviewers = random.sample(
		developers.filter(({uuid}) => uuid !== author.uuid),
		random.integer(0, 3),
	);
	const {comments, tasks} = generateDiscussion(random, {
		speakers: [author, ...reviewers, random.pick(developers)],
		files: changedFiles(plan, planned),
		from: openedAt,
		until,
		newId,
		open,
	});
	const participants = reviewers.map(({uuid}) => participant(random, uuid, openedAt, until));
	for (const {user, createdOn} of comments) {
		if (user !== author.uuid && !participants.some(known => known.user === user)) {
			participants.push({user, role: 'PARTICIPANT', approved: false, state: null, participatedOn: createdOn});
		}
	}

	// An open one is compared with where the trunk is now.
	const trunkTip = plan.trunkMarks.at(-1) ?? planned.destinationMark;
	const pullRequest: PullRequest = {
		id: planned.id,
		title: planned.title,
		description: random.chance(0.8)
			? `${phrase(random, commitSubjects)}.\n\n* ${phrase(random, commitSubjects)}\n`
			: '',
		state: states[outcome],
		draft: open && planned.title.startsWith('Draft: '),
		author: author.uuid,
		reviewers: reviewers.map(({uuid}) => uuid),
		participants,
		source: {branch: planned.branch, commit: hashOf(planned.sourceMark), repository},
		destination: {branch: plan.trunk, commit: hashOf(open ? trunkTip : planned.destinationMark), repository},
		...(mergeMark !== undefined && {mergeCommit: hashOf(mergeMark)}),
		...(mergeMark !== undefined && {mergeStrategy: mergeStrategy(outcome)}),
		closeSourceBranch: planned.branchDeleted,
		...(closedBy && {closedBy: closedBy.uuid}),
		reason: outcome === 'declined' ? random.pick(declineReasons) : '',
		createdOn: isoTime(openedAt),
		updatedOn: isoTime(openedAt),
		comments,
		tasks,
		activity: [],
	};
	pullRequest.activity = activityOf(pullRequest, comments, closedAt);
	pullRequest.updatedOn = latest([
		pullRequest.createdOn,
		...pullRequest.activity.map(({date}) => date),
		...comments.map(({updatedOn}) => updatedOn),
		...tasks.map(({updatedOn}) => updatedOn),
	]);
	return pullRequest;
}

function mergeStrategy(outcome: PullRequestOutcome): NonNullable<PullRequest['mergeStrategy']> {
	return outcome === 'squash' || outcome === 'fast_forward' ? outcome : 'merge_commit';
}

function participant(random: Random, user: Uuid, from: number, until: number): Participant {
	const state = random.pick(['approved', 'approved', 'changes_requested', null] as const);
	const participatedOn = isoTime(from + (until - from) * (0.2 + random.next() * 0.7));
	return {
		user,
		role: 'REVIEWER',
		approved: state === 'approved',
		state,
		participatedOn: state === null ? null : participatedOn,
	};
}

/** How it was opened, what people said and decided, how it ended; oldest first. */
function activityOf(
	pullRequest: PullRequest,
	comments: readonly Comment[],
	closedAt: number | undefined,
): Activity[] {
	const {title, description, reason, reviewers, author} = pullRequest;
	const update = (date: string, by: Uuid, state: PullRequestState, why: string): Activity => ({
		kind: 'update',
		date,
		author: by,
		state,
		title,
		description,
		reason: why,
		sourceCommit: pullRequest.source.commit,
		destinationCommit: pullRequest.destination.commit,
		reviewers: [...reviewers],
	});
	const between: Activity[] = [
		...comments.map(({id, createdOn}): Activity => ({kind: 'comment', date: createdOn, comment: id})),
		...pullRequest.participants.flatMap(({user, state, participatedOn}): Activity[] => {
			if (state === null || participatedOn === null) {
				return [];
			}

			return [{kind: state === 'approved' ? 'approval' : state, date: participatedOn, user}];
		}),
	];
	return [
		update(pullRequest.createdOn, author, 'OPEN', ''),
		...between.toSorted((one, other) => one.date.localeCompare(other.date)),
		...(closedAt === undefined
			? []
			: [update(isoTime(closedAt), pullRequest.closedBy ?? author, pullRequest.state, reason)]),
	];
}

function changedFiles(plan: HistoryPlan, {sourceMark, baseMark}: PlannedPullRequest): ChangedFile[] {
	const before = plan.filesAt(baseMark);
	const after = plan.filesAt(sourceMark);
	return [...new Set([...before.keys(), ...after.keys()])]
		.filter(path => before.get(path) !== after.get(path))
		.map(path => ({path, oldLines: lines(before.get(path)), newLines: lines(after.get(path))}));
}

function lines(content: FileContent | undefined): number {
	return typeof content === 'string' ? content.split('\n').length - 1 : 0;
}

function latest(dates: readonly string[]): string {
	return dates.toSorted().at(-1) ?? '';
}
