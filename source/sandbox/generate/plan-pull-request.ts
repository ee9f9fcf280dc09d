import {changeFiles} from './files.ts';
import {commitToTrunk, type Growth, tip} from './growth.ts';
import type {FileContent, PlannedPullRequest, PullRequestOutcome} from './history-plan.ts';
import {hyphenated, phrase} from './phrase.ts';
import {commitSubjects, pullRequestTitles} from './vocabulary.ts';

/** With ticks of the history's builder for times. */
export type TickedPullRequest = Omit<PlannedPullRequest, 'openedAt' | 'closedAt'> & {
	readonly openedTick: number;
	readonly closedTick?: number;
};

/** Hidden from everyone who asks for refs; keeps what a pull request was about when its branch is gone. */
export function hiddenPullRequestRef(id: number): string {
	return `refs/sandbox/pull-requests/${id}`;
}

/** Branches off the trunk, works there, asks to merge, and comes to its end. */
export function planPullRequest(growth: Growth, id: number, outcome: PullRequestOutcome): TickedPullRequest {
	const {random, builder, blueprint, people, refs, trunkMarks} = growth;
	const author = random.pick(people.developers);
	const branch = `${random.pick(['feature', 'feature', 'bugfix'])}/${hyphenated(random)}-${id}`;
	const title = phrase(random, pullRequestTitles);
	const baseMark = tip(growth);
	let sourceMark = baseMark;
	const changes = new Map<string, FileContent | null>();
	const commits = random.integer(1, 3);
	for (let index = 0; index < commits; index++) {
		const step = changeFiles(random, blueprint.language, builder.filesAt(sourceMark));
		sourceMark = builder.commit({
			parents: [sourceMark],
			author,
			message: `${phrase(random, commitSubjects)}\n`,
			changes: step,
		});
		for (const [path, content] of step) {
			changes.set(path, content);
		}
	}

	const openedTick = builder.tick();
	if (outcome === 'merge_commit' && random.chance(0.5)) {
		commitToTrunk(growth);
	}

	const destinationMark = tip(growth);
	const closedBy = random.pick(people.developers);
	const merged = `Merged in ${branch} (pull request #${id})\n\n${title}\n`;
	let mergeMark: number | undefined;
	if (outcome === 'merge_commit') {
		const parents = [destinationMark, sourceMark];
		mergeMark = builder.commit({parents, author: closedBy, message: merged, changes});
	} else if (outcome === 'squash') {
		const parents = [destinationMark];
		mergeMark = builder.commit({parents, author, committer: closedBy, message: merged, changes});
	} else if (outcome === 'fast_forward') {
		mergeMark = sourceMark;
	}

	if (mergeMark !== undefined) {
		trunkMarks.push(mergeMark);
	}

	// What was squashed or declined lives on in no branch: that is the case which a backup must notice.
	const branchDeleted =
		outcome === 'squash' || outcome === 'declined' || (outcome !== 'open' && random.chance(0.5));
	refs.set(branchDeleted ? hiddenPullRequestRef(id) : `refs/heads/${branch}`, sourceMark);
	return {
		id,
		title,
		author,
		outcome,
		branch,
		branchDeleted,
		sourceMark,
		destinationMark,
		baseMark,
		...(mergeMark !== undefined && {mergeMark}),
		openedTick,
		...(outcome !== 'open' && {closedTick: builder.tick(), closedBy}),
	};
}
