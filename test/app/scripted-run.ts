import type {AppServices} from '../../source/app/services.ts';
import {type RunEvent, RunEventSchema} from '../../source/runs/events.ts';

export const scriptedRunId = '20261122T115500.000Z-nightly';

/** A run whose journal a test writes, followed by any number of terminals from its beginning. */
export type ScriptedRun = {
	/** What an app's services need to show it. */
	readonly services: Pick<AppServices, 'followRun' | 'pauseRun' | 'resumeRun' | 'cancelRun'>;
	/** Writes events to the journal; the time is that of the last one where none is given. */
	readonly write: (...events: ReadonlyArray<Record<string, unknown>>) => void;
	/** The process of the run is gone: nothing more comes. */
	readonly end: () => void;
	/** How many terminals follow it. */
	readonly followers: () => number;
};

/** @param begun What stands in the journal already. */
export function createScriptedRun(begun: readonly RunEvent[]): ScriptedRun {
	const journal = [...begun];
	const bells = new Set<() => void>();
	let hasEnded = false;
	let followers = 0;
	const ring = (): void => {
		for (const bell of [...bells]) {
			bell();
		}
	};

	const write: ScriptedRun['write'] = (...events) => {
		const at = journal.at(-1)?.at ?? '2026-11-22T11:55:00.000Z';
		journal.push(...events.map(event => RunEventSchema.parse({at, run: scriptedRunId, ...event})));
		ring();
	};

	return {
		write,
		followers: () => followers,
		end: () => {
			hasEnded = true;
			ring();
		},
		services: {
			pauseRun: async () => write({type: 'paused'}),
			resumeRun: async () => write({type: 'resumed', pausedMs: 1000}),
			cancelRun: async () => undefined,
			followRun: async function* (_run, signal) {
				followers += 1;
				signal.addEventListener('abort', () => {
					followers -= 1;
					ring();
				});
				for (let next = 0; !signal.aborted; ) {
					const event = journal[next];
					if (event !== undefined) {
						next += 1;
						yield event;
						if (event.type === 'run-finished') {
							return;
						}
					} else if (hasEnded) {
						return;
					} else {
						await new Promise<void>(resolve => {
							const bell = (): void => {
								bells.delete(bell);
								resolve();
							};
							bells.add(bell);
						});
					}
				}
			},
		},
	};
}

/** Events of a repository, as a test writes them to a scripted run. */
export const begun = (repository: string) => ({type: 'repository-started', repository});
export const finish = (repository: string, status = 'backed-up') => ({
	type: 'repository-finished',
	repository,
	status,
	snapshot: null,
	requests: {api: 3},
	bytes: 0,
	problems: [],
});

/** Ten thousand repositories that are to be backed up, listed as Bitbucket lists them: page by page. */
export const tenThousandNames = Array.from(
	{length: 10_000},
	(_, index) => `repository-${String(index).padStart(4, '0')}`,
);
export const tenThousandListed = Array.from({length: 50}, (_, part) => ({
	type: 'repositories-listed',
	repositories: tenThousandNames.slice(part * 200, part * 200 + 200),
}));
