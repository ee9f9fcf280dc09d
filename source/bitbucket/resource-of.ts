import type {Resource} from '../model/quota-limit.ts';

/** Which limit a request below `/2.0` counts against, by its address. */
export function resourceOf(url: string): Resource {
	const path = url.replace(/[?#].*$/, '');
	if (/\/hooks(\/|$)/.test(path)) {
		return 'webhooks';
	}

	// The list of downloads is `api`; one file is `raw`, as is a file's raw source.
	if (/\/repositories\/[^/]+\/[^/]+\/(downloads|src)\/./.test(path)) {
		return 'raw';
	}

	return /\.(zip|tar\.gz|tar\.bz2)$/.test(path) ? 'archive' : 'api';
}

/**
The operation that an address stands for, without the names and ids in it, so that what was learned of one address
(this account lacks the scope) holds for its like: `/repositories/{}/{}/pullrequests/{}/comments`.
*/
export function operationOf(url: string): string {
	const path = new URL(url, 'http://localhost').pathname.replace(/^\/2\.0\//, '/');
	const [begin, masked] = rooms.find(([room]) => room.test(path)) ?? [/^/, ''];
	const rest = path.replace(begin, '');
	return masked + rest.split('/').map(maskIdentifier).join('/');
}

/** How addresses begin that hold names, and the same without them. */
const rooms: ReadonlyArray<readonly [RegExp, string]> = [
	[/^\/repositories\/[^/]+\/[^/]+/, '/repositories/{}/{}'],
	[/^\/workspaces\/[^/]+\/projects\/[^/]+/, '/workspaces/{}/projects/{}'],
	[/^\/workspaces\/[^/]+/, '/workspaces/{}'],
	[/^\/snippets\/[^/]+\/[^/]+/, '/snippets/{}/{}'],
	[/^\/snippets\/[^/]+/, '/snippets/{}'],
];

function maskIdentifier(segment: string): string {
	return /^(\d+|\{.*\}|%7B.*%7D|[0-9a-f]{7,64})$/i.test(segment) ? '{}' : segment;
}
