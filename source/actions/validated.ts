import type * as z from 'zod';
import {UserError} from '../system/user-error.ts';

/**
The value as its schema wants it.

@param what Names the value in the sentence: `the plan "nightly"`.
@throws UserError (wrong usage) that says which part is wrong and what was expected.
*/
export function validated<Schema extends z.ZodType>(
	schema: Schema,
	value: unknown,
	what: string,
): z.output<Schema> {
	const result = schema.safeParse(value);
	if (result.success) {
		return result.data;
	}

	const [issue] = result.error.issues;
	const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
	throw new UserError(`${capitalized(what)}${where} is not valid: ${issue?.message ?? 'unknown reason'}.`, {
		exitCode: 2,
	});
}

function capitalized(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
