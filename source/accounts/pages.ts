import {absoluteUrl, isBelowApi, withoutQuery} from '../bitbucket/addresses.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import {elementsOfPage} from '../bitbucket/list-elements.ts';
import {PageSchema} from '../bitbucket/resources.ts';
import type {AccountPool, ListPage, PoolAnswer, PoolRequest} from './pool-types.ts';

/** Far more pages than any list has: a list that goes on longer is a server gone wrong. */
const maximumPages = 20_000;

/**
The pages of a list, following `next` (opaque, absolute) only where our credentials may go. Only one of them is held at a time.

@throws RequestFailed when a page is no page, a link leads elsewhere or back, or the list never ends.
*/
export async function* readListPages(
	get: AccountPool['get'],
	apiUrl: string,
	request: PoolRequest,
): AsyncGenerator<ListPage> {
	const visited = new Set<string>();
	let url: string | undefined = absoluteUrl(apiUrl, request.url);

	while (url !== undefined) {
		const current: string = url;
		if (visited.has(current) || visited.size >= maximumPages) {
			throw endless(current);
		}

		visited.add(current);
		const {next, page} = readPage(current, await get({...request, url: current}));
		yield page;
		url = next;
		if (url !== undefined && !isBelowApi(apiUrl, url)) {
			throw new RequestFailed(
				`The list at ${withoutQuery(current)} goes on at ${withoutQuery(url)}, away from the organization's API; it is not followed.`,
				{reason: 'malformed', status: 200, url: withoutQuery(current)},
			);
		}
	}
}

/** Every element of a paged list. @throws RequestFailed */
export async function* readPages(
	get: AccountPool['get'],
	apiUrl: string,
	request: PoolRequest,
): AsyncGenerator<unknown> {
	for await (const {elements} of readListPages(get, apiUrl, request)) {
		for (const {value} of elements) {
			yield value;
		}
	}
}

function readPage(
	url: string,
	{body, status, json}: PoolAnswer,
): {readonly next: string | undefined; readonly page: ListPage} {
	const parsed = PageSchema.safeParse(json());
	const elements = parsed.success ? elementsOfPage(body, parsed.data.values) : undefined;
	if (!parsed.success || elements === undefined) {
		throw new RequestFailed(`The answer to ${withoutQuery(url)} is not a page of a list.`, {
			reason: 'malformed',
			status,
			url: withoutQuery(url),
		});
	}

	return {next: parsed.data.next, page: {elements, size: parsed.data.size}};
}

function endless(url: string): RequestFailed {
	return new RequestFailed(`The list at ${withoutQuery(url)} does not end: its links lead in a circle.`, {
		reason: 'malformed',
		status: 200,
		url: withoutQuery(url),
	});
}
