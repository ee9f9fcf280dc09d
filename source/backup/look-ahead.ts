import type {Clock} from '../system/clock.ts';

/** Answers of the repositories that come next, asked for while those before them are still worked on. */
export type LookAhead<Repository, Answer> = {
	/** What was asked for ahead, where that is still fresh; asked for now otherwise. */
	readonly of: (repository: Repository) => Promise<Answer>;
};

export type LookAheadOptions<Repository, Answer> = {
	/** In the order in which they are worked on. */
	readonly repositories: readonly Repository[];
	readonly ask: (repository: Repository) => Promise<Answer>;
	readonly clock: Pick<Clock, 'elapsed'>;
};

/**
So many are asked for ahead. One question takes a way there and back, of which a run that finds nothing new would otherwise do
nothing but wait for: at 20 ms a way, 25 at once are one in 1.6 ms.
*/
const ahead = 24;

/** What was said longer ago than this, in milliseconds, may be out of date: it is asked for again. */
const freshness = 60_000;

export function createLookAhead<Repository, Answer>({
	repositories,
	ask,
	clock,
}: LookAheadOptions<Repository, Answer>): LookAhead<Repository, Answer> {
	const positions = new Map(repositories.map((repository, index) => [repository, index]));
	const asked = new Map<Repository, {readonly at: number; readonly answer: Promise<Answer>}>();
	let next = 0;

	const askAhead = (position: number): void => {
		for (; next < repositories.length && next <= position + ahead; next += 1) {
			const repository = repositories[next] as Repository;
			const answer = ask(repository);
			// Whoever works on it is told; until then it is no failure of the run.
			answer.catch(() => undefined);
			asked.set(repository, {at: clock.elapsed(), answer});
		}
	};

	return {
		of: async repository => {
			askAhead(positions.get(repository) ?? -1);
			const found = asked.get(repository);
			asked.delete(repository);
			return found !== undefined && clock.elapsed() - found.at < freshness ? found.answer : ask(repository);
		},
	};
}
