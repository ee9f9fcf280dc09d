import {createHmac, timingSafeEqual} from 'node:crypto';

export type StorageMethod = 'GET' | 'PUT';

/** What a link to the storage host allows: one thing with one object, for a while. */
export type StorageGrant = {
	readonly method: StorageMethod;
	readonly repository: string;
	readonly oid: string /** Epoch seconds. */;
	readonly expires: number;
};

export type StorageLink = {readonly href: string; readonly header: Readonly<Record<string, string>>};

/** Signs links and checks them. Address and header are both needed, as with real storage hosts. */
export type StorageLinks = {
	readonly sign: (origin: string, grant: StorageGrant) => StorageLink;
	/** The grant of a request's path and query, if it is one that was signed. `authorization` is the header that belongs to it. */
	readonly read: (
		method: string,
		url: URL,
	) => {readonly grant: StorageGrant; readonly authorization: string} | undefined;
};

export function createStorageLinks(key: Uint8Array): StorageLinks {
	const digest = (purpose: string, {method, repository, oid, expires}: StorageGrant) =>
		createHmac('sha256', key).update([purpose, method, repository, oid, expires].join('\n')).digest('hex');
	const authorizationFor = (grant: StorageGrant) => `Storage ${digest('header', grant)}`;

	return {
		sign(origin, grant) {
			const path = `/lfs/${encodeURIComponent(grant.repository)}/${grant.oid}`;
			const query = `expires=${grant.expires}&signature=${digest('query', grant)}`;
			return {href: `${origin}${path}?${query}`, header: {Authorization: authorizationFor(grant)}};
		},
		read(method, url) {
			const [, repository, oid] = /^\/lfs\/([^/]+)\/([0-9a-f]{64})$/.exec(url.pathname) ?? [];
			if (repository === undefined || oid === undefined || (method !== 'GET' && method !== 'PUT')) {
				return undefined;
			}

			const expires = Number(url.searchParams.get('expires'));
			const grant: StorageGrant = {method, repository: decodeURIComponent(repository), oid, expires};
			const given = Buffer.from(url.searchParams.get('signature') ?? '');
			const expected = Buffer.from(digest('query', grant));
			return given.length === expected.length && timingSafeEqual(given, expected)
				? {grant, authorization: authorizationFor(grant)}
				: undefined;
		},
	};
}
