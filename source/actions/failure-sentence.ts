import type {Redactor} from '../system/redactor.ts';
import {sanitize} from '../system/sanitize.ts';

/** What went wrong, as a sentence that may be shown and written down: no secret that was opened, no control character. */
export function failureSentence(error: unknown, redactor: Redactor): string {
	return sanitize(redactor.redact(error instanceof Error ? error.message : String(error)));
}
