/**
`held` while all of the run waits for quota or for Bitbucket; `over` once it has ended: what was at work, or waited, was not
finished.
*/
export type RowMoment = 'live' | 'held' | 'paused' | 'over';

/** What came of a repository, in the words that all screens use. */
export const stateWords = {
	running: 'running',
	failed: 'failed',
	partial: 'partial',
	'backed-up': 'saved',
	unchanged: 'unchanged',
} as const;
