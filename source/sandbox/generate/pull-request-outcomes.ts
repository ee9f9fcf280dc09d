import type {PullRequestOutcome} from './history-plan.ts';

const closed: readonly PullRequestOutcome[] = [
	'squash',
	'declined',
	'superseded',
	'merge_commit',
	'merge_commit',
	'squash',
	'fast_forward',
	'merge_commit',
];

/** How each of `count` pull requests, oldest first, ends. The newest quarter is still open; four of them have all four states. */
export function pullRequestOutcomes(count: number): PullRequestOutcome[] {
	const open = Math.min(count, Math.max(1, Math.floor(count / 4)));
	return Array.from({length: count}, (_, index) =>
		index >= count - open ? 'open' : (closed[index % closed.length] ?? 'merge_commit'),
	);
}
