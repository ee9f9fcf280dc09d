import {SandboxError} from './sandbox-error.ts';
import type {SandboxLimits} from './service-types.ts';

export type SandboxOptions = {
	/** Default 0: any free one. */
	readonly port?: number;
	/** The same seed makes the same world. Default 1. */
	readonly seed?: number;
	/** Default 12. */
	readonly repositories?: number;
	/** Of each repository that has commits; by default each has its own number. */
	readonly pullRequests?: number;
	/** User accounts of the backup besides the primary one; default 3. */
	readonly accounts?: number;
	/** What is not named has the limit that Bitbucket documents. */
	readonly limits?: SandboxLimits;
	/** Whether a request that is answered 429 uses quota too: nobody outside knows what Bitbucket does. Default false. */
	readonly countThrottled?: boolean;
	/** Whether a 429 of the sandbox says `Retry-After`; Bitbucket's do not. Default false. */
	readonly retryAfter?: boolean;
	/**
	 * Whether a pull request's `task_count` counts open tasks alone, as Bitbucket's description says, or all of them: nobody
	 * outside knows what Bitbucket does. Default false.
	 */
	readonly countOpenTasks?: boolean;
	/** Whether Git refuses a commit that no ref shows, to whoever asks for it by its id. Default false. */
	readonly refuseUnadvertised?: boolean;
	/** Where Git data lie; default: a temporary folder that is removed at the end. */
	readonly folder?: string;
	/** Origin by which it is reached, told where it listens, where something stands in between: its links lead there. */
	readonly front?: (origin: string) => Promise<string>;
	/** Before each answer. Default 0. */
	readonly latencyMilliseconds?: number;
};

const highest = {
	port: 65_535,
	seed: Number.MAX_SAFE_INTEGER,
	repositories: 100_000,
	pullRequests: 10_000,
	accounts: 1000,
	latencyMilliseconds: 60_000,
} as const;

/** Throws a SandboxError that names the first option which is no whole number in its range. */
export function checkOptions(options: SandboxOptions): void {
	for (const [name, maximum] of Object.entries(highest)) {
		const value = options[name as keyof typeof highest];
		if (value !== undefined && (!Number.isInteger(value) || value < 0 || value > maximum)) {
			throw new SandboxError(
				`The sandbox's ${name} must be a whole number from 0 to ${maximum}, not ${value}.`,
			);
		}
	}
}
