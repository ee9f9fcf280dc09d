import {sanitize} from '../../system/sanitize.ts';
import type {SavedUser} from './pull-request-schemas.ts';

/*
Pieces of Markdown made of texts from outside: nothing that a terminal would act upon is left in them, and what people wrote
is always quoted, so that it never passes for a part of the page.
*/

/** A text of one line. */
export function line(text: string | undefined): string {
	return sanitize(text ?? '').trim();
}

/** A text as it is in the source: a branch, a path, a hash. */
export function code(text: string): string {
	const safe = line(text);
	return safe.includes('`') ? `\`\` ${safe} \`\`` : `\`${safe}\``;
}

/** What somebody wrote, line by line behind a mark; nothing for a text without any letter. */
export function quote(text: string | undefined, indentation = ''): readonly string[] {
	const lines = (text ?? '').split(/\r\n|[\n\r\u2028\u2029]/).map(one => sanitize(one).trimEnd());
	const first = lines.findIndex(one => one !== '');
	const last = lines.findLastIndex(one => one !== '');
	return first < 0 ? [] : lines.slice(first, last + 1).map(one => `${indentation}> ${one}`.trimEnd());
}

/** `2026-11-22 13:15 UTC`; a text that is no time stays as it is. */
export function time(text: string | undefined): string {
	const milliseconds = Date.parse(text ?? '');
	return Number.isNaN(milliseconds)
		? line(text)
		: `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function person(user: SavedUser): string {
	return line(user?.display_name) || line(user?.nickname) || 'somebody';
}

/** Texts side by side, without those that say nothing. */
export function joined(texts: ReadonlyArray<string | undefined>, separator: string): string {
	return texts.filter(text => text !== undefined && text !== '').join(separator);
}
