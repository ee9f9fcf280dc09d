import {absoluteUrl, isBelowApi, withoutQuery} from '../bitbucket/addresses.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import {PageSchema} from '../bitbucket/resources.ts';
import type {AccountPool, PoolRequest} from './pool-types.ts';

/** Far more pages than any list has: a list that goes on longer is a server gone wrong. */
const maximumPages = 20_000;

/**
Every element of a paged list, following `next` (opaque, absolute) only where our credentials may go.

@throws RequestFailed when a page is no page, a link leads elsewhere or back, or the list never ends.
*/
export async function* readPages(
	get: AccountPool['get'],
	apiUrl: string,
	request: PoolRequest,
): AsyncGenerator<unknown> {
	const visited = new Set<string>();
	let url: string | undefined = absoluteUrl(apiUrl, request.url);

	while (url !== undefined) {
		const current: string = url;
		if (visited.has(current) || visited.size >= maximumPages) {
			throw endless(current);
		}

		visited.add(current);
		const answer = await get({...request, url: current});
		const page = PageSchema.safeParse(answer.json());
		if (!page.success) {
			throw new RequestFailed(`The answer to ${withoutQuery(current)} is not a page of a list.`, {
				reason: 'malformed',
				status: answer.status,
				url: withoutQuery(current),
			});
		}

		yield* page.data.values;
		url = page.data.next;
		if (url !== undefined && !isBelowApi(apiUrl, url)) {
			throw new RequestFailed(
				`The list at ${withoutQuery(current)} goes on at ${withoutQuery(url)}, away from the organization's API; it is not followed.`,
				{reason: 'malformed', status: answer.status, url: withoutQuery(current)},
			);
		}
	}
}

function endless(url: string): RequestFailed {
	return new RequestFailed(`The list at ${withoutQuery(url)} does not end: its links lead in a circle.`, {
		reason: 'malformed',
		status: 200,
		url: withoutQuery(url),
	});
}
