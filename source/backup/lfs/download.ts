import {pipeline} from 'node:stream/promises';
import got, {RequestError} from 'got';
import {userAgent} from '../../accounts/user-agent.ts';
import {withoutQuery} from '../../bitbucket/addresses.ts';
import {isSafeOrigin} from '../../model/organization.ts';
import type {LfsLink} from './batch.ts';

/** An object could not be fetched; another attempt may do better. */
export class LfsDownloadFailed extends Error {
	override name = 'LfsDownloadFailed';
}

const maximumRedirects = 3;

/**
Fetches what a link leads to, with the headers that came with the link and no other: the object lies with somebody whom our
credential is no business of. A redirect is followed without any.

@throws LfsDownloadFailed, the signal's reason, or the target's own error.
*/
export async function downloadObject(
	link: Extract<LfsLink, {kind: 'link'}>,
	open: () => NodeJS.WritableStream,
	signal: AbortSignal,
): Promise<void> {
	let {href, headers} = link;
	for (let redirects = 0; redirects <= maximumRedirects; redirects += 1) {
		if (!isSafeOrigin(href)) {
			throw new LfsDownloadFailed(`the link to ${withoutQuery(href)} is not followed`);
		}

		const location = await attempt(href, headers, open, signal);
		if (location === undefined) {
			return;
		}

		href = location;
		headers = {};
	}

	throw new LfsDownloadFailed('the link leads in a circle');
}

/** @returns where the answer redirects to; undefined once the body is in the target. */
async function attempt(
	href: string,
	headers: Readonly<Record<string, string>>,
	open: () => NodeJS.WritableStream,
	signal: AbortSignal,
): Promise<string | undefined> {
	const stream = got.stream(href, {
		headers: {'user-agent': userAgent, ...headers},
		decompress: false,
		followRedirect: false,
		throwHttpErrors: false,
		retry: {limit: 0},
		timeout: {connect: 10_000, response: 90_000, socket: 60_000},
		signal,
	});
	try {
		const response = await new Promise<{statusCode: number; headers: {location?: string | undefined}}>(
			(resolve, reject) => {
				stream.once('response', resolve);
				stream.once('error', reject);
			},
		);
		const {location} = response.headers;
		if (response.statusCode >= 300 && response.statusCode < 400 && location !== undefined) {
			return new URL(location, href).href;
		}

		if (response.statusCode !== 200) {
			throw new LfsDownloadFailed(`${new URL(href).host} said ${response.statusCode}`);
		}

		await pipeline(stream, open());
		return undefined;
	} catch (error) {
		signal.throwIfAborted();
		throw error instanceof RequestError
			? new LfsDownloadFailed(`the connection to ${new URL(href).host} failed (${error.code})`)
			: error;
	} finally {
		stream.destroy();
	}
}
