import * as z from 'zod';
import {sanitize} from '../system/sanitize.ts';

const EnvelopeSchema = z.looseObject({
	error: z.looseObject({
		message: z.string().optional(),
		detail: z.unknown().optional(),
	}),
});

const maximumLength = 200;

/**
What Bitbucket said in an error's body, as one short line that is safe to show.

Bodies are JSON envelopes, plain text, or whole HTML pages; of a page nothing is said but that it was one.
*/
export function errorMessage(body: Buffer): string {
	const text = body.toString('utf8', 0, 64 * 1024).trim();
	if (text === '') {
		return 'no explanation';
	}

	return shorten(
		sanitize(fromEnvelope(text) ?? (/^</.test(text) ? 'an HTML page instead of an answer' : text)),
	);
}

function fromEnvelope(text: string): string | undefined {
	try {
		const envelope = EnvelopeSchema.safeParse(JSON.parse(text));
		return envelope.success ? envelope.data.error.message : undefined;
	} catch {
		return undefined;
	}
}

function shorten(text: string): string {
	return text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text;
}
