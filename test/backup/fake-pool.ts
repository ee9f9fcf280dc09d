import type {AccountPool, ListPage, PoolAnswer, PoolRequest} from '../../source/accounts/pool-types.ts';
import {RequestFailed} from '../../source/bitbucket/failures.ts';
import {elementsOfPage} from '../../source/bitbucket/list-elements.ts';

import {gitUser} from './git-server.ts';

/** What a fake answers to a path below the API: a value, or the reason why there is none. */
export type FakeAnswers = (path: string) => unknown;

export type FakePool = AccountPool & {
	/** Paths that were asked for, oldest first. */
	readonly asked: string[];
	/** HTTP requests that git was charged with. */
	readonly charged: () => number;
};

export function fakeFailure(
	reason: RequestFailed['reason'],
	status: number,
	missingScopes: string[] = [],
): RequestFailed {
	return new RequestFailed(`Bitbucket said ${status}`, {
		reason,
		status,
		url: 'http://127.0.0.1/2.0',
		missingScopes,
	});
}

export const notFound = fakeFailure('not-found', 404);

/** A pool of one account whose REST answers a test makes up, and whose Git goes to a real server. */
export function createFakePool(options: {readonly origin: string; readonly answers?: FakeAnswers}): FakePool {
	const asked: string[] = [];
	let charged = 0;
	const answer = (request: PoolRequest): unknown => {
		asked.push(request.url);
		const value = (options.answers ?? (() => notFound))(request.url);
		if (value instanceof Error) {
			throw value;
		}

		return value;
	};

	return {
		asked,
		charged: () => charged,
		get: async request => {
			const value = answer(request);
			const body = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
			const json = (): unknown => (Buffer.isBuffer(value) ? JSON.parse(value.toString()) : value);
			return {status: 200, headers: {}, body, json, account: 'a'} satisfies PoolAnswer;
		},
		async *pages(request) {
			yield* answer(request) as unknown[];
		},
		async *listPages(request) {
			const answered = answer(request);
			if (!Buffer.isBuffer(answered) && !Array.isArray(answered) && isIterable(answered)) {
				// Made while it is read: no more than a page of it is there at a time.
				for (const element of answered) {
					yield pageOf(Buffer.from(JSON.stringify({values: [element]})));
				}

				return;
			}

			// What is no list of values is a whole answer, byte for byte.
			yield pageOf(
				Buffer.isBuffer(answered)
					? answered
					: Buffer.from(JSON.stringify({values: answered, size: (answered as unknown[]).length})),
			);
		},
		download: async (request, {open}) => {
			const value = answer(request) as Buffer;
			const target = open(0, undefined);
			await new Promise<void>((resolve, reject) => {
				target.on('error', reject);
				target.on('finish', resolve);
				target.end(value);
			});
			return {bytes: value.length};
		},
		withGit: async ({requests}, attempt) => {
			charged += requests;
			return attempt({id: 'a', label: 'primary', signIn: {origin: options.origin, ...gitUser}});
		},
		accounts: () => [],
		supplies: () => [],
		requestsOf: () => ({}),
		totals: () => [],
		close: () => undefined,
	};
}

function pageOf(body: Buffer): ListPage {
	const {values, size} = JSON.parse(body.toString()) as {values: unknown[]; size?: number};
	return {elements: elementsOfPage(body, values) ?? [], size};
}

function isIterable(value: unknown): value is Iterable<unknown> {
	return typeof (value as Iterable<unknown> | undefined)?.[Symbol.iterator] === 'function';
}
