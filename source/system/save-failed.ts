import {UserError} from './user-error.ts';

/** Something of our own could not be written: a full disk, a lost mount. Whoever gets it can save nothing more. */
export class SaveFailed extends UserError {
	override name = 'SaveFailed';

	/** @param what What could not be written, as the beginning of a sentence. */
	constructor(what: string, error: unknown) {
		const reason = error instanceof Error ? error.message : String(error);
		super(`${what} cannot be written: ${reason}. Free space or make it writable, then run the plan again.`, {
			cause: error,
		});
	}
}
