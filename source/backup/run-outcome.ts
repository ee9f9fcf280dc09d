import type {AccountPool} from '../accounts/pool-types.ts';
import type {RepositoryStatus} from '../model/repository-status.ts';
import type {RunReport, RunStatus} from '../runs/events.ts';

/** What a run came to: the fields of the event `run-finished`. */
export type RunOutcome = Omit<Extract<RunReport, {type: 'run-finished'}>, 'type'>;

/** Adds up what comes of the repositories while a run goes on. */
export type RunTally = {
	readonly finished: (
		repository: string,
		status: RepositoryStatus,
		bytes: number,
		problems: readonly string[],
	) => void;
	/** What is missing beside the repositories: of the workspace, of snippets. */
	readonly missing: (problems: readonly string[]) => void;
	/** What a person should know, while nothing is missing. */
	readonly noted: (notes: readonly string[]) => void;
	readonly outcome: (end: {
		readonly pool: AccountPool;
		readonly durationMilliseconds: number;
		/** Set where the run did not come to its own end. */
		readonly broken?: {readonly status: 'failed' | 'cancelled'; readonly problem?: string};
	}) => RunOutcome;
};

/** More than so many sentences help nobody, and would make a line of the journal too long to read at a glance. */
const maximumProblems = 100;

/** So many different sentences are told apart; beyond, a run of thousands of repositories would fill the memory with them. */
const maximumTexts = 1000;

/** @param total Repositories that the plan covers. */
export function createRunTally(total: number): RunTally {
	const counts: Record<RepositoryStatus, number> = {'backed-up': 0, unchanged: 0, partial: 0, failed: 0};
	const byText = new Map<string, {readonly first: string; times: number}>();
	const others = new Set<string>();
	const notes = new Set<string>();
	let untold = 0;
	let bytes = 0;

	const add = (text: string, repository: string): void => {
		const known = byText.get(text);
		if (known !== undefined) {
			known.times += 1;
		} else if (byText.size < maximumTexts) {
			byText.set(text, {first: repository, times: 1});
		} else {
			untold += 1;
		}
	};

	return {
		finished: (repository, status, added, problems) => {
			counts[status] += 1;
			bytes += added;
			for (const text of problems) {
				add(text, repository);
			}
		},
		missing: problems => {
			for (const problem of problems) {
				others.add(problem);
			}
		},
		noted: texts => {
			for (const text of texts) {
				notes.add(text);
			}
		},
		outcome: ({pool, durationMilliseconds, broken}) => {
			const accounts = pool.totals().map(({account, label, requests, throttled}) => ({
				account,
				label,
				requests: {...requests},
				throttled,
			}));
			const failures = pool
				.accounts()
				.flatMap(({label, failed}) => (failed === undefined ? [] : [`account ${label}: ${failed.reason}`]));
			const problems = [
				...(broken?.problem === undefined ? [] : [broken.problem]),
				...others,
				...notes,
				...[...byText].map(([text, {first, times}]) => aboutRepositories(text, first, times)),
				...failures,
			];
			const isIncomplete = counts.partial + counts.failed > 0 || others.size > 0;
			return {
				status: broken?.status ?? statusOf(total, counts.failed, isIncomplete),
				repositories: {
					total,
					backedUp: counts['backed-up'],
					unchanged: counts.unchanged,
					partial: counts.partial,
					failed: counts.failed,
				},
				requests: {
					total: sum(accounts.flatMap(account => Object.values(account.requests))),
					throttled: sum(accounts.map(account => account.throttled)),
				},
				accounts,
				bytes,
				durationMs: Math.round(durationMilliseconds),
				problems: shortened(problems, untold),
			};
		},
	};
}

/** A run of which no repository could be read has failed; one that lacks anything is partial. */
function statusOf(total: number, failed: number, isIncomplete: boolean): RunStatus {
	if (total > 0 && failed === total) {
		return 'failed';
	}

	return isIncomplete ? 'partial' : 'succeeded';
}

function aboutRepositories(text: string, first: string, times: number): string {
	return times === 1 ? `${first}: ${text}` : `${text} (${times} repositories)`;
}

/** @param untold How many more there are. */
function shortened(problems: readonly string[], untold: number): string[] {
	const more = problems.length + untold - maximumProblems;
	return more > 0 ? [...problems.slice(0, maximumProblems), `… and ${more} more problems`] : [...problems];
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, one) => total + one, 0);
}
