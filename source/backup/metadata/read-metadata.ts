import type {AccountPool, PoolRequest} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';

/** What came of asking for one kind of data. */
export type Reading =
	| {readonly kind: 'read'; readonly value: unknown}
	/** Bitbucket has it not: never set, or removed for good. */
	| {readonly kind: 'absent'}
	/** It may be there, and could not be read. */
	| {readonly kind: 'unreadable'; readonly problem: string};

export type MetadataRequest = {
	/** In people's words, as it stands in sentences: `branch restrictions`. */
	readonly label: string;
	readonly shape: 'list' | 'single';
	/** Path below the API, with the query that it needs. */
	readonly path: string;
	/** Slug of the repository that it is about. */
	readonly repository?: string | undefined;
	/** The API token scope that opens it. */
	readonly scope: string;
	readonly only?: PoolRequest['only'] | undefined;
	/** Elements a page; 100 is the most that Bitbucket gives of most lists. */
	readonly pageLength?: number;
};

/**
Reads one object, or a whole list.

@throws the pool's abort reason, and RequestFailed when no account is left: then nothing more can be read at all.
*/
export async function readMetadata(pool: AccountPool, request: MetadataRequest): Promise<Reading> {
	try {
		return {kind: 'read', value: await read(pool, request)};
	} catch (error) {
		if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
			throw error;
		}

		return error.reason === 'not-found' || error.reason === 'gone'
			? {kind: 'absent'}
			: {kind: 'unreadable', problem: unreadable(request, error)};
	}
}

/** Why something could not be read: one sentence, the same for every repository where it is a scope that is missing. */
export function unreadable(
	{label, scope}: Pick<MetadataRequest, 'label' | 'scope'>,
	error: RequestFailed,
): string {
	if (error.reason !== 'forbidden') {
		return `${label} could not be read: ${error.message}`;
	}

	return error.missingScopes.length > 0
		? `${label} could not be read: no account in use has the scope ${error.missingScopes.join(' or ')}`
		: `${label} could not be read: no account in use may (it takes the scope ${scope} and the permission)`;
}

async function read(pool: AccountPool, request: MetadataRequest): Promise<unknown> {
	const {shape, path, repository, only, pageLength = 100} = request;
	const about = {...(repository === undefined ? {} : {repository}), ...(only === undefined ? {} : {only})};
	if (shape === 'single') {
		return (await pool.get({url: path, ...about})).json();
	}

	try {
		const separator = path.includes('?') ? '&' : '?';
		return await collect(pool.pages({url: `${path}${separator}pagelen=${pageLength}`, ...about}));
	} catch (error) {
		if (!(error instanceof RequestFailed && error.reason === 'bad-request')) {
			throw error;
		}

		// Some lists take shorter pages only, and say so with 400; the default is right for all of them.
		return collect(pool.pages({url: path, ...about}));
	}
}

async function collect(pages: AsyncIterable<unknown>): Promise<readonly unknown[]> {
	const values: unknown[] = [];
	for await (const value of pages) {
		values.push(value);
	}

	return values;
}
