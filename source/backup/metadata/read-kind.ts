import type {AccountPool, PoolRequest} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {listFile} from './list-file.ts';
import {addressOf, type MetadataKind, type Names} from './metadata-kind.ts';

/** What came of asking for one kind of data. */
export type Reading =
	/** As it is kept: the exact bytes of the answer, or of a list's elements. */
	| {readonly kind: 'read'; readonly contents: Buffer}
	/** Bitbucket has it not: never set, or removed for good. */
	| {readonly kind: 'absent'}
	/** It may be there, and could not be read. */
	| {readonly kind: 'unreadable'; readonly problem: string};

/**
Reads one object, a whole list, or a body.

@throws the pool's abort reason, and RequestFailed when no account is left: then nothing more can be read at all.
*/
export async function readKind(pool: AccountPool, kind: MetadataKind, names: Names): Promise<Reading> {
	try {
		return {kind: 'read', contents: await read(pool, kind, names)};
	} catch (error) {
		return failedReading(kind, error);
	}
}

/**
What it means that a kind of data could not be asked for.

@throws the error where it says that nothing more can be read, or has nothing to do with reading.
*/
export function failedReading(
	kind: Pick<MetadataKind, 'label' | 'scope'>,
	error: unknown,
): Exclude<Reading, {readonly kind: 'read'}> {
	if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
		throw error;
	}

	return error.reason === 'not-found' || error.reason === 'gone'
		? {kind: 'absent'}
		: {kind: 'unreadable', problem: problemOf(kind, error)};
}

/** A kind's endpoint as a request of the pool. */
export function requestFor(kind: MetadataKind, names: Names): PoolRequest {
	const {of, only} = kind;
	const {repository} = names;
	// Of many repositories or projects at the same moment; of all else the list was asked for before, with the same scope.
	const firstAlone = of === 'repository' || of === 'project';
	return {
		url: addressOf(kind, names),
		...(repository === undefined ? {} : {repository}),
		...(only === undefined ? {} : {only}),
		...(firstAlone ? {firstAlone} : {}),
	};
}

/** The same with as many elements a page as Bitbucket gives. */
export function requestForPages(kind: MetadataKind, names: Names): PoolRequest {
	const request = requestFor(kind, names);
	const separator = request.url.includes('?') ? '&' : '?';
	return {...request, url: `${request.url}${separator}pagelen=${kind.pageLength ?? 100}`};
}

/** One sentence, the same for every repository and whoever asked, where it is a scope that is missing. */
function problemOf({label, scope}: Pick<MetadataKind, 'label' | 'scope'>, error: RequestFailed): string {
	if (error.reason !== 'forbidden') {
		return `${label} could not be read: ${error.message}`;
	}

	return error.missingScopes.length > 0
		? `${label} could not be read: no account in use has the scope ${scope}`
		: `${label} could not be read: no account in use may (it takes the scope ${scope} and the permission)`;
}

async function read(pool: AccountPool, kind: MetadataKind, names: Names): Promise<Buffer> {
	const request = requestFor(kind, names);
	switch (kind.shape) {
		case 'single':
			return (await pool.get(request)).body;
		case 'bytes':
			return (await pool.get({...request, accept: 'text/plain, */*'})).body;
		case 'list':
			try {
				return await collect(pool, requestForPages(kind, names));
			} catch (error) {
				if (!(error instanceof RequestFailed && error.reason === 'bad-request')) {
					throw error;
				}

				// Some lists take shorter pages only, and say so with 400; the default is right for all of them.
				return collect(pool, request);
			}
	}
}

async function collect(pool: AccountPool, request: PoolRequest): Promise<Buffer> {
	const elements: Buffer[] = [];
	for await (const page of pool.listPages(request)) {
		elements.push(...page.elements.map(({raw}) => raw));
	}

	return listFile(elements);
}
