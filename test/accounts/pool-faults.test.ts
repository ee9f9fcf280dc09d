import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {apiUrl, createBench, opened, type Told} from './fake-bitbucket.ts';

/*
Everything that can go wrong with one answer, in any order: a list is read to its end all the same, each of its elements
once and in its place, and no page that was answered is asked for again.
*/

const faults: Readonly<Record<string, Told>> = {
	'too many': {status: 429},
	'too many, with a time': {status: 429, headers: {'retry-after': '2'}},
	'server error': {status: 500},
	'in maintenance': {status: 503, body: '<html>maintenance</html>'},
	'took too long': {status: 555},
	'a page for people': {status: 200, body: '<!doctype html><title>Bitbucket</title>'},
	'cut short': {status: 200, body: '{"values":[1,'},
	reset: 'reset',
};

const accounts = ['a', 'b', 'c'] as const;
const pages = 6;

function page(number: number): Told {
	const next =
		number < pages ? {next: `${apiUrl}/repositories/acme/web/pullrequests?page=${number + 1}`} : {};
	return {status: 200, body: {values: [number * 10, number * 10 + 1], ...next}};
}

test('pool: whatever goes wrong, a list arrives whole, in order, and no answered page is asked for again', async () => {
	const fault = fc.record({
		/** Before which answer it happens. */
		at: fc.integer({min: 1, max: 14}),
		kind: fc.constantFrom(...Object.keys(faults)),
	});
	await fc.assert(
		fc.asyncProperty(
			// A request is given up after five failures of Bitbucket's: there are fewer.
			fc.uniqueArray(fault, {selector: ({at}) => at, maxLength: 4}),
			fc.subarray([...accounts], {maxLength: 2}),
			fc.integer({min: 1, max: 12}),
			fc.constantFrom(undefined, 403, 404),
			async (planned, revoked, revokedFrom, refusal) => {
				const answered: number[] = [];
				// One of those that stay lets nobody near the repository; another one does.
				const [blind] = revoked.length === 2 ? [] : accounts.filter(label => !revoked.includes(label));
				const {pool, finish} = await createBench({
					credentials: accounts.map(label => opened(label)),
					answer: ({who, url}, count) => {
						if (count >= revokedFrom && revoked.some(label => label === who)) {
							return {status: 401};
						}

						if (who === blind && refusal !== undefined) {
							return {status: refusal};
						}

						const kind = planned.find(({at}) => at === count)?.kind;
						const told = kind === undefined ? undefined : faults[kind];
						if (told !== undefined) {
							return told;
						}

						const number = Number(new URL(url).searchParams.get('page') ?? 1);
						if (url.includes('/pullrequests')) {
							answered.push(number);
						}

						return page(number);
					},
				});
				const list = Array.fromAsync(
					pool.pages({url: '/repositories/acme/web/pullrequests', repository: 'web'}),
				);
				const expected = Array.from({length: pages}, (_, index) => index + 1);
				assert.deepEqual(
					await finish(list),
					expected.flatMap(number => [number * 10, number * 10 + 1]),
				);
				assert.deepEqual(answered, expected);
			},
		),
		{numRuns: 60},
	);
});
