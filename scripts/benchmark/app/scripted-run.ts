import {type RunEvent, RunEventSchema} from '../../../source/runs/events.ts';
import {now} from '../../../test/app/fake-services.ts';

/* Journals of runs over four accounts, as long as one wants them. */

export const scriptedRun = '20261122T115500.000Z-nightly';

const accounts = ['primary', 'bot-1', 'bot-2', 'bot-3'] as const;
const atOnce = 8;

const event = (part: Readonly<Record<string, unknown>>): RunEvent =>
	RunEventSchema.parse({at: new Date(now).toISOString(), run: scriptedRun, ...part});

const nameOf = (index: number): string => `repository-${String(index).padStart(5, '0')}`;

const started = (repositories: number): RunEvent =>
	event({
		type: 'run-started',
		plan: 'nightly',
		organization: 'acme',
		repositories,
		pid: 4242,
		accounts: accounts.map(label => ({
			account: `user:{${label}}`,
			label,
			credentials: [label],
			limits: {api: {limit: 1000, windowMs: 3_600_000}},
		})),
	});

const begun = (index: number): RunEvent => event({type: 'repository-started', repository: nameOf(index)});

const finished = (index: number): RunEvent =>
	event({
		type: 'repository-finished',
		repository: nameOf(index),
		status: index % 3 === 0 ? 'backed-up' : 'unchanged',
		snapshot: '20261122T115501.000Z',
		requests: {api: 12, git: 4},
		bytes: 120_000,
		problems: [],
	});

const progress = (index: number, done: number): RunEvent =>
	event({
		type: 'repository-progress',
		repository: nameOf(index),
		stage: 'pull-requests',
		done,
		total: 1800,
		unit: 'pull requests',
	});

const quota = (label: string, used: number): RunEvent =>
	event({
		type: 'quota',
		account: `user:{${label}}`,
		label,
		resource: 'api',
		limit: 1000,
		windowMs: 3_600_000,
		used,
		remaining: Math.max(0, 950 - used),
		reserve: 50,
		resets: new Date(now + 2_460_000).toISOString(),
		frozenUntil: null,
		source: 'estimate',
		perMinute: 38 + (used % 7),
	});

/** A run that has finished so many repositories, and goes on. */
export async function* longRun(repositories: number): AsyncGenerator<RunEvent> {
	yield started(repositories + atOnce);
	for (const label of accounts) {
		yield quota(label, 400);
	}

	for (let index = 0; index < repositories; index += 1) {
		yield begun(index);
		yield finished(index);
	}

	await new Promise(() => undefined);
}

/** How a run begins of which nothing is finished yet. */
export function beginning(repositories: number): readonly RunEvent[] {
	return [
		started(repositories),
		...accounts.map(label => quota(label, 100)),
		...Array.from({length: atOnce}, (_, index) => begun(index)),
	];
}

/**
What a run at full speed says between two looks of a screen: every account has sent something, every repository has come on, and one in
four times one of them is finished and another begun.
*/
export function tick(count: number): readonly RunEvent[] {
	const first = Math.floor(count / 4);
	const isAtEnd = count % 4 === 3;
	return [
		...accounts.map((label, index) => quota(label, 100 + ((count * (index + 2)) % 850))),
		...Array.from({length: atOnce}, (_, index) => progress(first + index, ((count % 40) + 1) * 40 + index)),
		...(isAtEnd ? [finished(first), begun(first + atOnce)] : []),
	];
}
