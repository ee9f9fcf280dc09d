/** Exit codes that an error can mean: failed, wrong usage, finished with something missing. */
export type ErrorExitCode = 1 | 2 | 3;

/** An error whose message is for a person: one sentence that says what happened and what to do. Never shown with a stack trace. */
export class UserError extends Error {
	readonly exitCode: ErrorExitCode;

	constructor(message: string, options: {readonly exitCode?: ErrorExitCode; readonly cause?: unknown} = {}) {
		super(message, options.cause === undefined ? undefined : {cause: options.cause});
		this.name = 'UserError';
		this.exitCode = options.exitCode ?? 1;
	}
}
