import type * as z from 'zod';
import {holdsToken, withoutTokens} from '../model/token-text.ts';
import {UserError} from '../system/user-error.ts';

/**
The value as its schema wants it.

@param what Names the value in the sentence: `the plan "nightly"`.
@throws UserError (wrong usage) that says which part is wrong and what was expected; also where a token stands in it, which would be kept in clear.
*/
export function validated<Schema extends z.ZodType>(
	schema: Schema,
	value: unknown,
	what: string,
): z.output<Schema> {
	const result = schema.safeParse(value);
	const named = withoutTokens(what);
	if (!result.success) {
		const [issue] = result.error.issues;
		const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`;
		const reason = withoutTokens(issue?.message ?? 'unknown reason');
		throw new UserError(`${capitalized(named)}${where} is not valid: ${reason}.`, {exitCode: 2});
	}

	if (holdsToken(JSON.stringify(result.data))) {
		throw new UserError(
			`A token stands in ${named}, in a place that is kept in clear; nothing was saved. A token is given as the secret of a credential, and nowhere else.`,
			{exitCode: 2},
		);
	}

	return result.data;
}

function capitalized(text: string): string {
	return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
