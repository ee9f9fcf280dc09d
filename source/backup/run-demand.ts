import {
	countRequests,
	type Demand,
	lessened,
	mapByResource,
	pick,
	type Requests,
	subtractRequests,
	sumDemand,
	sumRequests,
} from '../accounts/demand.ts';
import type {AccountPool} from '../accounts/pool-types.ts';
import type {RunReport} from '../runs/events.ts';
import {createReadingProgress} from './reading-progress.ts';

/** What a run still has to send, as far as can be told from what it has sent and reported. */
export type RunDemand = {
	readonly left: () => Demand;
	/** Told of every report of the run: which repositories are begun and finished, and how far they are. */
	readonly heard: (report: RunReport) => void;
	/** One of the parts beside the repositories (the workspace, the snippets) is finished. */
	readonly besideFinished: () => void;
	/** Requests of the run that belonged to no repository. */
	readonly sentBeside: () => Requests;
};

export type RunDemandOptions = {
	/** What each repository may take, by slug. */
	readonly expectations: ReadonlyMap<string, Demand>;
	/** What the parts beside the repositories may take from now on, and how many they are. */
	readonly beside: {readonly requests: Demand; readonly parts: number};
	readonly pool: Pick<AccountPool, 'requestsOf' | 'totals'>;
};

/** Made when nothing of the repositories was asked for yet. */
export function createRunDemand({expectations, beside, pool}: RunDemandOptions): RunDemand {
	// Each is kept for as long as the repository waits or runs.
	const waiting = new Map(expectations);
	const running = new Map<string, Demand>();
	const reading = createReadingProgress(slug => pool.requestsOf(slug).api ?? 0);
	let finished: Evidence = {repositories: 0, took: {}, expected: {}};
	let partsLeft = beside.parts;

	const sentBeside = (): Requests =>
		subtractRequests(
			sentSoFar(pool),
			sumRequests([finished.took, ...[...running.keys()].map(slug => pool.requestsOf(slug))]),
		);
	const sentBefore = sentBeside();

	/** What is finished, and what has taken more already than it was expected to: small ones are finished first. */
	const evidence = (): Evidence =>
		[...running].reduce((sum, [slug, expected]) => {
			const took = pool.requestsOf(slug);
			const isOverdue = countRequests(took) > countRequests(pick(expected, 'likely'));
			return isOverdue ? withRepository(sum, took, expected) : sum;
		}, finished);

	return {
		left: () => {
			const seen = evidence();
			return sumDemand([
				corrected(sumDemand(waiting.values()), seen),
				...[...running].map(([slug, expected]) =>
					reading.correct(slug, lessened(corrected(expected, seen), pool.requestsOf(slug))),
				),
				partsLeft === 0 ? {} : lessened(beside.requests, subtractRequests(sentBeside(), sentBefore)),
			]);
		},
		heard: report => {
			reading.heard(report);
			if (report.type === 'repository-started') {
				running.set(report.repository, waiting.get(report.repository) ?? {});
				waiting.delete(report.repository);
			} else if (report.type === 'repository-finished') {
				const {repository} = report;
				finished = withRepository(finished, pool.requestsOf(repository), running.get(repository) ?? {});
				waiting.delete(repository);
				running.delete(repository);
			}
		},
		besideFinished: () => {
			partsLeft -= 1;
		},
		sentBeside,
	};
}

/** HTTP requests that a pool has sent, by resource. */
export function sentSoFar(pool: Pick<AccountPool, 'totals'>): Requests {
	return sumRequests(pool.totals().map(({requests}) => requests));
}

/** What some repositories took, beside what had been expected of them. */
type Evidence = {readonly repositories: number; readonly took: Requests; readonly expected: Requests};

function withRepository(sum: Evidence, took: Requests, expected: Demand): Evidence {
	return {
		repositories: sum.repositories + 1,
		took: sumRequests([sum.took, took]),
		expected: sumRequests([sum.expected, pick(expected, 'likely')]),
	};
}

/** So many repositories as expected are believed in beside those that were seen. */
const believedRepositories = 2;

/**
What is expected of repositories, corrected by those that were seen: where these took twice what was expected,
the others likely will too. The more were seen, the less the rest can be at either end of its range.
*/
function corrected(demand: Demand, {repositories, took, expected}: Evidence): Demand {
	const share = repositories / (repositories + believedRepositories);
	const width = 1 / Math.sqrt(1 + repositories);
	return mapByResource(demand, ({low, likely, high}, resource) => {
		const foretold = expected[resource] ?? 0;
		const ratio = foretold > 0 ? (took[resource] ?? 0) / foretold : 1;
		const now = likely * (1 + share * (ratio - 1));
		return {
			low: now - width * Math.max(0, now - low),
			likely: now,
			high: now + width * Math.max(0, high - now),
		};
	});
}
