import type {Random} from '../random.ts';
import type {Blueprint} from './blueprint.ts';
import {changeFiles, firstFiles} from './files.ts';
import {commitToTrunk, type Growth, tip} from './growth.ts';
import {createHistoryBuilder} from './history-builder.ts';
import type {
	FileContent,
	HistoryPlan,
	PlannedCommit,
	PlannedPullRequest,
	PlannedTag,
} from './history-plan.ts';
import {dataFiles} from './lfs-data.ts';
import type {People} from './people.ts';
import {hyphenated, phrase} from './phrase.ts';
import {planPullRequest, type TickedPullRequest} from './plan-pull-request.ts';
import {pullRequestOutcomes} from './pull-request-outcomes.ts';
import {commitSubjects} from './vocabulary.ts';

/** A whole history from its blueprint: the same one each time. `random` is the world's own stream, not one that was drawn from. */
export function planHistory(random: Random, blueprint: Blueprint, people: People): HistoryPlan {
	const own = random.derive(`history/${blueprint.slug}`);
	const inherited =
		blueprint.parent && inherit(planHistory(random, blueprint.parent, people), blueprint.start);
	const builder = createHistoryBuilder(own, inherited);
	const growth: Growth = {
		random: own,
		builder,
		blueprint,
		people,
		refs: new Map(),
		trunkMarks: [...(inherited?.trunkMarks ?? [])],
		lfsObjects: new Map(),
	};
	const tags: Array<Omit<PlannedTag, 'time'> & {readonly tick: number}> = [];
	const pullRequests: TickedPullRequest[] = [];

	if (growth.trunkMarks.length === 0) {
		growth.trunkMarks.push(firstCommit(growth));
	}

	// What the pull requests do not bring is committed to the trunk between them.
	const between = Math.max(
		1,
		Math.floor((blueprint.commits - blueprint.pullRequests * 3) / (blueprint.pullRequests + 1)),
	);
	const outcomes = pullRequestOutcomes(blueprint.pullRequests);
	for (let round = 0; round <= outcomes.length; round++) {
		for (let index = 0; index < between; index++) {
			commitToTrunk(growth);
		}

		tags.push(...tagRelease(growth, round));
		const outcome = outcomes[round];
		if (outcome) {
			pullRequests.push(planPullRequest(growth, round + 1, outcome));
		}
	}

	growBranches(growth);
	growth.refs.set(`refs/heads/${blueprint.trunk}`, tip(growth));

	const {commits, timeOf} = builder.finish({start: blueprint.start, end: blueprint.end});
	return {
		commits,
		refs: growth.refs,
		tags: tags.map(({tick, ...tag}) => ({...tag, time: timeOf(tick)})),
		notes: blueprint.notes
			? growth.trunkMarks
					.slice(-3)
					.map(target => ({target, text: `Reviewed-on: paper, folder ${target} 📁\n`}))
			: [],
		pullRequests: pullRequests.map(
			({openedTick, closedTick, ...plan}): PlannedPullRequest => ({
				...plan,
				openedAt: timeOf(openedTick),
				...(closedTick !== undefined && {closedAt: timeOf(closedTick)}),
			}),
		),
		trunk: blueprint.trunk,
		trunkMarks: growth.trunkMarks,
		lfsObjects: growth.lfsObjects,
		filesAt: builder.filesAt,
	};
}

function firstCommit({builder, random, blueprint, people, lfsObjects}: Growth): number {
	const files = firstFiles(random, blueprint.slug, blueprint.language, blueprint.commits > 20 ? 14 : 3);
	for (const [path, content] of blueprint.lfs ? dataFiles(random, lfsObjects, true) : []) {
		files.set(path, content);
	}

	return builder.commit({parents: [], author: people.former, message: 'Initial commit\n', changes: files});
}

/** Annotated and lightweight tags in turn; releases are annotated, builds are not. */
function tagRelease(
	growth: Growth,
	round: number,
): Array<Omit<PlannedTag, 'time'> & {readonly tick: number}> {
	const {builder, people, random, refs} = growth;
	if (round % 2 === 1) {
		refs.set(`refs/tags/build/${100 + round}`, tip(growth));
		return [];
	}

	return [
		{
			name: `v1.${round / 2}.0`,
			mark: builder.newMark(),
			target: tip(growth),
			tagger: random.pick(people.developers),
			tick: builder.tick(),
			message: `Release 1.${round / 2}.0\n\n${phrase(random, commitSubjects)} 🎁\n`,
		},
	];
}

/** Branches that belong to no pull request. Their names have slashes, and letters beyond ASCII. */
function growBranches(growth: Growth): void {
	const {random, builder, blueprint, people, refs, trunkMarks} = growth;
	if (blueprint.commits < 20 && !blueprint.parent) {
		return;
	}

	const names = [
		'release/1.x',
		`feature/größe-${hyphenated(random)}`,
		`bugfix/${hyphenated(random)}`,
		...(blueprint.trunk === 'develop' ? ['main'] : []),
	];
	for (const name of names) {
		let mark = random.pick(trunkMarks.slice(-20));
		const commits = name === 'main' ? 0 : random.integer(1, 3);
		for (let index = 0; index < commits; index++) {
			mark = builder.commit({
				parents: [mark],
				author: random.pick(people.developers),
				message: `${phrase(random, commitSubjects)}\n`,
				changes: changeFiles(random, blueprint.language, builder.filesAt(mark)),
			});
		}

		refs.set(`refs/heads/${name}`, mark);
	}
}

/** What a fork takes over at a time: the parent's trunk up to then and all that it reaches. */
function inherit(
	parent: HistoryPlan,
	time: number,
): {
	readonly commits: readonly PlannedCommit[];
	readonly trunkMarks: readonly number[];
	readonly filesAt: (mark: number) => ReadonlyMap<string, FileContent>;
} {
	const byMark = new Map(parent.commits.map(commit => [commit.mark, commit]));
	const trunkMarks = parent.trunkMarks.filter(
		(mark, index) => index === 0 || (byMark.get(mark)?.time ?? Number.POSITIVE_INFINITY) <= time,
	);
	const reached = new Set<number>();
	const pending = trunkMarks.slice(-1);
	for (let mark = pending.pop(); mark !== undefined; mark = pending.pop()) {
		if (!reached.has(mark)) {
			reached.add(mark);
			pending.push(...(byMark.get(mark)?.parents ?? []));
		}
	}

	return {commits: parent.commits.filter(({mark}) => reached.has(mark)), trunkMarks, filesAt: parent.filesAt};
}
