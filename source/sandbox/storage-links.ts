import {createHmac, timingSafeEqual} from 'node:crypto';

export type StorageMethod = 'GET' | 'PUT';

/** What a link to the storage host allows: one thing with one stored file, for a while. */
export type StorageGrant = {
	readonly purpose: 'lfs' | 'download';
	readonly method: StorageMethod;
	/** The repository's uuid. */
	readonly repository: string;
	/** An LFS object's id, or a download's file name. */
	readonly name: string;
	/** Epoch seconds. */
	readonly expires: number;
};

export type StorageLink = {readonly href: string; readonly header: Readonly<Record<string, string>>};

/** Signs links and checks them. An LFS link is good only together with its header; a download's address is enough, as a redirect has no header to give. */
export type StorageLinks = {
	readonly sign: (origin: string, grant: StorageGrant) => StorageLink;
	/** The grant of a request's path and query, if it is one that was signed, and the `Authorization` that belongs to it. */
	readonly read: (
		method: string,
		url: URL,
	) => {readonly grant: StorageGrant; readonly authorization?: string} | undefined;
};

export function createStorageLinks(key: Uint8Array): StorageLinks {
	const digest = (part: 'header' | 'query', {purpose, method, repository, name, expires}: StorageGrant) =>
		createHmac('sha256', key)
			.update(JSON.stringify([part, purpose, method, repository, name, expires]))
			.digest('hex');
	const authorizationFor = (grant: StorageGrant) => `Storage ${digest('header', grant)}`;

	return {
		sign(origin, grant) {
			const {purpose, repository, name, expires} = grant;
			const path = [purpose, repository, name].map(encodeURIComponent).join('/');
			const query = `expires=${expires}&signature=${digest('query', grant)}`;
			return {
				href: `${origin}/${path}?${query}`,
				header: purpose === 'lfs' ? {Authorization: authorizationFor(grant)} : {},
			};
		},
		read(method, url) {
			const [purpose, repository, name] = url.pathname.slice(1).split('/').map(decoded);
			if ((purpose !== 'lfs' && purpose !== 'download') || !repository || !name) {
				return undefined;
			}

			if (method !== 'GET' && method !== 'PUT') {
				return undefined;
			}

			const expires = Number(url.searchParams.get('expires'));
			const grant: StorageGrant = {purpose, method, repository, name, expires};
			const given = Buffer.from(url.searchParams.get('signature') ?? '');
			const expected = Buffer.from(digest('query', grant));
			if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
				return undefined;
			}

			return {grant, ...(purpose === 'lfs' && {authorization: authorizationFor(grant)})};
		},
	};
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return '';
	}
}
