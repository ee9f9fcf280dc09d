import {withoutQuery} from '../../bitbucket/addresses.ts';
import type {BodyTarget} from '../../bitbucket/body-target.ts';
import {
	BodyTooLarge,
	ConnectionFailed,
	type HttpAnswer,
	type HttpClient,
} from '../../bitbucket/http-client.ts';
import {isSafeOrigin} from '../../model/organization.ts';
import type {LfsLink} from './batch.ts';

/** An object could not be fetched; another attempt may do better. */
export class LfsDownloadFailed extends Error {
	override name = 'LfsDownloadFailed';
}

const maximumRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
Fetches what a link leads to, with the headers that came with the link and no other: the object lies with somebody whom our
credential is no business of. A redirect is followed without any.

@throws LfsDownloadFailed, the signal's reason, or the target's own error.
*/
export async function downloadObject(options: {
	readonly http: HttpClient;
	readonly link: Extract<LfsLink, {kind: 'link'}>;
	readonly target: BodyTarget;
	readonly signal: AbortSignal;
}): Promise<void> {
	let {href, headers} = options.link;
	for (let count = 0; count <= maximumRedirects; count += 1) {
		if (!isSafeOrigin(href)) {
			throw new LfsDownloadFailed(`the link to ${withoutQuery(href)} is not followed`);
		}

		const answer = await attempt(href, headers, options);
		const {location} = answer.headers;
		if (redirects.has(answer.status) && typeof location === 'string' && URL.canParse(location, href)) {
			href = new URL(location, href).href;
			headers = {};
		} else if (answer.status >= 200 && answer.status < 300) {
			return;
		} else {
			throw new LfsDownloadFailed(`${new URL(href).host} said ${answer.status}`);
		}
	}

	throw new LfsDownloadFailed('the link leads in a circle');
}

async function attempt(
	href: string,
	headers: Readonly<Record<string, string>>,
	{http, target, signal}: Parameters<typeof downloadObject>[0],
): Promise<HttpAnswer> {
	try {
		return await http.attempt(href, {
			accept: '*/*',
			headers,
			maximumBytes: Number.POSITIVE_INFINITY,
			target,
			signal,
		});
	} catch (error) {
		throw error instanceof ConnectionFailed || error instanceof BodyTooLarge
			? new LfsDownloadFailed(`the connection to ${new URL(href).host} failed: ${error.message}`)
			: error;
	}
}
